// An answer as DOM nodes. Everything from the server goes in as text; links are http(s) only.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 5h16v11H9l-5 4z", close: "M6 6l12 12M18 6L6 18", fresh: "M12 5v14M5 12h14", grip: "M4 12L12 4M4 20L20 4",
  up: "M7 11v9H4v-9zM7 11l4-8c2 0 2.500 1.500 2 3l-1 4h6c1.500 0 2 1 1.700 2.300l-1.500 6c-.2.900-.900 1.700-2 1.700H7",
  down: "M7 13V4H4v9zM7 13l4 8c2 0 2.500-1.500 2-3l-1-4h6c1.500 0 2-1 1.700-2.300l-1.500-6C18 4.800 17.300 4 16.200 4H7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1", send: "M5 12h13M12 6l6 6-6 6", stop: "M7 7h10v10H7z",
};
const MARKER = /\[(\d{1,3})\]/g;
let serial = 0;

/** An element: `props` are attributes, but `text` is its text and functions are listeners. */
function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** The address if a reader may follow it: http and https only. */
function webAddress(text) {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The stable address of a passage: the article's page with the words marked. */
function passageAddress(base, at) {
  return `${base}articles/${encodeURIComponent(at.article_id)}?start=${Number(at.start)}&end=${Number(at.end)}`;
}

function outLink(words, address, text) {
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", dir: "auto", text },
    h("span", { class: "sr", text: ` (${words.tab})` }));
}

/** The body of an answer. `opened(citation)` is told when a reader opens a source. */
function answerNode(answer, { words, base, opened }) {
  const refused = answer.status === "not_in_corpus";
  const body = h("div", { class: `answer ${refused ? "silence" : ""}` });
  const cards = new Map();
  const list = h("ol", { class: "sources" });
  for (const citation of answer.citations || []) {
    const card = sourceNode(citation, { words, base, opened });
    cards.set(citation.n, card);
    list.append(card.item);
  }
  const doubtful = new Set(unverified(answer));
  const text = (refused && !words.english && words[answer.reason]) || answer.text;
  body.append(...paragraphs(text, cards, doubtful, words), ...warnings(answer, words).map(note));
  if (doubtful.size) { // not word for word in the text above
    body.append(h("h4", { class: "warn", text: words.unverified }),
      h("ul", {}, ...[...doubtful].map((claim) => h("li", { dir: "auto", text: claim }))));
  }
  if (cards.size) body.append(h("h4", { text: words.sources }), list);
  if (answer.related?.length) body.append(relatedNode(answer.related, words, base));
  return body;
}

/** The statements that no article was found to bear out. */
function unverified(answer) {
  return (answer.claims || []).filter((claim) => claim.support === "unverified").map((claim) => claim.text);
}

/** What a reader must know of the answer as a whole: words of ours, and what the server tells, in English. */
function warnings(answer, words) {
  return [
    answer.status === "incomplete" && [words.incomplete, answer.reason || ""],
    answer.verdict === "disputed" && [words.disputed, ""],
    answer.notice && ["", answer.notice],
  ].filter(Boolean);
}

function note([own, told]) {
  if (!own) return h("p", { class: "note warn", lang: "en", dir: "auto", text: told });
  return h("p", { class: "note warn", dir: "auto" }, own, " ", h("span", { lang: "en", dir: "auto", text: told }));
}

/** The same for the ear and the clipboard, with the statements that are not borne out. */
function cautions(answer, words) {
  return [...warnings(answer, words).map((pair) => pair.join(" ").trim()),
    ...unverified(answer).map((claim) => `${words.unverified}: ${claim}`)];
}

/** Text with a button for each marker that has a source; any other marker stays plain text. */
function paragraphs(text, cards, doubtful, words) {
  return text.trim().split(/\n\s*\n/).filter(Boolean).map((block) => {
    const p = h("p", { dir: "auto" });
    let last = 0;
    for (const match of block.matchAll(MARKER)) {
      const card = cards.get(Number(match[1]));
      if (!card) continue;
      putText(p, block.slice(last, match.index), doubtful, words);
      p.append(h("button", {
        class: "marker", type: "button", text: match[1],
        "aria-label": words.fill("source", { n: match[1], t: card.citation.title }),
        click: (event) => card.open(event.currentTarget),
      }));
      last = match.index + match[0].length;
    }
    putText(p, block.slice(last), doubtful, words);
    return p;
  });
}

/** Text into `p`, each doubtful statement in it followed by the words that say so, and struck off the set. */
function putText(p, text, doubtful, words) {
  for (const claim of doubtful) {
    const at = text.indexOf(claim);
    if (!claim || at < 0) continue;
    doubtful.delete(claim);
    putText(p, text.slice(0, at), doubtful, words);
    p.append(h("span", { class: "doubt", text: claim }), " ",
      h("span", { class: "note warn", dir: "auto", text: `(${words.unverified})` }));
    putText(p, text.slice(at + claim.length), doubtful, words);
    return;
  }
  p.append(text);
}

/** A source: a line that opens to the quote, who said it, where else it stands, and the way to the place. */
function sourceNode(citation, { words, base, opened }) {
  const id = `q${(serial += 1)}`;
  let from = null;
  const facts = [citation.source, words.date(citation.published)].filter(Boolean).join(" · ");
  const original = webAddress(citation.url);
  const also = (citation.also_in || []).map((a) => [a.title, a.source].filter(Boolean).join(", ")).join("; ");
  // What "on Tuesday" in the quote means: beside it, its own words stay as they are.
  const days = (citation.days || []).map((day) => `${day.words}: ${words.date(day.date)}`).join("; ");
  const said = [citation.speaker, citation.said_on && words.date(citation.said_on)].filter(Boolean).join(", ");
  const card = h("div", { class: "card", id, hidden: true, tabindex: "-1" },
    citation.speaker ? h("p", { class: "speaker", dir: "auto", text: words.fill("says", { s: said }) }) : null,
    h("blockquote", { dir: "auto", text: citation.quote }),
    days ? h("p", { class: "note", dir: "auto", text: days }) : null,
    also ? h("p", { class: "note", dir: "auto", text: `${words.also}: ${also}` }) : null,
    h("p", { class: "ways" }, outLink(words, passageAddress(base, citation), words.read),
      original ? outLink(words, original, words.original) : null));
  const head = h("button", { type: "button", class: "source", "aria-expanded": "false", "aria-controls": id },
    h("span", { class: "n", text: citation.n }),
    h("span", { dir: "auto" }, h("b", { text: citation.title }), h("span", { class: "facts", text: ` · ${facts}` })));
  const show = (open) => {
    card.hidden = !open;
    head.setAttribute("aria-expanded", String(open));
    if (open) opened(citation);
  };
  head.addEventListener("click", () => show(card.hidden));
  const item = h("li", {}, head, card);
  item.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    event.stopPropagation(); // closes the card, not the panel
    show(false);
    (from?.isConnected ? from : head).focus();
  });
  const open = (marker) => {
    from = marker;
    show(true);
    card.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };
  return { item, citation, open };
}

function relatedNode(related, words, base) {
  return h("div", { class: "related" }, h("h4", { text: words.related }),
    h("ul", {}, ...related.map((r) => h("li", {}, outLink(words, passageAddress(base, r), r.title),
      h("span", { class: "facts", dir: "auto", text: r.quote })))));
}

/** The answer as plain text with its sources, for the clipboard. */
function answerText(question, answer, { words, base }) {
  const sources = (answer.citations || []).map((c) => {
    const facts = [c.title, c.source, words.date(c.published)].filter(Boolean).join(", ");
    return `[${c.n}] ${facts}\n“${c.quote}”\n${passageAddress(base, c)}`;
  });
  return [question, answer.text, ...cautions(answer, words), ...sources].join("\n\n");
}

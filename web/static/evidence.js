// The evidence pane: the article behind a citation, its passage marked and scrolled to.
// Builds the page from text nodes only: an article's text, title or source can never become markup.
"use strict";
(() => {
  const PLACE = "dl-evidence-place";
  let pane = null;
  let opener = null; // the link that opened the pane: focus goes back to it
  let latest = 0; // only the newest of several quick clicks is shown

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function button(label, className, action) {
    const node = element("button", className, label);
    node.type = "button";
    node.addEventListener("click", action);
    return node;
  }

  function ensurePane() {
    if (pane && pane.isConnected) return pane;
    pane = element("aside", "dl-pane");
    pane.id = "dl-evidence";
    pane.setAttribute("aria-label", "Evidence");
    document.getElementById(PLACE).parentElement.append(pane);
    return pane;
  }

  // Where a link points: the article's id and the passage, in code points.
  function target(link) {
    const url = new URL(link.href);
    const id = url.pathname.replace(/^\/articles\//, "");
    return {
      id,
      start: Number(url.searchParams.get("start")),
      end: Number(url.searchParams.get("end")),
      address: url.href,
      related: link.classList.contains("dl-related-link"),
      days: daysOf(link),
    };
  }

  // What "on Tuesday" in the passage means, as the list of sources says it.
  function daysOf(link) {
    const box = link.closest(".dl-box");
    const sources = box ? Array.from(box.querySelectorAll("a.dl-source")) : [];
    const source = sources.find((one) => one.getAttribute("href") === link.getAttribute("href"));
    const days = source ? source.closest("li").querySelector(".dl-days") : null;
    return days ? days.textContent : "";
  }

  async function open(link) {
    const wanted = target(link);
    const turn = ++latest;
    opener = link;
    document.body.classList.add("dl-evidence-open");
    for (const other of document.querySelectorAll(".dl-current")) other.classList.remove("dl-current");
    link.classList.add("dl-current");
    const box = ensurePane();
    box.setAttribute("aria-busy", "true");
    let article = null;
    let problem = "";
    try {
      const response = await fetch(`/api/articles/${wanted.id}`, { headers: { Accept: "application/json" } });
      const body = await response.json();
      if (response.ok) article = body;
      else problem = body.error ? body.error.message : "The article could not be read.";
    } catch {
      problem = "The article could not be fetched. Is the server still running?";
    }
    if (turn !== latest) return;
    box.removeAttribute("aria-busy");
    box.classList.toggle("dl-pane-related", wanted.related);
    box.replaceChildren(...(article ? whole(article, wanted) : failed(problem)));
    const heading = box.querySelector("h2");
    heading.focus({ preventScroll: true });
    const mark = box.querySelector("mark");
    (mark || heading).scrollIntoView({ block: "center" });
  }

  function top(kind) {
    const bar = element("div", "dl-pane-bar");
    bar.append(element("span", "dl-pane-kind", kind), button("Close", "dl-pane-close", close));
    return bar;
  }

  function title(text) {
    const heading = element("h2", "", text);
    heading.tabIndex = -1;
    return heading;
  }

  function failed(problem) {
    return [top("Evidence"), title("No article to show"), element("p", "dl-pane-byline", problem)];
  }

  function whole(article, wanted) {
    const byline = element("p", "dl-pane-byline");
    const parts = [article.source, article.author, longDate(article.published)].filter(Boolean);
    byline.textContent = parts.join(" · ");
    const text = element("div", "dl-pane-text");
    text.tabIndex = 0; // scrollable, so reachable by keyboard
    text.setAttribute("role", "region");
    text.setAttribute("aria-label", "Article text");
    text.append(...marked(article.text, wanted));
    return [
      top(wanted.related ? "Related, not evidence" : "Evidence"),
      title(article.title),
      byline,
      ...(wanted.days ? [element("p", "dl-pane-byline dl-pane-days", `In the passage, ${wanted.days}`)] : []),
      addressRow(article, wanted),
      text,
    ];
  }

  function marked(text, { start, end }) {
    const points = Array.from(text); // offsets count code points, JavaScript's strings do not
    const slice = (from, to) => points.slice(from, to).join("");
    const valid = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end;
    if (!valid) return [text];
    return [slice(0, start), element("mark", "", slice(start, end)), slice(end)];
  }

  function addressRow(article, wanted) {
    const row = element("div", "dl-pane-address");
    const page = element("a", "", "Open page");
    page.href = wanted.address;
    page.target = "_blank";
    page.rel = "noopener";
    const said = element("span", "dl-pane-said");
    said.setAttribute("role", "status");
    const copy = button("Copy address", "dl-pane-copy", async () => {
      said.textContent = (await copyText(wanted.address)) ? "Copied" : wanted.address;
    });
    row.append(copy, page);
    if (/^https?:\/\//i.test(article.url || "")) {
      const original = element("a", "", "Original");
      original.href = article.url;
      original.target = "_blank";
      original.rel = "noopener noreferrer nofollow";
      row.append(original);
    }
    row.append(said);
    return row;
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; // no permission, or no secure context: the address is shown to copy by hand
    }
  }

  function longDate(iso) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(iso || "")) return iso || "undated";
    const [year, month, day] = iso.split("-").map(Number);
    const date = new Date(Date.UTC(year, month - 1, day));
    return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  function close() {
    latest++;
    document.body.classList.remove("dl-evidence-open");
    if (pane) pane.replaceChildren();
    if (!opener) return;
    opener.classList.remove("dl-current");
    // The conversation may have been drawn anew since: then the same address is the same link.
    const address = opener.getAttribute("href");
    const again = Array.from(document.querySelectorAll("a.dl-cite, a.dl-source, a.dl-related-link"));
    const back = opener.isConnected ? opener : again.find((link) => link.getAttribute("href") === address);
    (back || document.querySelector("#dl-box textarea")).focus();
    opener = null;
  }

  const isOpen = () => document.body.classList.contains("dl-evidence-open");

  window.datelineEvidence = { open, close, isOpen };
})();

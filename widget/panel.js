// The panel: the conversation, the question box, keyboard and screen reader behaviour.
// Knows nothing of where it stands in the page (element.js does) nor of HTTP (client.js does).
const HISTORY_TURNS = 6;

class Panel {
  constructor({ words, base, client, settings, emit, close }) {
    Object.assign(this, { words, base, client, settings, emit, close });
    this.turns = []; // {question, answer} of whole answers only
    this.running = null;
    this.#build();
    this.#restore();
    if (!this.turns.length) this.#welcome();
  }

  // What others call

  focus() {
    this.box.focus();
  }

  /** Asks; resolves with the answer object, or null if it was stopped or failed (the reader is told). */
  async ask(question) {
    question = question.trim();
    if (!question) return null;
    this.stop();
    this.intro?.remove();
    const turn = this.#turn(question);
    const run = (this.running = { abort: new AbortController(), turn });
    this.box.value = "";
    this.#busy(true);
    try {
      const answer = await this.#streamed(question, turn, run.abort.signal);
      this.turns.push({ question, answer });
      this.#keep();
      this.#finish(turn, question, answer);
      const done = answer.status === "incomplete" ? [] : [this.words.fill("done", { n: (answer.citations || []).length })];
      this.#say([...done, ...cautions(answer, this.words)].join(" "));
      this.emit("answer", { question, answer });
      return answer;
    } catch (error) {
      this.#failed(turn, question, error, run.abort.signal.aborted);
      return null;
    } finally {
      if (this.running === run) {
        this.running = null;
        this.#busy(false);
      }
    }
  }

  stop() {
    this.running?.abort.abort();
  }

  clear() {
    this.stop();
    this.turns = [];
    this.#keep();
    this.log.replaceChildren();
    this.#welcome();
    this.focus();
  }

  // Building

  #build() {
    const { words, settings } = this;
    const button = (name, label, click) =>
      h("button", { type: "button", class: "tool", "aria-label": label, title: label, click }, icon(name));
    this.live = h("div", { class: "sr", role: "log", "aria-live": "polite", "aria-atomic": "false" });
    this.log = h("div", { class: "log", tabindex: "0", role: "region", "aria-label": words.log });
    this.box = h("textarea", {
      rows: "1", "aria-label": words.label, placeholder: words.placeholder, dir: "auto", enterkeyhint: "send",
      maxlength: "2000", input: () => this.#grow(), keydown: (event) => this.#typed(event),
    });
    this.send = h("button", { type: "submit", class: "send" });
    const form = h("form", { submit: (event) => this.#submitted(event) }, this.box, this.send);
    const header = h("header", {}, h("h2", { id: "title", dir: "auto", text: settings.title }),
      button("fresh", words.fresh, () => this.clear()),
      settings.inline ? null : button("close", words.close, () => this.close()));
    const role = settings.inline ? { role: "region" } : { role: "dialog", "aria-modal": "true" };
    this.node = h("section", { class: "panel", "aria-labelledby": "title", ...role,
      keydown: (event) => this.#key(event) }, header, this.log, form, this.live);
    if (!settings.inline) this.node.append(gripNode(this.node, words.resize, settings.position));
    this.#busy(false);
  }

  #welcome() {
    const { words, settings } = this;
    this.intro = h("div", { class: "intro" }, h("p", { text: words.intro }));
    if (settings.examples.length) {
      this.intro.append(h("h3", { text: words.examples }), h("ul", {}, ...settings.examples.map((text) =>
        h("li", {}, h("button", { type: "button", class: "example", dir: "auto", text, click: () => this.#example(text) })))));
    }
    this.log.append(this.intro);
  }

  #example(text) {
    this.focus(); // the example is gone in a moment, and with it the focus
    this.ask(text);
  }

  #turn(question) {
    const title = h("h3", { class: "question" }, h("span", { class: "sr", text: `${this.words.asked} ` }),
      h("span", { class: "asked", dir: "auto", text: question }));
    const body = h("div", { class: "answer" });
    const node = h("div", { class: "turn" }, title, body);
    this.log.append(node);
    this.log.scrollTop = this.log.scrollHeight;
    return { node, body };
  }

  // One answer

  async #streamed(question, turn, signal) {
    const { words } = this;
    const text = h("p", { class: "stream", dir: "auto" });
    const progress = h("p", { class: "note", text: words.searching });
    const unchecked = h("p", { class: "note", dir: "auto", text: words.unchecked });
    turn.body.replaceChildren(progress);
    this.#say(words.searching);
    let unsaid = "";
    let shown = "";
    const on = {
      passages: (found) => { progress.textContent = words.fill("reading", { n: found.length }); },
      reset: () => {
        text.textContent = unsaid = shown = "";
        unchecked.remove();
      },
      delta: ({ text: piece, checked }) => {
        if (!piece) return; // work goes on
        if (!text.isConnected) turn.body.replaceChildren(text);
        const warns = checked === false && !unchecked.isConnected;
        if (warns) this.#say(words.unchecked); // before the words that it is about
        shown += piece; // without markers: what they lead to is checked with the whole answer
        this.#following(turn, () => {
          text.textContent = shown.replace(MARKER, "");
          if (warns) turn.body.append(unchecked);
        });
        unsaid += piece;
        const end = unsaid.search(/[.!?؟。](\s*\[\d+\])*\s*$/);
        if (end >= 0) unsaid = this.#say(unsaid.replace(MARKER, "")) || ""; // whole sentences, not syllables
      },
    };
    const history = this.turns.slice(-HISTORY_TURNS).map((t) => [t.question, t.answer.text.slice(0, 4000)]);
    const filters = this.settings.filters;
    const answer = await this.client.ask({ question, history, ...(filters && { filters }) }, on, signal);
    const flat = (words) => words.replace(MARKER, "").replace(/\s+/g, "");
    if (flat(shown) !== flat(answer.text)) unsaid = answer.text; // the check left something out
    if (unsaid) this.#say(unsaid.replace(MARKER, ""));
    return answer;
  }

  #finish(turn, question, answer) {
    const { words, base } = this;
    const opened = (citation) => this.emit("citation", { question, citation });
    const body = answerNode(answer, { words, base, opened });
    this.#following(turn, () => {
      turn.body.replaceWith(body);
      if (answer.status === "incomplete") turn.node.append(this.#retry(turn, question, answer));
      turn.node.append(this.#actions(question, answer));
    });
  }

  #retry(turn, question, answer) {
    return h("button", { type: "button", class: "plain", text: this.words.retry, click: () => {
      this.turns = this.turns.filter((other) => other.answer !== answer);
      turn.node.remove();
      this.focus();
      this.ask(question);
    } });
  }

  #failed(turn, question, error, stopped) {
    const { words } = this;
    if (stopped || error.name === "AbortError") {
      if (!turn.body.querySelector(".stream")) turn.body.replaceChildren();
      turn.body.append(h("p", { class: "note", text: words.stopped }));
      this.#say(words.stopped);
      return;
    }
    const kind = error instanceof Problem ? error.kind : "failed";
    const told = kind === "told" ? error.message : words.fill(kind, { n: error.seconds });
    turn.body.replaceChildren(note(kind === "told" ? ["", told] : [told, ""]), this.#retry(turn, question));
    this.#say(told);
    if (!(error instanceof Problem)) console.error("Dateline:", error);
  }

  #actions(question, answer) {
    const { words } = this;
    const said = h("span", { class: "note", role: "status" });
    const given = { question, answer, sending: false }; // and the receipt of what was sent: one rating an answer
    const thumbs = [["up", words.good], ["down", words.bad]].map(([rating, label]) =>
      h("button", { type: "button", class: "tool", "aria-label": label, title: label, "aria-pressed": "false",
        click: (event) => this.#rate(given, rating, event.currentTarget, thumbs, said) }, icon(rating)));
    const copy = h("button", { type: "button", class: "tool", "aria-label": words.copy, title: words.copy,
      click: async () => { said.textContent = (await copied(answerText(question, answer, this), this.node)) ? words.copied : words.uncopied; },
    }, icon("copy"));
    return h("div", { class: "actions" }, ...thumbs, copy, said);
  }

  async #rate(given, rating, pressed, thumbs, said) {
    if (given.sending) return;
    given.sending = true;
    const feedback = { question: given.question, answer: given.answer, rating };
    try {
      given.receipt = await this.client.feedback({ ...feedback, receipt: given.receipt });
      for (const thumb of thumbs) thumb.setAttribute("aria-pressed", String(thumb === pressed));
      said.textContent = this.words.thanks;
      this.emit("feedback", feedback);
    } catch {
      said.textContent = this.words.unkept;
    } finally {
      given.sending = false;
    }
  }

  // Keyboard, screen reader, scrolling

  #key(event) {
    if (this.settings.inline) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab") {
      const all = [...this.node.querySelectorAll("a[href], button, textarea, [tabindex='0']")]
        .filter((node) => !node.disabled && node.getClientRects().length);
      const active = this.node.getRootNode().activeElement;
      const [edge, next] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
      if (active === edge) {
        event.preventDefault();
        next.focus();
      }
    }
  }

  #typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.ask(this.box.value);
    }
  }

  #submitted(event) {
    event.preventDefault();
    if (this.running) this.stop();
    else this.ask(this.box.value);
    this.focus();
  }

  #busy(on) {
    const label = on ? this.words.stop : this.words.send;
    this.send.setAttribute("aria-label", label);
    this.send.title = label;
    this.send.replaceChildren(icon(on ? "stop" : "send"));
    this.log.setAttribute("aria-busy", String(on));
    this.#grow();
  }

  #grow() {
    this.box.style.height = "auto";
    if (this.box.scrollHeight) this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 140)}px`;
  }

  /** Tells a screen reader, politely; what was told before is dropped after a while. */
  #say(text) {
    if (this.live.childElementCount > 20) this.live.firstElementChild.remove();
    this.live.append(h("p", { dir: "auto", text }));
  }

  /** Follows the growing answer, but never past its question, nor when the reader has scrolled up. */
  #following(turn, change) {
    const { log } = this;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    change();
    if (atEnd) log.scrollTop = Math.min(log.scrollHeight, turn.node.offsetTop);
  }

  // The conversation within this tab, if the site asked for it

  #keep() {
    if (!this.settings.store) return;
    try {
      sessionStorage.setItem(this.settings.store, JSON.stringify(this.turns.slice(-HISTORY_TURNS)));
    } catch { // full, or forbidden: the conversation lives in memory alone
    }
  }

  #restore() {
    try {
      const kept = this.settings.store && JSON.parse(sessionStorage.getItem(this.settings.store));
      for (const { question, answer } of kept || []) {
        this.#finish(this.#turn(question), question, answer);
        this.turns.push({ question, answer });
      }
    } catch { // forbidden, or not ours: begin anew
      this.turns = [];
      this.log.replaceChildren();
    }
  }
}

// <dateline-chat>: a launcher with a panel, or with the attribute `inline` the panel alone. Draws into a
// shadow root with a constructed stylesheet, so a host's strict Content-Security-Policy has nothing to refuse.
let sheet = null;

class DatelineChat extends HTMLElement {
  #root = null;
  #panel = null;
  #back = null;

  connectedCallback() {
    if (this.#root) return; // moved in the page
    sheet ||= new CSSStyleSheet();
    if (!sheet.cssRules.length) sheet.replaceSync(WIDGET_CSS);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    const settings = (this.settings = settingsOf(this));
    this.#root = h("div", {
      class: "root", dir: settings.words.dir, lang: settings.words.lang, "data-theme": settings.theme,
      "data-position": settings.position, "data-inline": settings.inline,
    });
    shadow.append(this.#root);
    const probe = h("span");
    this.#root.append(probe);
    for (const [name, value] of Object.entries(accentProperties(settings.accent, probe))) {
      this.#root.style.setProperty(name, value);
    }
    probe.remove();
    if (settings.inline) this.#make();
    else if (settings.launcher) this.#launcher();
  }

  /** Opens the panel; with a question it is put into the box, and asked if `submit`. */
  open({ question = "", submit = false } = {}) {
    this.#make();
    const panel = this.#panel.node;
    if (!this.settings.inline && panel.hidden) {
      this.#back = deepActive();
      panel.hidden = false;
      if (this.launcher) this.launcher.hidden = true;
    }
    this.#panel.focus();
    if (!question) return Promise.resolve(null);
    this.#panel.box.value = question;
    return submit ? this.#panel.ask(question) : Promise.resolve(null);
  }

  close() {
    if (!this.#panel || this.settings.inline || this.#panel.node.hidden) return;
    this.#panel.node.hidden = true;
    if (this.launcher) this.launcher.hidden = false;
    const back = this.#back?.isConnected && this.#back !== document.body ? this.#back : this.launcher;
    back?.focus();
  }

  ask(question) {
    return this.open({ question: String(question), submit: true });
  }

  #launcher() {
    const { words, title } = this.settings;
    this.launcher = h("button", {
      type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-label": words.fill("open", { t: title }),
      click: () => this.open(),
    }, icon("chat"), h("span", { dir: "auto", text: title }));
    this.#root.append(this.launcher);
  }

  /** Made when it is first needed: a page whose readers never ask pays for the launcher alone. */
  #make() {
    if (this.#panel) return;
    const { words, base, ticket } = this.settings;
    this.#panel = new Panel({
      words, base, client: new Client(base, ticket), settings: this.settings, close: () => this.close(),
      emit: (name, detail) => this.dispatchEvent(
        new CustomEvent(`dateline:${name}`, { bubbles: true, composed: true, detail: structuredClone(detail) })),
    });
    this.#panel.node.hidden = !this.settings.inline;
    this.#root.append(this.#panel.node);
  }
}

function deepActive() {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

/** What the element's `data-` attributes ask for; those it lacks come from the script tag. */
function settingsOf(element) {
  const data = { ...TAG.data, ...element.dataset };
  const words = wordsOf(data.lang || document.documentElement.lang || navigator.language || "en", GIVEN.strings);
  const list = (text) => (text || "").split("|").map((part) => part.trim()).filter(Boolean);
  const filters = { ...(data.after && { after: data.after }), ...(data.before && { before: data.before }),
    ...(data.sources && { sources: list(data.sources) }) };
  const base = data.server ? new URL(data.server.replace(/\/*$/, "/"), document.baseURI).href : TAG.base;
  return {
    words, base, title: data.title || words.title, accent: data.accent, examples: list(data.examples),
    position: data.position === "left" ? "left" : "right", inline: element.hasAttribute("inline"),
    theme: ["light", "dark"].includes(data.theme) ? data.theme : "auto", launcher: data.launcher !== "none",
    store: data.store === "session" ? `dateline:${base}` : null,
    filters: Object.keys(filters).length ? filters : null,
    ticket: GIVEN.ticket || (data.ticketUrl ? () => fetchTicket(data.ticketUrl) : null),
  };
}

/** A ticket from the site's own address: it knows its readers, and may use its own cookies to. */
async function fetchTicket(address) {
  const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!response.ok) throw new Problem("denied");
  const text = (await response.text()).trim();
  return text.startsWith("{") ? JSON.parse(text).ticket : text;
}

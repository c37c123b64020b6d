// Defines the element, puts one into the page for the script tag, and gives the page `window.Dateline`.
function start() {
  if (customElements.get("dateline-chat")) return; // the tag stands twice in the page
  customElements.define("dateline-chat", DatelineChat);
  let made = null;
  const first = () => made || document.querySelector("dateline-chat");
  window.Dateline = {
    ...GIVEN,
    open: (options) => first()?.open(options) ?? Promise.resolve(null),
    close: () => first()?.close(),
    ask: (question) => first()?.ask(question) ?? Promise.resolve(null),
  };
  const draw = () => {
    if (TAG.data.launcher === "none" && document.querySelector("dateline-chat")) return;
    made = document.createElement("dateline-chat");
    document.body.append(made);
  };
  if (!TAG.base) return; // loaded as part of a bundle: the page puts <dateline-chat data-server=…> itself
  if (document.body) draw();
  else document.addEventListener("DOMContentLoaded", draw, { once: true });
}

start();

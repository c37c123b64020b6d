// What the chat page does beyond Gradio: citations that open the evidence pane, their tooltips, the saving
// of an exported file, and names that Gradio's controls lack. Reads text only, never makes markup of it.
"use strict";
(() => {
  const LINKS = "a.dl-cite, a.dl-source, a.dl-related-link";
  const THUMBS = [
    ["Like", "Good answer"],
    ["Dislike", "Poor answer"],
    ["Liked", "Good answer (chosen)"],
    ["Disliked", "Poor answer (chosen)"],
  ];
  const evidence = window.datelineEvidence;
  const tip = document.createElement("div");
  tip.id = "dl-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  let tipped = null;

  // Gradio's renderer strips aria- and data- attributes, so they are put on here.

  function name(node, label) {
    if (node.getAttribute("aria-label") !== label) node.setAttribute("aria-label", label);
  }

  function mend() {
    for (const node of document.querySelectorAll("#dl-chat [data-testid=bot], #dl-chat [data-testid=user]")) {
      node.removeAttribute("aria-label"); // holds the message's source, markup and all
    }
    for (const link of document.querySelectorAll(`#dl-chat :is(${LINKS})`)) mendLink(link);
    for (const link of document.querySelectorAll("#dl-chat a.dl-edit")) {
      link.removeAttribute("target");
      name(link, `Edit: ${link.previousElementSibling?.textContent ?? "question"}`);
    }
    for (const [gradio, ours] of THUMBS) {
      for (const node of document.querySelectorAll(`#dl-chat button[aria-label="${gradio}"]`)) name(node, ours);
    }
    const log = document.querySelector("#dl-chat [role=log]");
    if (log) name(log, "Conversation");
    const file = document.querySelector("#dl-file pre.dl-file");
    if (file) save(file);
  }

  function mendLink(link) {
    link.removeAttribute("target"); // a plain click opens the pane; the browser's own ways open a tab
    if (!link.classList.contains("dl-cite")) return;
    const source = sourceOf(link);
    name(link, source ? `Source ${source.number}: ${source.title}` : `Source ${link.textContent}`);
  }

  // The entry below the answer that a marker refers to.
  function sourceOf(marker) {
    const box = marker.closest(".dl-box");
    const address = marker.getAttribute("href");
    const links = box ? Array.from(box.querySelectorAll("a.dl-source")) : [];
    const number = marker.textContent.replace(/\D/g, "");
    const link = links.find(
      (one) => one.getAttribute("href") === address && one.querySelector(".dl-n").textContent === number,
    );
    if (!link) return null;
    const item = link.closest("li");
    return {
      number,
      title: link.querySelector(".dl-title").textContent,
      origin: item.querySelector(".dl-origin").textContent.trim(),
      quote: item.querySelector("q").textContent,
    };
  }

  // Tooltips

  function showTip(marker) {
    const source = sourceOf(marker);
    if (!source) return;
    const quote = document.createElement("q");
    quote.textContent = source.quote;
    const origin = document.createElement("span");
    origin.textContent = `${source.title} · ${source.origin}`;
    tip.replaceChildren(quote, origin);
    tip.hidden = false;
    placeTip(marker);
    marker.setAttribute("aria-describedby", tip.id);
    tipped = marker;
  }

  function placeTip(marker) {
    tip.style.left = "0"; // or the old place would narrow it
    const at = marker.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 8);
    const above = at.top - size.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }

  function hideTip() {
    if (!tipped) return;
    tipped.removeAttribute("aria-describedby");
    tipped = null;
    tip.hidden = true;
  }

  const marker = (event) => (event.target instanceof Element ? event.target.closest("#dl-chat a.dl-cite") : null);

  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const found = marker(event);
      if (found) showTip(found);
    });
  }
  document.addEventListener("mouseout", (event) => {
    // It may be pointed at itself, as WCAG asks of what shows on hover.
    const into = event.relatedTarget;
    if (tipped && !(into instanceof Node && (tip.contains(into) || tipped.contains(into)))) hideTip();
  });
  document.addEventListener("focusout", (event) => { if (marker(event)) hideTip(); });
  document.addEventListener("scroll", hideTip, { capture: true, passive: true });

  // Clicks and keys

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("#dl-chat a.dl-edit") : null;
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const field = document.querySelector("#dl-edit-earlier :is(textarea, input)");
    field.value = `${link.getAttribute("href").replace("#edit-", "")}:${Date.now()}`; // never the same twice
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#dl-box textarea").focus();
  }, true);

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(`#dl-chat :is(${LINKS})`) : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    hideTip();
    evidence.open(link);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (tipped) hideTip();
    else if (evidence.isOpen()) evidence.close();
  });

  // Export

  function save(file) {
    const address = URL.createObjectURL(new Blob([file.textContent], { type: "text/markdown;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "dateline-conversation.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    file.className = "dl-file-saved"; // once
  }

  let asked = false;
  new MutationObserver(() => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; mend(); });
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
  mend();
})();

// Parts of the panel that know nothing of a conversation: its size, and the clipboard.
const STEP = 24;

/** The corner to drag. Arrow keys do the same, and a click without dragging makes it large and back again. */
function gripNode(panel, label, position) {
  let from = null;
  let dragged = false;
  const outwards = position === "left" ? -1 : 1;
  const now = () => panel.getBoundingClientRect();
  const sized = (width, height) => {
    panel.style.setProperty("--w", `${Math.max(300, width)}px`);
    panel.style.setProperty("--h", `${Math.max(320, height)}px`);
  };
  return h("button", {
    type: "button", class: "grip", "aria-label": label, title: label,
    pointerdown: (event) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      const { width, height } = now();
      from = { x: event.clientX, y: event.clientY, width, height };
      dragged = false;
    },
    pointermove: (event) => {
      if (!from) return;
      dragged ||= Math.abs(event.clientX - from.x) + Math.abs(event.clientY - from.y) > 3;
      sized(from.width + (from.x - event.clientX) * outwards, from.height + from.y - event.clientY);
    },
    pointerup: () => { from = null; },
    pointercancel: () => { from = null; },
    click: (event) => {
      if (dragged && event.detail) return; // the end of a drag; a key press has no detail
      if (now().width > 500) sized(400, 640);
      else sized(720, 900);
    },
    keydown: (event) => {
      const [x, y] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] || [];
      if (x === undefined) return;
      event.preventDefault();
      const { width, height } = now();
      sized(width + x * STEP * outwards, height + y * STEP);
    },
  }, icon("grip"));
}

/** Whether the text is on the clipboard now. `within` is focusable ground: a dialog keeps its focus. */
async function copied(text, within) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // no permission, or a page without TLS
    const back = within.getRootNode().activeElement;
    const area = h("textarea", { class: "sr", "aria-hidden": "true" });
    area.value = text;
    within.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    back?.focus();
    return done;
  }
}

// Any accent colour made readable: ink for text on it, and shades of it for text on a light or a dark panel.
const FALLBACK = [20, 80, 92];
const PAPER = { light: [251, 250, 247], dark: [32, 38, 42] }; // of each theme's grounds the hardest to read on
const LEAST = 4.7; // WCAG asks 4.5; a little room for rounding

/** [r, g, b] of any CSS colour, or null. The browser parses: also oklch(), named colours and so on. */
function parseColour(text, probe) {
  if (!text || !CSS.supports("color", text)) return null;
  const hex = text.match(/^#([\da-f]{3}|[\da-f]{6})$/i)?.[1]; // read here: asking the browser lays out the page
  if (hex) return hex.match(hex.length > 3 ? /../g : /./g).map((part) => parseInt(part.padStart(2, part), 16));
  probe.style.color = `color-mix(in srgb, ${text} 100%, ${text})`;
  if (!probe.style.color) probe.style.color = text;
  const found = getComputedStyle(probe).color;
  const numbers = (found.match(/-?[\d.]+(e-?\d+)?/g) || []).map(Number);
  if (numbers.length < 3) return null;
  const scale = found.startsWith("color(") ? 255 : 1;
  return numbers.slice(0, 3).map((n) => Math.min(255, Math.max(0, Math.round(n * scale))));
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** The colour itself, or moved towards black or white until it can be read on `paper`. */
function readable(rgb, paper) {
  const goal = luminance(paper) > 0.2 ? 0 : 255;
  for (let step = 0; step <= 20; step += 1) {
    const mixed = rgb.map((c) => Math.round(c + ((goal - c) * step) / 20));
    if (contrast(mixed, paper) >= LEAST) return mixed;
  }
  return [goal, goal, goal];
}

/** The custom properties of the stylesheet that depend on the accent. */
function accentProperties(text, probe) {
  const accent = parseColour(text, probe) || FALLBACK;
  const css = (rgb) => `rgb(${rgb.join(" ")})`;
  const ink = contrast(accent, [255, 255, 255]) >= contrast(accent, [0, 0, 0]) ? [255, 255, 255] : [0, 0, 0];
  return {
    "--accent": css(accent), "--accent-ink": css(ink),
    "--link-light": css(readable(accent, PAPER.light)), "--link-dark": css(readable(accent, PAPER.dark)),
  };
}

// The script tag that loaded this, and what the page set in `window.Dateline` before: {strings, ticket}.
const TAG = ((script) => ({
  base: script?.src ? new URL(".", script.src).href : null,
  data: { ...script?.dataset },
}))(document.currentScript);
const GIVEN = window.Dateline && typeof window.Dateline === "object" ? window.Dateline : {};

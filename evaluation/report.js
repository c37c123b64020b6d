// Filters the questions. Without it, all are shown.
(() => {
  const filters = document.querySelector(".filters");
  const cards = [...document.querySelectorAll("details.question")];
  const shown = document.querySelector("#shown");
  if (!filters) return;
  const [label, group, text] = ["label", "group", "text"].map((name) => filters.elements[name]);
  const texts = cards.map((card) => card.textContent.toLowerCase());
  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    cards.forEach((card, at) => {
      const fits =
        (!label.value || (label.value === "not right" ? card.dataset.label !== "right" : card.dataset.label === label.value)) &&
        (!group.value || card.dataset.group === group.value) &&
        (!wanted || texts[at].includes(wanted));
      card.hidden = !fits;
      count += fits;
    });
    shown.textContent = `${count} of ${cards.length} questions`;
  };
  filters.addEventListener("input", apply);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.hidden = false;
  apply();
})();

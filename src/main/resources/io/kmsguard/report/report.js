"use strict";
(() => {
  const form = document.getElementById("filter");
  const status = form.querySelector("[role=status]");
  const items = Array.from(document.querySelectorAll("[data-decision]"), (element) => ({
    element,
    decision: element.dataset.decision,
    isRow: element.localName === "tr",
    words: "",
  }));

  const matches = (item, terms, decision) => {
    if (decision && item.decision !== decision) {
      return false;
    }
    if (terms.length && !item.words) {
      item.words = item.element.textContent.toLowerCase();
    }
    return terms.every((term) => item.words.includes(term));
  };

  const filter = () => {
    const terms = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const decision = form.elements.decision.value;
    const count = { rows: 0, shownRows: 0, objects: 0, shownObjects: 0 };
    for (const item of items) {
      const shown = matches(item, terms, decision);
      item.element.hidden = !shown;
      count[item.isRow ? "rows" : "objects"]++;
      count[item.isRow ? "shownRows" : "shownObjects"] += shown ? 1 : 0;
    }
    status.textContent =
      `${count.shownRows} of ${count.rows} fleet rows, ${count.shownObjects} of ${count.objects} objects`;
  };

  // One announcement when the typing pauses, not one a letter.
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(filter, 150);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  const setOpen = (open) => {
    for (const details of document.querySelectorAll("article > details, .clean")) {
      details.open = open;
    }
  };
  form.elements.open.addEventListener("click", () => setOpen(true));
  form.elements.close.addEventListener("click", () => setOpen(false));

  // A link leads to what it names, filtered away or closed as it may be.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    let target = link && document.getElementById(link.hash.slice(1));
    for (; target; target = target.parentElement) {
      target.hidden = false;
      if (target.localName === "details") {
        target.open = true;
      }
    }
  });

  filter();
  form.hidden = false;
})();

// One slip beside its picture: the line being typed is shown on the page, keys lead from line to line and on.
(() => {
  const page = document.querySelector("[data-slip]");
  if (!page) return;
  const form = page.querySelector("[data-lines]");
  const fields = form ? [...form.querySelectorAll("[data-line], textarea")] : [];
  const go = (place) => {
    const field = fields[Math.min(Math.max(place, 0), fields.length - 1)];
    field.focus();
    if (field.select && field.dataset.line) field.setSelectionRange(field.value.length, field.value.length);
  };
  const show = (line) => {
    for (const box of page.querySelectorAll("[data-box]")) box.classList.toggle("is-here", box.dataset.box === line);
  };
  form?.addEventListener("focusin", (event) => show(event.target.dataset.line || ""));
  form?.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter chooses a character of the input method
    const place = fields.indexOf(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.target.dataset?.line && ["Enter", "ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      go(place + (event.key === "ArrowUp" ? -1 : 1));
    }
  });
  document.addEventListener("keydown", (event) => {
    const next = document.querySelector("[data-next]");
    if (event.altKey && event.key === "ArrowRight" && next) {
      event.preventDefault();
      location.assign(next.href);
    }
  });
  // A box leads to its line; while the page is to be split, a click adds a cut.
  const picture = page.querySelector(".hx-slip-page > svg");
  const split = page.querySelector("[data-split]");
  picture?.addEventListener("click", (event) => {
    const line = event.target.dataset.box;
    if (split?.closest("details").open) {
      const around = picture.getBoundingClientRect();
      const place = Math.round((100 * (event.clientY - around.top)) / around.height);
      const field = split.elements.cuts;
      field.value = [...new Set([...(field.value.match(/\d+/g) || []).map(Number), place])].sort((a, b) => a - b).join(" ");
    } else if (line) go(Number(line) - 1);
  });
  // First of all to the first line that is not sure.
  const first = fields.findIndex((field) => field.closest(".is-unsure"));
  if (fields.length && matchMedia("(min-width: 768px)").matches) go(Math.max(first, 0));
})();

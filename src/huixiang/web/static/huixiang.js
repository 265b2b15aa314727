// What every page does beyond HTML: open the menu on a phone, close drop-downs, send a filter, say when a load failed.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggles]");
    if (toggle) {
      const open = toggle.getAttribute("aria-expanded") !== "true";
      toggle.setAttribute("aria-expanded", open);
      document.getElementById(toggle.dataset.toggles).classList.toggle("is-open", open);
    }
    for (const drop of document.querySelectorAll("details.hx-drop[open]"))
      if (!drop.contains(event.target)) drop.removeAttribute("open");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const drop of document.querySelectorAll("details.hx-drop[open]")) {
      drop.removeAttribute("open");
      drop.querySelector("summary").focus();
    }
  });

  // In a low window the menu scrolls: the entry of this page is in sight.
  const side = document.querySelector(".hx-side-in");
  const current = side && side.querySelector("[aria-current]");
  if (current) side.scrollTop = current.getBoundingClientRect().bottom - side.getBoundingClientRect().top - side.clientHeight + 40;

  // On a phone the list comes first and its filters fold away; on a desk there is room for both.
  if (matchMedia("(min-width: 768px)").matches)
    for (const more of document.querySelectorAll("details.hx-more")) more.open = true;

  // Filters apply as soon as one is chosen; typing waits for Enter or the button.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-send-on-change]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // What takes a colleague's access away is asked once more.
  document.addEventListener("submit", (event) => {
    const { confirm: question } = event.target.dataset;
    if (question && !confirm(question)) event.preventDefault();
  });

  // Empty choices stay out of the address, so that it can be read and passed on.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[method=get] :disabled[name]")) field.disabled = false;
  });

  // A part that could not be loaded says so in its own place.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, (event) => {
      const place = event.detail.target;
      if (place && place.dataset.failure) place.textContent = place.dataset.failure;
    });
})();

// Light or dark? The person's choice, else the system's. Runs before the page is painted, so that nothing flashes.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const paper = matchMedia("print"); // paper is white: charts must be drawn anew for it
  const apply = () => root.setAttribute("data-bs-theme", paper.matches ? "light" : chosen() || (system.matches ? "dark" : "light"));
  root.classList.add("js");
  apply();
  const tell = () => {
    apply();
    const dark = root.getAttribute("data-bs-theme") === "dark";
    for (const button of document.querySelectorAll("[data-theme-switch]")) button.setAttribute("aria-pressed", dark);
    document.dispatchEvent(new CustomEvent("theme"));
  };
  system.addEventListener("change", tell);
  paper.addEventListener("change", tell);
  document.addEventListener("DOMContentLoaded", tell);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* a private window forgets; so be it */ }
    root.setAttribute("data-bs-theme", next);
    tell();
  });
})();

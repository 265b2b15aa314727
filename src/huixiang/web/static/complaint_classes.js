// Finds a class by words or code in long lists: types in, and the list shortens to what fits and what lies below it.
(() => {
  "use strict";
  const LONG = 12;

  function searched(select, words) {
    const all = [...select.options].map((option) => ({ code: option.value, title: option.text }));
    const box = document.createElement("input");
    box.type = "search";
    box.className = "form-control mb-1";
    box.placeholder = words.dataset.placeholder;
    box.setAttribute("aria-label", `${words.dataset.placeholder} ${select.labels[0]?.textContent ?? ""}`);
    box.setAttribute("autocomplete", "off");
    const told = document.createElement("div");
    told.className = "form-hint";
    told.setAttribute("role", "status");
    select.before(box);
    select.after(told);

    function fits(entry, parts) {
      const said = `${entry.title} ${entry.code}`.toLowerCase();
      return parts.every((part) => said.includes(part));
    }

    function shorten() {
      const parts = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = select.value;
      const found = new Set(all.filter((entry) => entry.code && fits(entry, parts)).map((entry) => entry.code));
      const below = (code) => [...found].some((above) => code.startsWith(`${above}.`));
      const left = parts.length ? all.filter((entry) => !entry.code || entry.code === chosen || found.has(entry.code) || below(entry.code)) : all;
      select.replaceChildren(...left.map((entry) => new Option(entry.title, entry.code, false, entry.code === chosen)));
      told.textContent = parts.length ? words.dataset.found.replace("%s", String(found.size)) : "";
      return found;
    }

    box.addEventListener("input", shorten);
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        select.focus();
      } else if (event.key === "Enter") {
        event.preventDefault(); // one that fits is chosen; of several the list is gone into
        const found = shorten();
        if (found.size === 1) select.value = [...found][0];
        select.focus();
      } else if (event.key === "Escape") {
        box.value = "";
        shorten();
      }
    });
  }

  // The form comes when it is opened; htmx tells of all that it puts in, and of the page itself.
  document.addEventListener("htmx:load", (event) => {
    const words = document.querySelector("[data-class-search]");
    if (!words) return;
    for (const select of event.detail.elt.querySelectorAll("#classes form select"))
      if (select.options.length > LONG) searched(select, words);
  });
})();

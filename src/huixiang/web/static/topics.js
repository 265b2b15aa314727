// Labelling topics: type a few characters, arrows choose, Enter takes; the <select> stays what is sent.
// Keys: Backspace in an empty box takes the last one back, 0 says "none", ? says "I do not know", PageDown goes on.
document.querySelectorAll("[data-labelling-topics]").forEach((form) => {
  const words = form.dataset;
  const pickers = [...form.querySelectorAll("[data-picker]")];
  const made = (tag, attributes, text) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text) element.textContent = text;
    return element;
  };
  const go = (place) => {
    const box = pickers[Math.min(Math.max(place, 0), pickers.length - 1)].querySelector("input[role=combobox]");
    box.focus();
    box.closest("fieldset").scrollIntoView({ block: "center" });
  };

  pickers.forEach((picker, place) => {
    const select = picker.querySelector("select");
    const others = [...picker.querySelectorAll("input[type=checkbox]")]; // none, unsure: each excludes all else
    const id = select.id;
    const label = picker.querySelector(`label[for="${id}"]`);
    const chips = made("ul", { class: "hx-chips" });
    const box = made("input", {
      id: `${id}-box`, class: "form-control", role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": `${id}-list`, placeholder: words.placeholder,
    });
    const list = made("ul", { id: `${id}-list`, class: "hx-picks", role: "listbox", "aria-label": words.list });
    list.hidden = true;
    label.htmlFor = box.id;
    select.hidden = true;
    select.after(chips, box, list);
    let active = 0;
    const taken = [...select.selectedOptions]; // in the order in which she took them

    const shown = () => [...list.children];
    const draw = () => {
      chips.replaceChildren(...taken.map((option) => {
        const item = made("li", {});
        const button = made("button", { type: "button", class: "hx-chip", "aria-label": `${words.remove} ${option.dataset.path}` });
        button.append(option.dataset.path, made("span", { "aria-hidden": "true" }, " ×"));
        button.addEventListener("click", () => { leave(option); box.focus(); });
        item.append(button);
        return item;
      }));
    };
    const leave = (option) => {
      option.selected = false;
      taken.splice(taken.indexOf(option), 1);
      draw();
    };
    const point = (to) => {
      const items = shown();
      active = Math.min(Math.max(to, 0), items.length - 1);
      items.forEach((item, number) => item.setAttribute("aria-selected", number === active));
      if (items[active]) {
        box.setAttribute("aria-activedescendant", items[active].id);
        items[active].scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    const open = () => {
      const wanted = box.value.trim().toLowerCase();
      const fitting = [...select.options].filter((option) =>
        !option.selected && `${option.dataset.path} ${option.value}`.toLowerCase().includes(wanted));
      list.replaceChildren(...fitting.map((option, number) => {
        const item = made("li", { role: "option", id: `${id}-${number}` }, option.dataset.path);
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
        return item;
      }));
      list.hidden = !fitting.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
      point(0);
      list.options = fitting;
    };
    const close = () => {
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const take = (option) => {
      option.selected = true;
      taken.push(option);
      for (const each of others) each.checked = false;
      box.value = "";
      draw();
      open();
    };
    const say = (value) => {
      for (const each of others) each.checked = each.value === value;
      while (taken.length) taken.pop().selected = false;
      box.value = "";
      draw();
      close();
      if (place === pickers.length - 1) form.querySelector("button[data-save]").focus();
      else go(place + 1);
    };

    box.addEventListener("focus", open);
    box.addEventListener("input", open);
    box.addEventListener("blur", close);
    for (const each of others) each.addEventListener("change", () => { if (each.checked) say(each.value); });
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const keys = {
        ArrowDown: () => (list.hidden ? open() : point(active + 1)),
        ArrowUp: () => point(active - 1),
        Enter: () => { if (!list.hidden && list.options[active]) take(list.options[active]); },
        Escape: close,
        PageDown: () => go(place + 1),
        PageUp: () => go(place - 1),
      };
      if (!box.value) {
        keys[0] = () => say("-");
        keys["?"] = () => say("unsure");
        keys["？"] = keys["?"];
        keys.Backspace = () => {
          if (taken.length) leave(taken.at(-1));
          open();
        };
      }
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    draw();
  });
});

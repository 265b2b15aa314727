// A row of a condition offers only what fits the question chosen in it. Without this script all is offered, and checked.
"use strict";
(() => {
  const fit = (row) => {
    const subject = row.querySelector("[data-subject]");
    const operator = row.querySelector("[data-operator]");
    const value = row.querySelector("[data-value]");
    const typed = row.querySelector("[data-typed]");
    const chosen = subject.selectedOptions[0];
    const fitting = (chosen.dataset.operators || "").split(" ");
    operator.hidden = !subject.value;
    for (const option of operator.options) option.hidden = option.disabled = !fitting.includes(option.value);
    if (subject.value && operator.selectedOptions[0].disabled) {
      operator.value = [...operator.options].find((option) => !option.disabled).value;
    }
    let some = false;
    for (const group of value.querySelectorAll("optgroup")) {
      const mine = group.dataset.of === subject.value;
      group.hidden = group.disabled = !mine;
      some ||= mine;
    }
    if (value.selectedOptions[0] && value.selectedOptions[0].parentElement.disabled) value.value = "";
    const asks = subject.value && !["answered", "unanswered"].includes(operator.value);
    value.hidden = !(asks && some);
    typed.hidden = !(asks && !some);
  };
  for (const row of document.querySelectorAll(".sv-condition")) {
    fit(row);
    row.addEventListener("change", () => fit(row));
  }
})();

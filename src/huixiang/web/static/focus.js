// Coding by keyboard: digits tick codes, arrows move, U undoes. Each answer is sent by itself; what the network does not
// take stays on this device (numbers only, no words) and is sent again, also after the page was closed.
(() => {
  "use strict";
  const form = document.querySelector("[data-coding]");
  if (!form) return;
  const bar = document.querySelector(".hx-coding-bar");
  const told = bar.querySelector("[data-saved]");
  const done = bar.querySelector("[data-done]");
  const undoing = bar.querySelector("[data-undo]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const key = `huixiang-coding-${form.dataset.coder}-${form.dataset.session}`;
  const turns = [...form.querySelectorAll("fieldset:not([disabled])")];
  const past = [];
  let before = new Map();
  let waiting = read();
  let busy = false;
  let pause = 1000;

  function read() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; }
  }
  function keep() {
    try { localStorage.setItem(key, JSON.stringify(waiting)); } catch { /* full or forbidden: it stays in memory */ }
  }
  const boxes = (turn) => [...turn.querySelectorAll("input[type=checkbox]")];
  const answer = (turn) => boxes(turn).filter((box) => box.checked).map((box) => box.value);
  const turnOf = (id) => turns.find((turn) => turn.dataset.utterance === String(id));
  function show(turn, values) {
    for (const box of boxes(turn)) box.checked = values.includes(box.value);
    turn.classList.toggle("is-done", values.length > 0);
    done.textContent = form.querySelectorAll(".hx-turn.is-done").length;
  }
  function say(name) {
    told.textContent = told.dataset[name];
    bar.classList.toggle("is-waiting", ["waiting", "gone", "refused"].includes(name));
  }

  // One at a time and in order; the last answer to an utterance is the only one that is sent.
  async function send() {
    if (busy) return;
    busy = true;
    let outcome = "saved";
    for (let ids = Object.keys(waiting); ids.length; ids = Object.keys(waiting)) {
      const id = ids[0];
      const values = waiting[id];
      const body = new URLSearchParams(values.map((value) => ["codes", value]));
      if (!values.length) body.set("undo", "1");
      say("saving");
      let response;
      try {
        response = await fetch(form.dataset.coding.replace("/0/", `/${id}/`), {
          method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual", signal: AbortSignal.timeout(20000),
        });
      } catch { response = null; }
      if (!response || response.type === "opaqueredirect" || response.status >= 500 || response.status === 403) {
        busy = false;
        say("waiting");
        setTimeout(send, pause);
        pause = Math.min(pause * 2, 60000);
        return;
      }
      pause = 1000;
      if (response.status === 404) outcome = "gone";
      else if (!response.ok) outcome = "refused";
      if (waiting[id] === values) delete waiting[id];
      keep();
    }
    busy = false;
    say(outcome);
  }
  function put(turn, values) {
    show(turn, values);
    before.set(turn, values);
    waiting[turn.dataset.utterance] = values;
    keep();
    send();
  }
  function changed(turn, box) {
    past.push([turn, before.get(turn)]);
    undoing.hidden = false;
    if (box.checked) for (const each of boxes(turn)) if ((each.value === "none") !== (box.value === "none")) each.checked = false;
    put(turn, answer(turn));
  }
  function undo() {
    const last = past.pop();
    undoing.hidden = past.length === 0;
    if (!last) return;
    put(...last);
    go(turns.indexOf(last[0]));
  }
  function go(place) {
    const turn = turns[Math.min(Math.max(place, 0), turns.length - 1)];
    if (!turn) return;
    (turn.querySelector("input:checked") || turn.querySelector("input")).focus({ preventScroll: true });
    turn.scrollIntoView({ block: "center" });
  }

  for (const turn of turns) before.set(turn, answer(turn));
  for (const [id, values] of Object.entries(waiting)) {
    const turn = turnOf(id);
    if (turn) { show(turn, values); before.set(turn, values); }
  }
  form.addEventListener("change", (event) => changed(event.target.closest("fieldset"), event.target));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  undoing.addEventListener("click", undo);
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => { if (Object.keys(waiting).length) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=text], input:not([type]), textarea")) return;
    const place = turns.findIndex((turn) => turn.contains(document.activeElement));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); go(place + (event.key === "ArrowDown" ? 1 : -1)); }
    else if (event.key === "u" || event.key === "U") { event.preventDefault(); undo(); }
    else if (event.key === "/") { event.preventDefault(); document.getElementById("open_code")?.focus(); }
    else if (/^[0-9]$/.test(event.key) && place >= 0) {
      const all = boxes(turns[place]);
      const box = event.key === "0" ? all.at(-1) : all.slice(0, -1)[Number(event.key) - 1];
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      changed(turns[place], box);
    }
  });

  // A new word of the codebook: it stands at each utterance at once, and nothing ticked is lost.
  const opening = document.querySelector("[data-open-code]");
  opening?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = opening.elements.name;
    try {
      const response = await fetch(opening.action, {
        method: "POST", body: new FormData(opening), headers: { Accept: "application/json" },
      });
      const made = await response.json();
      field.setCustomValidity(made.fault || "");
      if (made.fault) { field.reportValidity(); return; }
      if (!form.querySelector(`input[value="${made.code}"]`)) for (const turn of turns) add(turn, made);
      field.value = "";
      go(Math.max(0, turns.findIndex((turn) => !turn.classList.contains("is-done"))));
    } catch { say("waiting"); }
  });
  opening?.elements.name.addEventListener("input", (event) => event.target.setCustomValidity(""));
  function add(turn, made) {
    const none = boxes(turn).at(-1).closest("label");
    const label = none.cloneNode(true);
    const box = label.querySelector("input");
    box.value = made.code;
    box.checked = false;
    label.querySelector("span").textContent = made.name;
    none.before(label);
  }

  if (Object.keys(waiting).length) send();
  go(Math.max(0, turns.findIndex((turn) => !turn.classList.contains("is-done"))));
})();

/* What a script adds to a survey that works without: what was filled in outlives a lost network and a closed browser,
   the same answers go out again until they have arrived, and pages turn without a reload. The server decides all else. */
(() => {
  "use strict";
  const PAUSES = [3, 8, 20, 60], READ = "text/html", LIFE = 7 * 86400000;
  const store = `huixiang survey ${location.pathname}`;
  let proof = null, waits = null;

  const start = () => {
    const form = document.querySelector("form[data-survey]");
    if (!form) {
      if (document.querySelector("[data-finished]")) forget();
      return;
    }
    document.querySelector("[data-faults]")?.focus();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      turn(form, event.submitter, 0);
    });
    form.addEventListener("input", () => {
      proof ??= solveChallenge();
      keep(form, "");
    });
  };

  /* Sealed by the server and opened by it alone; the page's own fields beside it as they were typed. */
  const keep = (form, sending) => {
    if ("trial" in form.dataset) return;
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "proof" && name !== "website");
    try { localStorage.setItem(store, JSON.stringify({ fields, sending, at: Date.now() })); } catch { /* no storage: the page itself still has it */ }
  };
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(store));
      if (found && Date.now() - found.at < LIFE) return found;
      forget();
    } catch { /* as above */ }
    return null;
  };
  const forget = () => { try { localStorage.removeItem(store); } catch { /* as above */ } };

  /* Interrupted last time: the server gets what was kept and gives back the page. What was being sent is sent. */
  const resume = async () => {
    const form = document.querySelector("form[data-survey]"), found = kept();
    if (!form || !found || "trial" in form.dataset) return;
    const content = new URLSearchParams(found.fields);
    if (found.sending) {
      status(form, form.dataset.sending);
      content.set("proof", (await (proof ??= solveChallenge())) || "");
      content.set("go", found.sending);
    } else content.set("go", "stay");
    const response = await ask(form, content);
    if (!response) return waitToResume(form);
    if (response.status === 409) { forget(); return; } // too old: the page that is there is the first one
    if (!await shown(response)) return;
    const now = document.querySelector("form[data-survey]");
    if (!now) return;
    if (!found.sending) status(now, now.dataset.restored, beginAnew(now));
    keep(now, "");
  };
  const waitToResume = (form) => {
    status(form, form.dataset.offline);
    addEventListener("online", resume, { once: true });
  };
  const beginAnew = (form) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = form.dataset.anew;
    button.onclick = () => { forget(); location.reload(); };
    return button;
  };

  const turn = async (form, pressed, time) => {
    if (form.dataset.busy && time === 0) return; // a double tap
    form.dataset.busy = "on";
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; });
    const [name, value] = pressed?.name ? [pressed.name, pressed.value] : ["go", "next"];
    keep(form, name === "go" && value === "next" ? "next" : "");
    status(form, form.dataset.sending);
    const content = new URLSearchParams([...new FormData(form)].filter(([, each]) => typeof each === "string"));
    content.set(name, value);
    content.set("proof", (await (proof ??= solveChallenge())) || "");
    const response = await ask(form, content);
    if (!response) return again(form, pressed, time);
    proof = null; // each sum counts once
    if (!await shown(response)) return lost(form);
    const next = document.querySelector("form[data-survey]");
    if (next) keep(next, "");
  };
  const ask = async (form, content) => {
    try {
      const response = await fetch(form.action, { method: "POST", body: content, headers: { Accept: READ } });
      return response.status >= 500 ? null : response;
    } catch { return null; }
  };
  /* The same key goes out again, so what did arrive does not count twice. */
  const again = (form, pressed, time) => {
    status(form, navigator.onLine ? form.dataset.again : form.dataset.offline);
    let gone = false;
    const once = () => {
      if (gone) return;
      gone = true;
      removeEventListener("online", once);
      turn(form, pressed, time + 1);
    };
    clearTimeout(waits);
    addEventListener("online", once);
    if (navigator.onLine) waits = setTimeout(once, 1000 * PAUSES[Math.min(time, PAUSES.length - 1)]);
  };
  const lost = (form) => { // said by a proxy, not by us: what she filled in stays where it is
    delete form.dataset.busy;
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
    status(form, form.dataset.lost);
  };
  const shown = async (response) => {
    const found = new DOMParser().parseFromString(await response.text(), READ), main = found.querySelector("main#content");
    if (!main || response.status === 413) return false;
    document.title = found.title;
    document.documentElement.lang = found.documentElement.lang;
    document.querySelector("main").replaceWith(main);
    const tongues = document.querySelector("header .tongues");
    if (tongues && !found.querySelector("header .tongues")) tongues.remove();
    scrollTo(0, 0);
    start();
    (document.querySelector("[data-faults]") ?? main).focus();
    return true;
  };
  const status = (form, words, ...more) => form.querySelector("[data-status]").replaceChildren(words, " ", ...more);

  start();
  resume();
})();

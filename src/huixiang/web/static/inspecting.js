/* What a script adds to the form of an inspection, which works without: a draft on the device, photos made small before
   they travel, and a form that is handed in once there is a network again. Nothing is sent before the button. */
(() => {
  "use strict";
  const STORE = "drafts", LONGEST = 2048, MOST = 3, PAUSES = [5, 15, 60, 300], HTML = "text/html", SOON = 400;

  /* Drafts: one a visit and person. */
  const base = () => new Promise((done, failed) => {
    const asked = indexedDB.open("huixiang-inspections", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const stored = async (mode, deed) => {
    const opened = await base();
    try {
      return await new Promise((done, failed) => {
        const asked = deed(opened.transaction(STORE, mode).objectStore(STORE));
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      });
    } finally { opened.close(); }
  };
  const read = (id) => stored("readonly", (store) => store.get(id)).catch(() => null);
  const all = () => stored("readonly", (store) => store.getAll()).catch(() => []);
  const write = (draft) => stored("readwrite", (store) => store.put(draft)).then(() => true, () => false);
  const forget = (id) => stored("readwrite", (store) => store.delete(id)).catch(() => null);

  /* Pages that open without a network: where the browser can, by a script that stands beside them. */
  const told = async (address, message) => {
    try {
      const kept = await navigator.serviceWorker.register(address);
      const worker = kept.active || (await navigator.serviceWorker.ready).active;
      return await new Promise((done) => {
        const line = new MessageChannel();
        line.port1.onmessage = (event) => done(event.data);
        worker.postMessage(message, [line.port2]);
      });
    } catch { return false; }
  };
  const assets = () => [...new Set([
    ...[...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((each) => each.href || each.src),
    ...performance.getEntriesByType("resource").map((each) => each.name),
  ].map((each) => new URL(each, location.href)).filter((each) => each.origin === location.origin && /\.(css|js|svg|woff2?)$/.test(each.pathname)).map((each) => each.pathname))]
    .filter((path) => !path.endsWith("worker.js"));

  const mine = async (list) => {
    const status = list.querySelector("[data-status]"), button = list.querySelector("[data-keep]");
    const say = (text) => { status.textContent = text; status.hidden = false; };
    const drafts = (await all()).filter((each) => each.owner === list.dataset.owner);
    if (drafts.length) {
      say(list.dataset.drafts + " ");
      drafts.forEach((each) => {
        const link = document.createElement("a");
        link.href = each.page;
        link.textContent = `${each.place} ${each.visit}`;
        const away = document.createElement("button");
        away.type = "button";
        away.className = "btn btn-sm";
        away.textContent = list.dataset.discard;
        away.onclick = async () => {
          if (!confirm(list.dataset.sure)) return;
          await forget(each.id);
          location.reload();
        };
        // Handed in already: the answer was lost on its way, or another device was quicker. Its form opens no more.
        const isDone = document.querySelector(`[data-done="${CSS.escape(each.visit)}"]`);
        status.append(link, isDone ? ` ${list.dataset.taken} ` : " ", away, " ");
      });
    }
    if (!button || !("serviceWorker" in navigator)) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      const forms = [...list.querySelectorAll("a[data-form]")].map((each) => new URL(each.href).pathname);
      const own = new URL("inspections.css", document.querySelector("link[href*='inspections'][rel=stylesheet]").href).pathname;
      const done = await told(list.dataset.worker, { keep: [...assets(), own, ...forms] });
      say(done ? list.dataset.kept : list.dataset.failed);
      button.disabled = false;
    });
  };

  const filling = async (form) => {
    const { visit, owner } = form.dataset, id = `${owner} ${visit}`, page = location.pathname;
    const status = document.querySelector("[data-status]"), button = form.querySelector(".in-send button");
    let photos = {}, timer = 0, turn = 0, waiting = 0, isOver = false;

    const say = (text, { discard = false } = {}) => {
      status.textContent = text;
      status.hidden = false;
      if (!discard) return;
      const away = document.createElement("button");
      away.type = "button";
      away.className = "btn btn-sm";
      away.textContent = form.dataset.discard;
      away.onclick = async () => {
        if (!confirm(form.dataset.sure)) return;
        isOver = true;
        clearTimeout(timer);
        await forget(id);
        location.reload();
      };
      status.append(" ", away);
    };
    /* Which lines are asked by which words; and what a draft holds of lines that this page does not ask. */
    const asks = () => Object.fromEntries([...form.querySelectorAll("fieldset.in-line")].map((line) => [line.id.replace("line-level-", ""), line.querySelector("legend").textContent.trim()]));
    let rest = [], spare = {};
    const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken").concat(rest);
    const keep = async (isSent) => {
      if (isOver) return;
      const place = document.querySelector(".hx-title").textContent.trim();
      const held = await write({ id, visit, owner, page, place, fields: fields(), asks: { ...spare, ...asks() }, photos, isSent, at: Date.now() });
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      if (!isSent) say(held ? form.dataset.saved.replace("{time}", time) : form.dataset.full, { discard: held });
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(() => keep(false), SOON); };

    /* The moment of the visit is that of the first answer, unless somebody wrote another. */
    let isTimed = false;
    const now = () => {
      if (isTimed) return;
      isTimed = true;
      const at = new Date();
      form.elements.visited_at.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    };

    const restore = async () => {
      const draft = await read(id);
      if (!draft) return false;
      isTimed = true;
      const kept = Object.fromEntries(draft.fields), own = asks(), same = kept.versions === form.elements.versions.value;
      // A draft of another day is asked by the standards of that day.
      if (kept.visited_at && kept.visited_at.slice(0, 10) !== form.dataset.day && navigator.onLine && !location.search) {
        isOver = true;
        location.replace(`${page}?visited_at=${encodeURIComponent(kept.visited_at)}`);
        return false;
      }
      // The standard changed since: an answer holds only for the words it was given to; versions are the page's.
      const holds = (name) => {
        const line = name.replace(/^(level|note|photo)-/, "");
        return line === name || same || (line in own && own[line] === draft.asks?.[line]);
      };
      for (const [name, value] of draft.fields) {
        const field = form.elements[name];
        if (name === "versions") continue;
        if (field && holds(name)) field.value = value;
        else if (!field) rest.push([name, value]);
      }
      spare = Object.fromEntries(Object.entries(draft.asks || {}).filter(([line]) => !(line in own)));
      photos = Object.fromEntries(Object.entries(draft.photos || {}).filter(([name]) => holds(name) || !(name.replace("photo-", "") in own)));
      show();
      say(same ? form.dataset.restored : form.dataset.changed, { discard: true });
      return draft.isSent && same;
    };

    const show = () => form.querySelectorAll("[data-photos]").forEach((list) => {
      const name = list.dataset.photos;
      list.replaceChildren(...(photos[name] || []).map((file, place) => {
        const item = document.createElement("li"), picture = new Image(), away = document.createElement("button");
        picture.alt = "";
        const reader = new FileReader(); // data: is allowed for pictures, blob: is not
        reader.onload = () => { picture.src = reader.result; };
        reader.readAsDataURL(file);
        away.type = "button";
        away.className = "btn btn-sm";
        away.textContent = form.dataset.remove;
        away.onclick = () => { photos[name].splice(place, 1); show(); later(); };
        item.append(picture, away);
        return item;
      }));
    });
    const small = async (file) => {
      try {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale].map(Math.round);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
        return new File([blob], "photo.jpg", { type: "image/jpeg" });
      } catch { return file; } // the server says what is wrong with it
    };
    form.addEventListener("change", async (event) => {
      const input = event.target;
      if (input.type !== "file") return;
      const name = input.name, chosen = [...input.files], list = (photos[name] ||= []);
      input.value = "";
      for (const file of chosen) {
        if (list.length >= MOST) { say(form.dataset.most); break; }
        list.push(await small(file));
      }
      show();
      later();
    });
    form.addEventListener("input", (event) => {
      if (event.target.name === "visited_at") isTimed = true;
      else if (event.target.type !== "file") now();
      later();
    });

    const wait = (words) => {
      say(words, { discard: true });
      button.disabled = false;
      clearTimeout(waiting);
      if (navigator.onLine) waiting = setTimeout(send, 1000 * PAUSES[Math.min(turn++, PAUSES.length - 1)]);
    };
    const done = async (address) => {
      isOver = true;
      clearTimeout(timer);
      await forget(id);
      if ("serviceWorker" in navigator && navigator.serviceWorker.controller) await told(form.dataset.worker, { drop: [page] });
      location.assign(address);
    };
    const asked = async (address, options) => {
      const response = await fetch(address, { cache: "no-store", credentials: "same-origin", headers: { Accept: HTML }, ...options });
      if (response.status >= 500) throw new Error(response.status);
      return [response, new DOMParser().parseFromString(await response.text(), HTML)];
    };
    /* A page kept on the device holds an old token: a fresh one is fetched first, and with it whether one is logged in. */
    const send = async () => {
      if (isOver) return;
      button.disabled = true;
      say(form.dataset.sending);
      await keep(true);
      try {
        const [seen, fresh] = await asked(page);
        const token = fresh.querySelector("[name=csrfmiddlewaretoken]");
        if (seen.redirected && !fresh.querySelector("body.hx-shell")) {
          say(form.dataset.login, { discard: true });
          button.disabled = false;
          return;
        }
        const content = new FormData(form);
        content.set("csrfmiddlewaretoken", token.value);
        form.querySelectorAll("[data-photos]").forEach((list) => {
          content.delete(list.dataset.photos);
          (photos[list.dataset.photos] || []).forEach((file) => content.append(list.dataset.photos, file));
        });
        const [answer, told_] = await asked(page, { method: "POST", body: content });
        if (answer.ok && answer.redirected && told_.querySelector("body.hx-shell")) return void done(answer.url);
        return void faults(told_, seen.redirected);
      } catch { wait(navigator.onLine ? form.dataset.again : form.dataset.offline); }
    };
    /* What the server did not take: said where it is to be mended; the draft stays. */
    const faults = (found, wasTaken) => {
      const general = found.querySelector("[data-faults]");
      if (!general) return void wait(form.dataset.again); // said by a proxy, not by us
      keep(false);
      form.querySelectorAll("[data-faults], [data-line-faults]").forEach((place) => place.replaceChildren());
      form.querySelector("[data-faults]").replaceChildren(...general.children);
      found.querySelectorAll("fieldset.in-line").forEach((line) => {
        const own = document.getElementById(line.id)?.querySelector("[data-line-faults]");
        if (own) own.replaceChildren(...line.querySelector("[data-line-faults]").children);
      });
      say(wasTaken ? form.dataset.taken : form.dataset.wrong, { discard: true });
      button.disabled = false;
      form.querySelector(".hx-fault")?.scrollIntoView({ block: "center" });
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      now();
      turn = 0;
      send();
    });
    addEventListener("online", () => read(id).then((draft) => { if (draft?.isSent) send(); }));
    const isPending = await restore();
    if (isOver) return;
    if ("serviceWorker" in navigator) told(form.dataset.worker, { keep: [...assets(), page] });
    if (isPending && navigator.onLine) send();
  };

  const form = document.querySelector("form[data-visit]"), list = document.querySelector("[data-mine]");
  if (form) filling(form);
  if (list) mine(list);
})();

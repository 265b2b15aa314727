/* What a script adds to a page that works without: photos made small before they travel, a message that waits for the
   network, and the sum that keeps programs away. Nothing is sent before the customer presses the button. */
(() => {
  "use strict";
  const LONGEST = 2048, MOST = 3, PAUSES = [3, 8, 20, 60], READ = "text/html", DAY = 86400000, NO_ROOM = 507;
  let photos = [], proof = null;

  const start = () => {
    const form = document.querySelector("form[data-box]");
    if (!form) return;
    const status = form.querySelector("[data-status]"), store = `huixiang ${form.dataset.box}`;
    restore(form, status, store);
    count(form);
    choosePhotos(form, status);
    if (photos.length) document.querySelector("[data-photos-gone]")?.remove(); // they were kept here
    document.querySelector("[data-faults]")?.focus();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, status, store, 0);
    });
    form.addEventListener("input", () => { proof ??= solveChallenge(); }, { once: true });
  };

  /* What could not be sent last time, for a day. Never the contact: the telephone may be somebody else's. The rating
     belongs to it: without it the same words would count as another message. */
  const restore = (form, status, store) => {
    try {
      const kept = JSON.parse(localStorage.getItem(store));
      if (!kept) return;
      if (!(Date.now() - kept.at < DAY)) { forget(store); return; }
      if (form.text.value) return;
      const fresh = form.key.value, button = document.createElement("button");
      form.text.value = kept.text;
      form.key.value = kept.key;
      rate(form, kept.rating);
      button.type = "button";
      button.className = "quiet";
      button.textContent = form.dataset.discard;
      button.onclick = () => {
        forget(store);
        form.key.value = fresh;
        form.text.value = "";
        rate(form, "");
        status.textContent = form.dataset.discarded;
        form.text.focus();
      };
      status.replaceChildren(form.dataset.restored, " ", button);
    } catch { /* no storage: nothing to bring back */ }
  };
  const keep = (form, store) => {
    try { localStorage.setItem(store, JSON.stringify({ key: form.key.value, text: form.text.value, rating: form.elements.rating.value, at: Date.now() })); } catch { /* as above */ }
  };
  const forget = (store) => { try { localStorage.removeItem(store); } catch { /* as above */ } };
  const rate = (form, rating) => form.querySelectorAll("[name=rating]").forEach((star) => { star.checked = star.value === rating; });

  const count = (form) => {
    const place = form.querySelector("[data-count]"), most = form.text.maxLength;
    const tell = () => { place.textContent = form.text.value.length > most * 0.8 ? `${form.text.value.length}/${most}` : ""; };
    form.text.addEventListener("input", tell);
    tell();
  };

  const choosePhotos = (form, status) => {
    const input = form.querySelector("#photos");
    input.classList.add("is-listed");
    input.addEventListener("change", async () => {
      const chosen = [...input.files];
      input.value = "";
      for (const file of chosen) {
        if (photos.length >= MOST) { status.textContent = form.dataset.most; break; }
        photos.push(await small(file));
      }
      show(form);
    });
    show(form);
  };
  const small = async (file) => {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale].map(Math.round);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch { return file; } // the server says what is wrong with it
  };
  const show = (form) => {
    const list = form.querySelector("[data-photos]");
    list.replaceChildren(...photos.map((file, place) => {
      const item = document.createElement("li"), picture = new Image(), button = document.createElement("button");
      picture.alt = "";
      const reader = new FileReader(); // data: is allowed for pictures, blob: is not
      reader.onload = () => { picture.src = reader.result; };
      reader.readAsDataURL(file);
      button.type = "button";
      button.textContent = form.dataset.remove;
      button.setAttribute("aria-label", `${form.dataset.remove} ${file.name}`);
      button.onclick = () => { photos.splice(place, 1); show(form); };
      item.append(picture, button);
      return item;
    }));
  };

  const send = async (form, status, store, time) => {
    const button = form.querySelector("button[type=submit]");
    if (button.disabled && time === 0) return; // a double tap
    button.disabled = true;
    status.textContent = form.dataset.sending;
    form.elements.proof.value = (await (proof ??= solveChallenge())) || "";
    const content = new FormData(form);
    content.delete("photos");
    photos.forEach((file) => content.append("photos", file));
    let response;
    try { response = await fetch(form.action, { method: "POST", body: content, headers: { Accept: READ } }); } catch { response = null; }
    if (!response || (response.status >= 500 && response.status !== NO_ROOM)) return wait(form, status, store, time);
    const found = new DOMParser().parseFromString(await response.text(), READ), main = found.querySelector("main");
    if (!main || response.status === 413) { // said by a proxy, not by us: what she wrote stays where it is
      keep(form, store);
      button.disabled = false;
      status.textContent = form.dataset.lost;
      return;
    }
    if (response.ok) {
      photos = [];
      forget(store);
    }
    proof = null; // each sum counts once
    replace(found, main);
  };
  /* The same key goes out again, so what did arrive is not kept twice. */
  const wait = (form, status, store, time) => {
    keep(form, store);
    status.textContent = navigator.onLine ? form.dataset.again : form.dataset.offline;
    let gone = false;
    const again = () => { if (!gone) { gone = true; removeEventListener("online", again); send(form, status, store, time + 1); } };
    addEventListener("online", again);
    if (navigator.onLine) setTimeout(again, 1000 * PAUSES[Math.min(time, PAUSES.length - 1)]);
  };
  const replace = (found, main) => {
    document.title = found.title;
    document.querySelector("main").replaceWith(main);
    scrollTo(0, 0);
    start();
    document.querySelector("[data-faults], main").focus();
  };

  start();
})();

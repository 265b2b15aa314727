// Uploads: drag and drop, the file's size, and how far the sending is. Without this script the plain form works.
(() => {
  "use strict";
  const size = (bytes) => {
    for (const [unit, of] of [["GB", 1e9], ["MB", 1e6], ["KB", 1e3]]) if (bytes >= of) return `${(bytes / of).toFixed(1)} ${unit}`;
    return `${bytes} B`;
  };

  function chosen(form) {
    const files = [...form.querySelector("input[type=file]").files];
    const names = files.length > 3 ? [...files.slice(0, 3).map((file) => file.name), "…"] : files.map((file) => file.name);
    const count = files.length > 1 ? `${files.length} × ` : "";
    const total = files.reduce((sum, file) => sum + file.size, 0);
    form.querySelector("[data-chosen]").textContent = files.length ? `${count}${names.join("、")} · ${size(total)}` : "";
  }

  function send(form) {
    const place = form.querySelector("[data-sending]");
    const bar = place.querySelector("progress");
    const told = place.querySelector("output");
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    const failed = () => {
      told.textContent = form.dataset.failure;
      button.disabled = false;
    };
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (100 * event.loaded) / event.total;
      told.textContent = `${size(event.loaded)} / ${size(event.total)}`;
    });
    request.addEventListener("load", () => {
      // 201 names the preview; anything else below 400 is where the server sent us, such as the log-in.
      if (request.status < 400) return location.assign(request.getResponseHeader("Location") || request.responseURL);
      const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      if (request.status !== 422 || !answer) return failed();
      document.querySelector("main").replaceWith(answer);
      begin();
    });
    for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, failed);
    request.open("POST", form.action);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    place.hidden = false;
    button.disabled = true;
    request.send(new FormData(form));
  }

  function begin() {
    for (const form of document.querySelectorAll("form[data-upload]")) {
      const zone = form.querySelector("[data-drop-zone]");
      const input = form.querySelector("input[type=file]");
      input.addEventListener("change", () => chosen(form));
      for (const name of ["dragenter", "dragover"])
        zone.addEventListener(name, (event) => {
          event.preventDefault();
          zone.classList.add("is-over");
        });
      for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
      zone.addEventListener("drop", (event) => {
        event.preventDefault();
        if (!event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        chosen(form);
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        send(form);
      });
    }
  }
  begin();

  // A mapping of one's own: its text takes the place of the choices, and the preview is asked for again.
  document.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-mapping-file]") || !event.target.files[0]) return;
    event.stopPropagation();
    const { by, mapping } = event.target.form.elements;
    mapping.value = await event.target.files[0].text();
    by.value = "text";
    by.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);
})();

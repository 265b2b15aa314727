/* A button and, when it is pressed, the post box's own page in a frame. Styles live in a shadow root: neither side's
   reach the other's. No cookie, nothing read of the page around but its language, nobody else asked. */
(() => {
  "use strict";
  const there = {{ there|safe }}, words = {{ words|safe }};
  // The same tag twice is one button; another box gets its own above.
  const others = [...document.querySelectorAll("[data-huixiang-box]")];
  if (!{{ is_open|yesno:"true,false" }} || others.some((each) => each.dataset.huixiangBox === there)) return;
  const english = /^en/i.test(document.documentElement.lang), said = words[english ? "en" : "zh-hans"];
  const host = document.createElement("div");
  host.dataset.huixiangBox = there;
  const root = host.attachShadow({ mode: "open" });
  // The page's own rules for its elements would win over :host, were these not important.
  const look = `
    :host { all: initial !important; position: fixed !important; right: 16px !important; bottom: ${16 + 56 * others.length}px !important; z-index: 2147483000 !important; font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif !important; }
    button { font: inherit; border: 0; cursor: pointer; min-height: 44px; border-radius: 22px; padding: 0 20px; background: #0e6670; color: #fff; box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
    button:focus-visible { outline: 3px solid #f2a65a; outline-offset: 2px; }
    section { position: fixed; right: 16px; bottom: 16px; width: min(400px, calc(100vw - 32px)); height: min(680px, calc(100vh - 32px)); display: flex; flex-direction: column; background: #fff; border-radius: 14px; overflow: hidden; box-shadow: 0 8px 40px rgb(0 0 0 / 30%); }
    section[hidden] { display: none; }
    section button { align-self: flex-end; margin: 8px; border-radius: 8px; box-shadow: none; background: #eceff2; color: #1d2a31; }
    iframe { flex: 1; width: 100%; border: 0; }`;
  try {
    const style = new CSSStyleSheet(); // built by script: a policy against inline styles does not forbid it
    style.replaceSync(look);
    root.adoptedStyleSheets = [style];
  } catch { // iOS before 16.4 cannot
    const style = document.createElement("style");
    style.textContent = look;
    root.append(style);
  }
  const opener = document.createElement("button"), panel = document.createElement("section"), closer = document.createElement("button");
  opener.type = closer.type = "button";
  opener.textContent = others.length ? said.title : said.open;
  closer.textContent = said.close;
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", said.title);
  opener.setAttribute("aria-expanded", "false");
  panel.append(closer);
  root.append(opener, panel);
  const show = (open) => {
    if (open && !panel.querySelector("iframe")) {
      const frame = document.createElement("iframe");
      frame.title = said.title;
      frame.src = `${there}?embed=1&lang=${english ? "en" : "zh-hans"}`;
      panel.append(frame);
    }
    panel.hidden = !open;
    opener.hidden = open;
    opener.setAttribute("aria-expanded", String(open));
    (open ? closer : opener).focus();
  };
  opener.addEventListener("click", () => show(true));
  closer.addEventListener("click", () => show(false));
  root.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  (document.body || document.documentElement).append(host);
})();

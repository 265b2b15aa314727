/* Opens the forms of inspections that were opened or kept before, when there is no network. Only these pages, and the
   styles and scripts they need; nothing is sent from here. A page that was handed in is forgotten. */
"use strict";
const CACHE = "huixiang-inspections", FORM = /\/inspections\/visits\/[^/]+\/form\/$/, ASSETS = "{{ STATIC_URL|default:'/static/' }}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && FORM.test(url.pathname)) event.respondWith(fresh(request, url.pathname));
  else if (url.pathname.startsWith(ASSETS)) event.respondWith(fresh(request, url.pathname));
});

/* From the network where there is one, and kept; else as it was kept. */
const fresh = async (request, path) => {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected && response.type === "basic") await cache.put(path, response.clone());
    return response;
  } catch {
    return (await cache.match(path)) || Response.error();
  }
};

self.addEventListener("message", (event) => {
  const { keep = [], drop = [] } = event.data || {};
  event.waitUntil(work(keep, drop).then((done) => event.ports[0]?.postMessage(done)));
});
const work = async (keep, drop) => {
  const cache = await caches.open(CACHE);
  await Promise.all(drop.map((path) => cache.delete(path)));
  const done = await Promise.all(keep.map(async (path) => {
    try {
      const response = await fetch(path, { credentials: "same-origin" });
      if (!response.ok || response.redirected) return false;
      await cache.put(path, response);
      return true;
    } catch { return false; }
  }));
  return done.every(Boolean);
};

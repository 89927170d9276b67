// Service worker: answers requests for pages, scripts, styles and pictures from the cache when the network fails.

const NAME = `pages of ${self.registration.scope}`;
const orNothing = (promise) => promise.catch(() => undefined); // a cache that is broken, full or forbidden
const openCache = () => orNothing(caches.open(NAME));

addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  // Requests by scripts are cached by files.js itself; JupyterLite has a service worker of its own.
  if (request.method === "GET" && request.destination && origin === location.origin && !pathname.includes("/lite/")) {
    const fetched = fetch(request), copy = fetched.then((response) => response.clone()); // before the page reads it
    event.respondWith(fetched.catch((error) => answerFromCache(request.url, error)));
    event.waitUntil(orNothing(copy.then((response) => putInCache(request.url, response, request.mode === "navigate"))));
  }
});

async function answerFromCache(address, error) {
  const cached = await find(address);
  if (cached) return cached;
  throw error;
}

// The edition that is requested or, if it is missing, any other edition.
async function find(address) {
  const cache = await openCache(), match = (options) => orNothing(cache?.match(address, { ignoreVary: true, ...options }));
  return (await match()) ?? match({ ignoreSearch: true });
}

// Cache a response, replacing earlier editions, which differ in the query string; with `parts`, also the pictures, styles and
// scripts of the page.
async function putInCache(address, response, parts = false) {
  const cache = await openCache();
  if (!cache || response.status !== 200 || response.type !== "basic") return;
  const page = parts ? await response.clone().text() : "";
  await cache.put(address, response);
  for (const other of await cache.keys(address, { ignoreSearch: true, ignoreVary: true })) {
    if (other.url !== address) await cache.delete(other, { ignoreVary: true });
  }
  for (const [, part] of page.matchAll(/<(?:img|script|link)\b[^>]*?\b(?:src|href)="([^"]+\.[a-z0-9]+(?:\?[^"]*)?)"/g)) {
    const { href, origin } = new URL(part, address);
    if (origin !== location.origin || /\.html/.test(href)) continue;
    if (!(await cache.match(href, { ignoreVary: true }))) await fetchAndCache(href);
  }
}

async function fetchAndCache(address, parts) {
  const response = await orNothing(fetch(address));
  if (response) await orNothing(putInCache(address, response, parts));
}

addEventListener("message", (event) => event.waitUntil((async () => {
  for (const address of event.data.seen) await fetchAndCache(address, true); // first what the reader has before them
  for (const address of event.data.others) await fetchAndCache(address);
})()));

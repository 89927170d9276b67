// Service worker: answers requests for pages, scripts, styles and pictures from the cache when the network fails or says nothing.

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
    const isPage = request.mode === "navigate", address = isPage ? request.url.split(/[?#]/)[0] : request.url; // a search is no other page
    event.respondWith(answer(address, fetched));
    event.waitUntil(orNothing(copy.then((response) => putInCache(address, response, isPage))));
  }
});

const PATIENCE = 5000, AFTERWARDS = 300; // milliseconds that the network has to answer, and that it has after it was silent
let patience = PATIENCE;

// What the network answers; if it fails, or a broken server answers, or nothing for a while, what is in the cache, if it is.
async function answer(address, fetched) {
  const late = new Promise((resolve) => setTimeout(resolve, patience, "late"));
  fetched.then(() => (patience = PATIENCE), () => {});
  const response = await orNothing(Promise.race([fetched, late]));
  if (response === "late") patience = AFTERWARDS; // else each script that a script asks for would take as long
  return response?.status < 500 ? response : ((await find(address)) ?? fetched);
}

// The edition that is requested or, if it is missing, any other edition.
async function find(address) {
  const cache = await openCache(), match = (options) => orNothing(cache?.match(address, { ignoreVary: true, ...options }));
  return (await match()) ?? match({ ignoreSearch: true });
}

// Cache a response, replacing earlier editions, which differ in the query string; with `parts`, also the parts of the page. Returns how
// many of them could not be kept.
async function putInCache(address, response, parts = false) {
  const cache = await openCache();
  if (!cache || response.status !== 200 || response.type !== "basic") return 1;
  const page = parts ? await response.clone().text() : "";
  await cache.put(address, response);
  for (const other of await cache.keys(address, { ignoreSearch: true, ignoreVary: true })) {
    if (other.url !== address) await cache.delete(other, { ignoreVary: true });
  }
  return parts ? keepParts(address, page) : 0;
}

// Cache the pictures, styles and scripts of a page that are not there.
async function keepParts(address, page) {
  const cache = await openCache();
  let lost = 0;
  for (const [, part] of page.matchAll(/<(?:img|source|script|link)\b[^>]*?\b(?:src|srcset|href)="([^"]+\.[a-z0-9]+(?:\?[^"]*)?)"/g)) {
    const { href, origin } = new URL(part, address);
    if (origin !== location.origin || /\.html/.test(href)) continue;
    if (!(await cache.match(href, { ignoreVary: true }))) lost += await fetchAndCache(href);
  }
  return lost;
}

const fetchAndCache = (address, parts) => fetch(address).then((response) => putInCache(address, response, parts)).catch(() => 1);

// A message says what to keep, as offline.js describes it, and brings the port that hears how far it is.
async function keep({ seen, others, missing }, port) {
  const cache = await openCache(), total = seen.length + others.length;
  let done = 0, lost = 0;
  const count = (some) => port.postMessage({ done: ++done, total, lost: (lost += some) });
  const kept = (address) => missing && orNothing(cache?.match(address, { ignoreVary: true }));
  for (const address of seen) { // first what the reader has before them
    const there = await kept(address);
    count(await (there ? keepParts(address, await there.text()).catch(() => 1) : fetchAndCache(address, true)));
  }
  for (const address of others) count((await kept(address)) ? 0 : await fetchAndCache(address));
}

addEventListener("message", (event) => event.waitUntil(keep(event.data, event.ports[0])));

// Service worker: answers requests for pages, scripts, styles and pictures from the cache when the network fails or says nothing.

const NAME = `pages of ${self.registration.scope}`;
const orNothing = (promise) => promise.catch(() => undefined); // a cache that is broken, full or forbidden
const openCache = () => orNothing(caches.open(NAME));

addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin } = new URL(request.url);
  // Requests by scripts are cached by files.js itself.
  if (request.method === "GET" && request.destination && origin === location.origin) {
    const fetched = fetch(request), copy = fetched.then((response) => response.clone()); // before the page reads it
    const isPage = request.mode === "navigate", address = isPage ? request.url.split(/[?#]/)[0] : request.url; // a search is no other page
    event.respondWith(answer(address, fetched, isPage));
    event.waitUntil(orNothing(copy.then((response) => putInCache(address, response, isPage))));
  }
});

const PATIENCE = 5000, AFTERWARDS = 300; // milliseconds that the network has to answer, and that it has after it was silent
let patience = PATIENCE;

// What the network answers; if it fails, or a broken server answers, or nothing for a while, what is in the cache, if it is.
// Without either a page says which others there are.
async function answer(address, fetched, isPage) {
  const late = new Promise((resolve) => setTimeout(resolve, patience, "late"));
  fetched.then(() => (patience = PATIENCE), () => {});
  const response = await orNothing(Promise.race([fetched, late]));
  if (response === "late") patience = AFTERWARDS; // else each script that a script asks for would take as long
  return response?.status < 500 ? response : ((await find(address)) ?? (isPage ? fetched.catch(whatIsKept) : fetched));
}

// In the place of a page that is not kept: a list of those that are.
async function whatIsKept() {
  const cache = await openCache(), kept = ((await cache?.keys()) ?? []).map(({ url }) => url), style = kept.find((url) => /theme\.css/.test(url));
  const isTwice = (url) => url.endsWith("/index.html") && kept.includes(url.slice(0, -"index.html".length));
  const pages = await Promise.all(kept.filter((url) => /(\/|\.html)$/.test(url) && !isTwice(url)).sort().map(async (url) => {
    const page = await (await cache.match(url, { ignoreVary: true })).text();
    return `<li><a href="${url}">${page.match(/<title>([^<·]+)/)?.[1].trim() ?? url}</a></li>`;
  }));
  const said = `<h1>${_`This page is not kept here`}</h1><p>${_`There is no network. These pages are kept in this browser, and open without one:`}</p>`;
  const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${_`No network`}</title><link rel="stylesheet" href="${style}"></head>
<body><div class="page"><main><article>${said}<ul>${pages.join("")}</ul></article></main></div></body></html>`;
  return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
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

// Once a listing has run, the pages are cached too, so that the course opens without network. The first page, the search, this
// page and every page opened later are cached with their pictures, all others without, and every script and style that a page may ask
// for. offline-worker.js does the work.

const site = new URL("..", import.meta.url).href;

let caching;

// Once for each visit of a page, if it succeeds.
export const cachePages = () => (caching ??= askTheWorker());

async function askTheWorker() {
  try {
    const { active, waiting, installing } = await navigator.serviceWorker.register(`${site}offline-worker.js`);
    const pages = [...document.querySelectorAll(".contents a")].map(({ href }) => href.split("#")[0]);
    const scripts = await (await fetch(`${site}scripts.json`, { cache: "no-cache" })).json();
    const others = [...pages, ...scripts.map((path) => site + path)];
    const seen = [location.href.split("#")[0], site, `${site}search.html`];
    (installing ?? waiting ?? active).postMessage({ seen, others });
  } catch { // without a service worker everything still works online
    caching = undefined; // without a network the next run tries again
  }
}

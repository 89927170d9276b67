// Once a listing has run, the pages are cached too, so that the course opens without network. The first page, the search, this
// page and every page opened later are cached with their pictures, all others without. offline-worker.js does the work.

const site = new URL("..", import.meta.url).href;

let caching;

// Once for each visit of a page.
export const cachePages = () => (caching ??= askTheWorker());

async function askTheWorker() {
  try {
    const { active, waiting, installing } = await navigator.serviceWorker.register(`${site}offline-worker.js`);
    const others = [...document.querySelectorAll(".contents a")].map(({ href }) => href.split("#")[0]);
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const scripts = loaded.filter((name) => name.startsWith(`${site}run/`) && /\.(js|css)\?/.test(name));
    const seen = [location.href.split("#")[0], site, `${site}search.html`];
    const ours = [...others, ...scripts].filter((address) => address.startsWith(site));
    (installing ?? waiting ?? active).postMessage({ seen, others: ours });
  } catch {} // without a service worker everything still works online
}

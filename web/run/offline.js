// Once something has run, the pages are kept too, so that the course opens without network.

const site = new URL("..", import.meta.url).href;

export async function keepPages() {
  try {
    await navigator.serviceWorker.register(`${site}offline-worker.js`);
    const cache = await caches.open(`pages of ${site}`);
    const pages = [...document.querySelectorAll(".contents a")].map((link) => link.href.split("#")[0]);
    const parts = performance.getEntriesByType("resource").filter(({ initiatorType }) => initiatorType !== "fetch").map(({ name }) => name);
    for (const address of new Set([location.href.split("#")[0], ...pages, ...parts])) {
      if (address.startsWith(site)) await cache.add(address);
    }
  } catch {} // a browser that keeps nothing: everything works as long as there is a network
}

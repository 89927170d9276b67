// Answers for pages, scripts, styles and pictures that the network doesn't give, with what was kept of them.

const cacheOfPages = caches.open(`pages of ${self.registration.scope}`);

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  // What a script fetches, files.js keeps by itself; JupyterLite has a worker of its own.
  if (request.method === "GET" && request.destination && origin === location.origin && !pathname.includes("/lite/")) {
    event.respondWith(answer(request));
  }
});

async function answer(request) {
  const cache = await cacheOfPages;
  try {
    const response = await fetch(request);
    if (response.status === 200) cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

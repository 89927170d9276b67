// In each page of JupyterLite: an output of a notebook can't send the reader to another host or page, which no policy of a page forbids.

const LITE = location.pathname.replace(/\/lite\/.*/, "/lite/"); // its own pages send each to another
globalThis.navigation?.addEventListener("navigate", (event) => {
  const { origin, protocol, pathname } = new URL(event.destination.url);
  const stays = origin === location.origin && (protocol === "blob:" || pathname.startsWith(LITE)); // a download is a blob
  if (!event.userInitiated && !stays) event.preventDefault();
});

// In each page of JupyterLite: an output of a notebook can't send the reader to another host, which no policy of a page forbids.

globalThis.navigation?.addEventListener("navigate", (event) => {
  if (!event.userInitiated && new URL(event.destination.url).origin !== location.origin) event.preventDefault();
});

// The files that running needs: fetched, verified by their SHA-256, and kept in this browser for the next page and the next day.

const base = new URL(".", import.meta.url).href;
const CACHE = `listings of ${base}`; // an origin may have other sites than this

export const READ_ON = "The text can be read as it is.";
export class FileError extends Error {}

let manifest, cache;

export async function openFiles() {
  cache = await globalThis.caches?.open(CACHE).catch(() => undefined); // a browser may keep nothing for this page
  manifest ??= (await list()).files;
  return { base, kept: Boolean(cache) };
}

// What there is. From the host, so that a new edition is seen at once; without network, as it was last seen.
async function list() {
  const address = `${base}manifest.json`;
  let response;
  try {
    response = await fetch(address, { cache: "no-cache" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    await keep(address, response.clone());
  } catch (error) {
    response = await cache?.match(address);
    if (!response) throw arrivesNot("manifest.json", error);
  }
  const listed = await response.json().catch(() => { throw damaged("manifest.json"); });
  await forgetOthers(listed.files);
  return listed;
}

async function keep(address, response) {
  try {
    await cache?.put(address, response);
  } catch { // no room, or no leave
    cache = undefined;
  }
}

async function forgetOthers(files) {
  const known = new Set([`${base}manifest.json`, ...files.map(address)]);
  for (const request of (await cache?.keys()) ?? []) if (!known.has(request.url)) await cache.delete(request);
}

const address = (file) => `${base}${file.path}?${file.sha256.slice(0, 16)}`;
const arrivesNot = (path, error) => new FileError(
  `${path} did not arrive (${error.message}). Check the connection and press Run again. ${READ_ON}`);
const damaged = (path) => new FileError(
  `${path} arrived damaged: its checksum is not the published one. Press Run to fetch it again. ${READ_ON}`);

// The files of a group as [[path, ArrayBuffer], ...]. report(bytes so far, bytes in all) is called as they come.
export async function loadGroup(group, report) {
  const files = manifest.filter((file) => file.group === group);
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  const add = (bytes) => report((done += bytes), total);
  return Promise.all(files.map(async (file) => [file.path, await load(file, add)]));
}

async function load(file, add) {
  const known = await cache?.match(address(file));
  const bytes = known && (await known.arrayBuffer());
  if (bytes && (await isRight(bytes, file))) {
    add(file.bytes);
    return bytes;
  }
  const fetched = await fetchFile(file, add);
  keep(address(file), new Response(fetched)); // meanwhile Python starts
  return fetched;
}

async function fetchFile(file, add) {
  const bytes = new Uint8Array(file.bytes);
  let size = 0;
  try {
    // Where the page itself can't compute a checksum (plain http), the browser does, and says no more than that it failed.
    const options = globalThis.crypto?.subtle ? {} : { integrity: `sha256-${base64(file.sha256)}` };
    const response = await fetch(address(file), { cache: cache ? "no-store" : "no-cache", ...options });
    if (!response.ok) throw new Error(`status ${response.status}`);
    for (const reader = response.body.getReader(); ;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (size + value.length > bytes.length) throw damaged(file.path);
      bytes.set(value, size);
      size += value.length;
      add(value.length);
    }
  } catch (error) {
    throw error instanceof FileError ? error : arrivesNot(file.path, error);
  }
  if (size < bytes.length || !(await isRight(bytes.buffer, file))) throw damaged(file.path);
  return bytes.buffer;
}

async function isRight(bytes, file) {
  if (!globalThis.crypto?.subtle) return true; // fetch has seen to it
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
}

const base64 = (hex) => btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16))));

// The files needed to run listings: fetched, verified by their SHA-256, and cached in this browser for later pages and visits.

import { cachesHere, fetched } from "../page/dom.js";
import { damaged, didNotArrive } from "./sentences.js";

const { href, search } = new URL(import.meta.url);
const base = new URL(".", href).href;
const CACHE = `listings of ${base}`; // other sites may share the origin

export class FileError extends Error {} // a file is missing; the message is a sentence for the reader

let manifest, cache;
const arrived = new Map(); // files, by address, that arrived for a group whose loading was stopped

// The cache may be unavailable or broken: then everything comes from the network.
const orNothing = (promise) => promise?.catch(() => undefined);

export async function openFiles(signal) {
  cache = await orNothing(cachesHere()?.open(CACHE));
  manifest ??= await list(signal);
  return { base, canCache: Boolean(cache) };
}

// The manifest. From the host, so that a new edition is noticed at once; without network, the cached one.
async function list(signal) {
  const address = `${base}manifest.json`;
  let listed;
  try {
    const response = await ask(address, { cache: "no-cache", signal }, fetched);
    signal?.throwIfAborted(); // else a kept copy would be taken
    listed = await response.clone().json().catch(() => { throw new FileError(damaged(LIST)); });
    await putInCache(address, response);
  } catch (error) {
    signal?.throwIfAborted();
    const cached = await orNothing(cache?.match(address));
    listed = await orNothing(cached?.json());
    if (!listed) throw error instanceof FileError ? error : new FileError(didNotArrive(LIST, error));
  }
  await orNothing(forgetOthers(listed.files));
  return listed.files;
}

async function ask(address, options, how = fetch) {
  const response = await how(address, options);
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response;
}

async function putInCache(address, response) {
  try {
    await cache?.put(address, response);
  } catch { // no space, or not allowed
    cache = undefined;
  }
}

async function forgetOthers(files) {
  const starts = START.flatMap((name) => [true, false].map((waits) => startAddress(files, name, waits)));
  const known = new Set([`${base}manifest.json`, ...files.map(address), ...starts]);
  for (const request of (await cache?.keys()) ?? []) if (!known.has(request.url)) await cache.delete(request);
}

const address = (file) => `${base}${file.path}?${file.sha256.slice(0, 16)}`;
const LIST = { group: "core", path: "manifest.json" };

// The files of a group whose path is wanted, each as it arrives: a Map of promises of ArrayBuffers, by path. Packages come last,
// because Python boots without them. report(bytes so far, total bytes) is called meanwhile.
export function loadGroup(group, report, signal, wanted = () => true) {
  const files = manifest.filter((file) => file.group === group && wanted(file.path));
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  const add = (bytes) => report((done += bytes), total);
  const isPackage = ({ path }) => path.endsWith(".whl");
  const first = files.filter((file) => !isPackage(file)).map((file) => [file.path, loadFile(file, add, signal)]);
  const afterThem = (file) => Promise.all(first.map(([, bytes]) => bytes)).then(() => loadFile(file, add, signal));
  const last = files.filter(isPackage).map((file) => [file.path, afterThem(file)]);
  const loaded = new Map([...first, ...last]);
  Promise.all(loaded.values()).then(() => files.forEach((file) => arrived.delete(address(file))), () => {});
  return loaded;
}

async function loadFile(file, add, signal) {
  const bytes = arrived.get(address(file)) ?? (await fromCache(file));
  if (bytes) {
    add(file.bytes);
    return bytes;
  }
  const whole = await fetchFile(file, add, signal);
  arrived.set(address(file), whole);
  storing.push(putInCache(address(file), new Response(whole))); // not awaited: Python starts meanwhile
  return whole;
}

const storing = [];
export const stored = () => Promise.all(storing);

async function fromCache(file) {
  const cached = await orNothing(cache?.match(address(file)));
  const bytes = await orNothing(cached?.arrayBuffer());
  return bytes && (await isRight(bytes, file)) ? bytes : undefined;
}

async function fetchFile(file, add, signal) {
  const bytes = new Uint8Array(file.bytes);
  // Over plain http the page can't compute checksums: the browser does, but reports only that the fetch failed.
  const options = globalThis.crypto?.subtle ? {} : { integrity: `sha256-${base64(file.sha256)}` };
  const lost = (error) => { throw signal?.aborted ? signal.reason : new FileError(didNotArrive(file, error)); };
  const response = await ask(address(file), { cache: cache ? "no-store" : "no-cache", signal, ...options }).catch(lost);
  let size = 0;
  for (const reader = response.body.getReader(); ;) {
    const { value, done } = await reader.read().catch(lost);
    if (done) break;
    if (size + value.length > bytes.length) throw new FileError(damaged(file));
    bytes.set(value, size);
    size += value.length;
    add(value.length);
  }
  if (size < bytes.length || !(await isRight(bytes.buffer, file))) throw new FileError(damaged(file));
  return bytes.buffer;
}

async function isRight(bytes, file) {
  if (!globalThis.crypto?.subtle) return true; // fetch has verified it
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
}

const base64 = (hex) => btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16))));

// What a start can continue from (see worker.js): a memory snapshot, and packages with compiled modules. It depends on whether the
// browser has JSPI (`waits`), and on every file from which it was made.
const START = ["memory", "packages"];

function startAddress(files, name, waits) {
  const core = files.filter(({ group }) => group === "core").map((file) => file.sha256.slice(0, 8));
  return `${base}${name}?${core.join("-")}-${search.slice(1)}-${waits}`;
}

export async function cachedStart(waits) {
  const parts = START.map(async (name) => (await cache?.match(startAddress(manifest, name, waits)))?.arrayBuffer());
  const [memory, packages] = await Promise.all(parts.map(orNothing));
  return memory && packages && { memory, packages };
}

// Store it, or delete the stored one if it is undefined.
export async function cacheStart(waits, start) {
  for (const name of START) {
    const place = startAddress(manifest, name, waits);
    if (start) await putInCache(place, new Response(start[name]));
    else await orNothing(cache?.delete(place));
  }
}

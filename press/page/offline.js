// What is there without a network: a page that was opened, with its pictures, once it has been shown; after a run also what has run, and
// the text of all pages; and if the reader asks for it in My course, all. offline-worker.js does the work.

import { BOOK, fetched, made } from "./dom.js";
import { each } from "./plugs.js";

const site = new URL("..", import.meta.url).href, here = location.href.split(/[?#]/)[0]; // a search is no other page
const PYTHON = ["core", "matplotlib", ...Object.keys(BOOK.labels)]; // groups of the manifest

const listed = async (path, how = fetch) => (await how(site + path, { cache: "no-cache" })).json();
const inSite = (paths) => paths.map((path) => site + path);
const isHere = (selector) => document.querySelector(selector) !== null;

// The files that this page may still ask for, those of listings apart.
const isOfThisPage = (path) => path.startsWith("page/") || (path.startsWith("hand/") && isHere(".hand"))
  || (path.startsWith("questions.json") && isHere("#class-files")) || each("asked", path).some(Boolean);

// Let the service worker keep pages with their pictures, styles and scripts (`seen`), and files without parts (`others`); with `missing`
// only what is not there. report(done, total) is called meanwhile. Returns how many could not be kept.
async function keep(message, report = () => {}) {
  const { active, waiting, installing } = await navigator.serviceWorker.register(`${site}offline-worker.js`), { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data: { done, total, lost } }) => (done < total ? report(done, total) : resolve(lost));
    (installing ?? waiting ?? active).postMessage(message, [port2]);
  });
}

function say(sentence) {
  const place = document.querySelector("body > footer p");
  place.querySelector(".kept")?.remove();
  place.append(made("span", { className: "kept", textContent: ` · ${sentence}` }));
}

export async function keepPage() {
  if (navigator.connection?.saveData) return;
  const fonts = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.startsWith(site) && /\.woff2/.test(name));
  const others = [...inSite((await listed("scripts.json")).filter(isOfThisPage)), ...fonts];
  if (await keep({ seen: [here], others, missing: true }) === 0 && !caching) say(_`This page is kept in this browser: it opens without a network.`);
}

let caching;

// Once for each visit of a page, if it succeeds.
// The pages of another theme than that of the press are not kept.
export const keepPages = () => document.querySelector(".contents") && (caching ??= askForAll().catch(() => (caching = undefined))); // without a network the next run tries again

async function askForAll() {
  const pages = [...document.querySelectorAll(".contents a")].map(({ href }) => href.split("#")[0]);
  const others = [...pages, ...inSite(await listed("scripts.json"))];
  const lost = await keep({ seen: [here, site, `${site}search.html`], others });
  if (lost === 0) say(_`This page, what has run here, and the text of all others are kept in this browser: they work without a network.`);
}

// The whole course: its files, [[address, bytes], ...], those of Python with the names under which run/files.js keeps them.
async function all() {
  const [{ files, pages }, scripts] = await Promise.all([listed("run/manifest.json", fetched), listed("scripts.json", fetched)]);
  const python = files.filter(({ group }) => PYTHON.includes(group));
  return {
    megabytes: [...python, pages].reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
    pages: inSite([...pages.paths, ...scripts, "scripts.json"]),
    python: python.map(({ path, sha256 }) => `${site}run/${path}?${sha256.slice(0, 16)}`),
  };
}

// How many megabytes the whole course has, and whether all of them are kept.
export async function whole() {
  const { megabytes, pages, python } = await all(), names = [`pages of ${site}`, `listings of ${site}run/`];
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
  const there = new Set(kept.flat());
  return { megabytes, isKept: [...pages, ...python].every((address) => there.has(address)) };
}

// Keep the whole course. report(megabytes so far) is called meanwhile. Returns whether all of it is there.
export async function keepWhole(report) {
  const [{ pages }, { openFiles, loadGroup, stored }] = await Promise.all([all(), import("../run/files.js")]), done = {};
  await navigator.storage?.persist?.(); // so that the browser doesn't clear it by itself
  await openFiles();
  for (const group of PYTHON) {
    const add = (bytes) => report(Object.values({ ...done, [group]: (done[group] = bytes) }).reduce((sum, one) => sum + one) / 1e6);
    await Promise.all(loadGroup(group, add).values());
  }
  await stored();
  await keep({ seen: [], others: pages });
  return (await whole()).isKept;
}

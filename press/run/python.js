// A Python in a worker: the files handed over to it, and requests to it, one at a time.

import { FileError, cacheStart, cachedStart, loadGroup, openFiles } from "./files.js";
import { loading, NO_WEBASSEMBLY, NOT_TAKEN, STARTING, USE_BOOKS } from "./sentences.js";
import { unzip } from "./unzip.js";

// A module of one function that uses SIMD: () => i8x16.splat(0).
const SIMD = new Uint8Array(
  [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]);
const ENVIRONMENT = { PYTHONPYCACHEPREFIX: "/run/compiled", HOME: "/home/pyodide", PYTHONHASHSEED: "0" };
const OF_BOOK = "environment.json"; // variables that the book adds. All are part of a memory snapshot
const IMPORTS = "ast, asyncio, base64, collections.abc, concurrent.futures, copy, csv, ctypes, dataclasses, datetime, "
  + "decimal, difflib, enum, fractions, functools, glob, gzip, hashlib, html, importlib.metadata, "
  + "importlib.resources, inspect, io, itertools, json, linecache, locale, logging, math, numbers, operator, "
  + "pathlib, pickle, platform, pprint, random, re, secrets, shutil, signal, statistics, string, struct, "
  + "subprocess, symtable, tempfile, textwrap, threading, timeit, traceback, typing, unicodedata, unittest, uuid, "
  + "warnings, weakref, xml.dom.minidom, zipfile, zlib";
// Whether Stop can leave Python alive. Set aside while it waits, Python breaks down or hangs in WebKit.
const IN_WEBKIT = navigator.userAgent.includes("AppleWebKit/605"); // Chrome says 537
export const CAN_STOP = !IN_WEBKIT && "Suspending" in (globalThis.WebAssembly ?? {});
export class Ended extends Error {} // by the reader
export class PythonError extends Error {} // not an error of a listing: Python itself, or its worker, failed

// What answers each request to the worker: for those that run a reader's code with all that the page reads of it.
const isText = (value) => typeof value === "string";
const isVerdict = (value) => ["kind", "why", "example"].every((part) => isText(value?.[part]))
  && (value.places ?? []).every?.((place) => isText(place?.kind) && isText(place.why));
const ANSWERS = {
  boot: ({ type }) => type === "booted",
  open: ({ type }) => type === "ready",
  take: ({ type }) => type === "taken",
  facts: ({ type }) => type === "facts",
  call: ({ type }) => type === "called",
  run: ({ type, how, seconds, changed, checked = [] }) => type === "end" && ["ran", "failed", "stopped"].includes(how) && Number.isFinite(seconds)
    && Array.isArray(changed) && changed.every(isText) && Array.isArray(checked) && checked.every(isVerdict),
};
// What the book's own functions answer (see book.py).
const isJudged = (said) => (said?.verdict === null || isVerdict(said?.verdict))
  && Number.isInteger(said.line) && isText(said.traceback) && isText(said.printed);
const isTimed = (said) => said === null || (Array.isArray(said) && said.every(Number.isFinite));

const isAnswer = (said) => said === null || isText(said?.said);

const LOADS = ["boot", "open", "take"]; // they run nothing of the reader's, and end by themselves

const unusable = new Map(); // why this page does not call a function of the book's again: it has ended Python, or Stop had to end it

// Start Python. The object returned can be used at once: it waits for the start where necessary.
//
//   say(text), meter(bytes, total)  report the progress
//   begin()                         is called when a listing begins
//   output(kind, text)              with each piece of its output
export function startPython({ say, meter, begin, output }) {
  if (typeof WebAssembly !== "object") throw new FileError(NO_WEBASSEMBLY);
  const loaded = new Set(["core"]), given = new Set(); // groups, and the files of them, of which one may be in two
  let downloads = new AbortController();
  let used, isTaking = false; // whether the book's functions get what is the reader's, and whether they do now
  let problem = ""; // why some of that can't be used
  const looks = new Map(); // those who still wait for what an editor has asked, by number
  let looked = 0;
  let worker, asked, files, isReady = false, isOver = false;
  let stopSent; // the time of a request to stop, until Python has stopped

  function end() {
    isOver = true;
    downloads.abort(new Ended());
    worker?.terminate();
    asked?.reject(new Ended());
    looks.forEach((resolve) => resolve());
  }

  async function ask(message, transfer = [], fits = () => true) {
    if (isOver) {
      worker.terminate();
      throw new Ended();
    }
    return new Promise((resolve, reject) => {
      asked = { resolve, reject, type: message.type, fits };
      worker.postMessage(message, transfer);
    }).finally(() => (asked = stopSent = undefined));
  }

  // Messages of the worker may be forged by a reader's code, so they are only ever shown as text or as a picture, and what is no
  // answer is left out.
  function hear({ data: message }) {
    const data = Object(message);
    if (data.type === "begin") begin();
    else if (data.type === "output") output(data.kind, String(data.text));
    else if (data.type === "looked") {
      looks.get(data.id)?.(data.answer);
      looks.delete(data.id);
    } else if (data.type === "broken") asked?.reject(new PythonError(String(data.text)));
    else if (asked && ANSWERS[asked.type](data) && asked.fits(data)) asked.resolve(data);
  }

  // The files of a group, each as it arrives: a Map of promises, by path.
  function fetchGroup(group, wanted) {
    say(loading(group));
    if (isReady) downloads = new AbortController();
    const files = loadGroup(group, meter, downloads.signal, wanted);
    all(files).catch(() => {}).then(() => meter());
    return files;
  }

  // Python boots while packages still arrive and, on another core, are unpacked.
  async function start(cached) {
    const core = fetchGroup("core", cached && ((path) => !isPackage(path)));
    worker = await makeWorker(core);
    worker.onmessage = hear;
    worker.onerror = (event) => asked?.reject(broken(event));
    const parts = await all(core, isPart), env = await environment(core);
    say(STARTING);
    const memory = cached?.memory;
    const booted = ask({ type: "boot", address: files.base, parts, memory, waits: CAN_STOP, env }, memory ? [memory] : []);
    const [packages] = await Promise.all([cached ? unzip(cached.packages) : unpack(core), booted]);
    await give({ type: "open", packages, folder: folderOf(files.base) });
  }

  const give = (message) => ask(message, [...new Set(message.packages.map(([, bytes]) => bytes.buffer))]);

  async function open() {
    say(loading("core"));
    files = await openFiles(downloads.signal);
    const cached = await cachedStart(CAN_STOP);
    if (!cached) return start();
    try {
      await start(cached);
    } catch (error) { // what was cached does not fit this browser any more: start without it
      if (error instanceof FileError || error instanceof Ended) throw error;
      worker.terminate();
      await cacheStart(CAN_STOP, undefined);
      await start();
    }
  }

  const ready = open().then(() => (isReady = true));
  ready.catch(() => worker?.terminate()); // the error is handled by those who await it

  const call = async (name, given, fits) => (await ask({ type: "call", name, given }, [], ({ said }) => fits(said))).said;

  // Give what is the reader's own to functions of the book's: [[name, arguments], ...]. Each returns what went wrong, or "".
  async function use(calls) {
    for (const [name, given] of calls) {
      isTaking = true;
      try {
        problem += unusable.get(name) ?? await call(name, given, isText);
      } catch (error) {
        unusable.set(name, error instanceof Ended ? NOT_TAKEN : `${error.message}. ${USE_BOOKS}`);
        throw error;
      } finally {
        isTaking = false;
      }
    }
  }

  return {
    ready,
    end,
    isReady: () => isReady,
    use: (own) => (used ??= use(own())), // once, as it is when the first listing runs
    hasDrawn: () => loaded.has("matplotlib"),
    stopLoading: () => downloads.abort(new Ended()),
    limits: () => ({ hasSimd: WebAssembly.validate(SIMD), canStop: CAN_STOP, canCache: files.canCache, problem }),
    // Whether a function is judged and timed without the listings. `above`: what those above define, or nothing if it comes from a file.
    isAlone: (name) => call("is_alone", [name], (said) => typeof said === "boolean"),
    judge: (name, defined, code, above = null) => call("judge", [name, defined, code, above], isJudged),
    time: (name, defined, code) => call("time_ways", [name, defined, code], isTimed),
    step: (name, defined, code) => call("step_through", [name, defined, code], (said) => said === null || isText(said)),
    ask: (name, defined, given) => call("ask", [name, defined, given], isAnswer),
    look: (how, text, codes) => new Promise((resolve) => {
      looks.set(++looked, resolve);
      worker.postMessage({ type: "look", how, text, codes, id: looked });
    }),
    isLooking: () => looks.size > 0,
    isTaking: () => isTaking,
    facts: async (codes) => (await ask({ type: "facts", codes })).facts,
    run: (number, code, unknown, drawnAfter, steps) => ask({ type: "run", number, code, unknown, drawnAfter, steps }),
    // Interrupt what runs; late() is called if it has not ended after so many milliseconds.
    stop(patience, late) {
      if (!asked || LOADS.includes(asked.type)) return;
      const now = (stopSent = performance.now());
      worker.postMessage({ type: "stop" });
      setTimeout(() => stopSent === now && late(), patience);
    },
    isDeaf: (patience) => stopSent !== undefined && performance.now() - stopSent > patience,
    // Load the groups of files that Python does not have yet, and hand them over.
    async give(groups) {
      for (const group of groups.filter((group) => !loaded.has(group))) {
        const files = fetchGroup(group, (path) => !given.has(path));
        await give({ type: "take", group, packages: await unpack(files) });
        [...files.keys()].forEach((path) => given.add(path));
        loaded.add(group);
      }
    },
  };
}

// The worker is made from a blob, so that it inherits this page's Content-Security-Policy (see worker.js).
async function makeWorker(core) {
  const scripts = await Promise.all(SCRIPTS.map((path) => core.get(path)));
  const blob = new Blob(scripts.flatMap((script) => [script, "\n"]), { type: "text/javascript" });
  return new Worker(URL.createObjectURL(blob));
}

// The folder of this page in the book, "" or such as "part/".
const folderOf = (run) => decodeURI(location.pathname.slice(new URL("..", run).pathname.length)).replace(/[^/]*$/, "");

const environment = async (core) => ({ ...ENVIRONMENT, ...JSON.parse(new TextDecoder().decode(await core.get(OF_BOOK))) });

const broken = (event) => new PythonError(event.message || "its worker did not start");

const SCRIPTS = ["pyodide/pyodide.js", "pyodide/pyodide.asm.js", "worker.js"];
const isWheel = (path) => path.endsWith(".whl") || (/^pyodide\/.*\.zip$/.test(path) && path !== STDLIB); // a library is a .zip
const STDLIB = "pyodide/python_stdlib.zip";
// Pyodide loads it when it boots.
const isPart = (path) => path.startsWith("pyodide/") && !isWheel(path) && !SCRIPTS.includes(path);
const isPackage = (path) => !isPart(path) && ![...SCRIPTS, OF_BOOK].includes(path);

// Those files of a group that are wanted, once they have arrived: [[path, ArrayBuffer], ...].
const all = (files, wanted = () => true) =>
  Promise.all([...files].filter(([path]) => wanted(path)).map(async ([path, bytes]) => [path, await bytes]));

// The packages among the files: [[path, Uint8Array], ...], with each wheel replaced by the files in it.
async function unpack(files) {
  const unpacked = (await all(files, isPackage)).map(([path, bytes]) => (isWheel(path) ? unzip(bytes) : [[path, new Uint8Array(bytes)]]));
  return (await Promise.all(unpacked)).flat();
}

// Prepare the next start in a second Python, and cache the result. It takes a while, so it is done when the page is idle: once, and
// once more when a page has drawn figures for the first time, for Matplotlib's modules. It is not done on devices with too little
// memory. If it fails, the next start takes longer.
let prepared;
export function prepareNextStart(figures) {
  prepared ??= prepare(figures).catch(() => {});
}

async function prepare(figures) {
  if (navigator.deviceMemory < 4) return; // gigabytes; undefined in some browsers
  const files = await openFiles(), cached = await cachedStart(CAN_STOP);
  if (!files.canCache || (cached && !(figures && (await lacksFigures(cached))))) return;
  const core = loadGroup("core", () => {}), more = figures ? loadGroup("matplotlib", () => {}) : new Map();
  const [parts, packages, others] = await Promise.all([all(core, isPart), unpack(core), unpack(more)]);
  const worker = await makeWorker(core), env = await environment(core);
  const start = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(broken(event));
    worker.postMessage({ type: "remember", address: files.base, parts, packages, others, waits: CAN_STOP, env, imports: IMPORTS });
  }).finally(() => worker.terminate());
  if (start.memory) await cacheStart(CAN_STOP, start);
}

const lacksFigures = async ({ packages }) => !(await unzip(packages)).some(([path]) => path.includes("/matplotlib/"));

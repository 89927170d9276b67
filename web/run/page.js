// Runs a page's listings: which of them, in which order, and what the reader is told meanwhile.

const version = new URL(import.meta.url).search;
const [{ openFiles, loadGroup, FileError, READ_ON }, { makeEditable }, { makeOutput }, { keepPages }] = await Promise.all(
  ["files", "edit", "output", "offline"].map((name) => import(`./${name}.js${version}`)));

// A module of one function that uses SIMD: () => i8x16.splat(0).
const SIMD = new Uint8Array(
  [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]);
const ENVIRONMENT = { MLP_ENGINE: "own", FASHION_MNIST_DIR: "/run/fashion-mnist", TQDM_DISABLE: "1" };
const STEPS = { core: "Loading Python.", matplotlib: "Loading Matplotlib, for figures.", data: "Loading Fashion-MNIST." };
const STOPPED = new Error("stopped");

let listings, bar, runAll, say;
let python; // {worker, loaded: the groups of files that it has}, or nothing
let asked; // {resolve, reject} of what the worker was asked last
let queue = []; // the listings to run, the one that runs first
let remark = ""; // what this browser can't do, and what follows from it

export function open(cells, view) {
  ({ bar, runAll, say } = view);
  listings = cells.map((cell, i) => {
    const listing = { cell, number: i + 1, note: "" };
    makeEditable(listing, { button: view.button, run: () => run(i), changed: () => show(listing) });
    makeOutput(listing);
    return listing;
  });
  bar.stop = view.button("Stop", "", stop);
  bar.stop.className = "stop";
  bar.meter = document.createElement("span");
  bar.meter.className = "run-meter";
  const buttons = document.createElement("div");
  buttons.className = "run-buttons";
  buttons.append(bar.meter, bar.stop, view.button("Start over", "", startOver));
  bar.append(buttons);
  return { run, edit: (i) => listings[i].edit(), stop, isBusy: (i) => queue.includes(listings[i] ?? queue[0]) };
}

// What a listing's row says, and whether its first button runs it or stops.
function show(listing, note = listing.note) {
  listing.note = note;
  const edited = listing.code === listing.original ? "" : "edited";
  listing.cell.querySelector(".run-state").textContent = [`Listing ${listing.number}`, edited, note].filter(Boolean).join(" · ");
  const button = listing.cell.querySelector(".run");
  setBusy(button, queue.includes(listing), "Run");
  button.setAttribute("aria-label", `${button.textContent} listing ${listing.number}`);
  setBusy(runAll, queue.length > 0, "Run all");
  bar.stop.disabled = !queue.length;
}

function setBusy(button, busy, otherwise) {
  button.textContent = busy ? "Stop" : otherwise;
  button.toggleAttribute("data-busy", busy);
}

// Run listing i after those above it that have not run as they stand; with `all`, every listing up to it, again.
async function run(i, all = false) {
  const wanted = listings.slice(0, i + 1).filter((listing) => all || listing === listings[i] || listing.ran !== listing.code);
  const busy = queue.length > 0;
  queue = [...new Set([...queue, ...wanted])];
  wanted.forEach((listing) => show(listing, listing === queue[0] && busy ? undefined : "waiting"));
  if (busy) return;
  const start = performance.now(), above = all ? [] : wanted.slice(0, -1);
  try {
    await startPython(aboveFirst(above));
    const failed = await runQueue(aboveFirst(above));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (failed) finish("failed", `Listing ${failed.number} ended with an error.${notRun()}`);
    else finish("done", `${hasRun(all, listings[i], above)}, in ${seconds} s.${remark}`);
  } catch (error) {
    if (error === STOPPED) return;
    forget();
    finish("failed", reason(error));
  }
}

async function runQueue(why) {
  for (let count = 1; queue.length; count++) {
    const [listing] = queue;
    say("running", `Running listing ${listing.number}${queue.length > 1 ? `, ${queue.length - 1} to go` : ""}.${count === 1 ? why : ""}${remark}`);
    const good = await runListing(listing);
    queue.shift();
    show(listing);
    if (!good && !listing.cell.classList.contains("tag_raises-exception")) return listing;
  }
}

function aboveFirst(above) {
  if (!above.length) return "";
  const one = above.length === 1;
  return ` First ${named(above)} above it, which ${one ? "has" : "have"} not run.`;
}

function notRun() {
  return queue.length ? ` ${named(queue, "L")} ${queue.length === 1 ? "was" : "were"} not run.` : "";
}

function hasRun(all, listing, above) {
  if (all) return `All ${listings.length} listings have run`;
  return above.length ? `Listing ${listing.number} and ${above.length} above it have run` : `Listing ${listing.number} has run`;
}

// Listing 3; listings 3 and 4; listings 3 to 5; listings 1, 3 and 4.
function named(some, letter = "l") {
  const numbers = some.map((listing) => listing.number), last = numbers.at(-1);
  if (numbers.length === 1) return `${letter}isting ${last}`;
  const inARow = numbers.length > 2 && last - numbers[0] === numbers.length - 1;
  return `${letter}istings ${inARow ? `${numbers[0]} to ${last}` : `${numbers.slice(0, -1).join(", ")} and ${last}`}`;
}

function finish(state, text) {
  const rest = queue;
  queue = [];
  rest.forEach((listing) => show(listing, ""));
  if (!rest.length) show(listings[0]);
  bar.meter.textContent = "";
  say(state, text);
}

function reason(error) {
  if (error instanceof FileError) return error.message;
  if (/memory|allocat/i.test(error.message)) return `This device has too little memory left for Python. Close other pages and press Run again. ${READ_ON}`;
  return `Python broke down (${error.message}). What it had computed is gone; Run starts it anew.`;
}

// End Python, and with it what the listings had computed.
function forget() {
  python?.worker?.terminate();
  python = undefined;
  asked?.reject(STOPPED);
  asked = undefined;
  listings.forEach((listing) => {
    listing.ran = undefined;
    listing.finishOutput();
    show(listing, "");
  });
}

function stop() {
  const where = queue.length && python?.worker ? ` in listing ${queue[0].number}` : "";
  forget();
  finish("stopped", `Stopped${where}. What the listings had computed is gone: the next Run begins with the first listing.`);
}

function startOver() {
  forget();
  listings.forEach((listing) => listing.restoreOutput());
  finish("stopped", "Started over: nothing has run, and the outputs are the book's again. Your edits stay.");
}

// Ask the worker, and wait for the answer that ends it.
function ask(message, transfer = []) {
  return new Promise((resolve, reject) => {
    asked = { resolve, reject };
    python.worker.postMessage(message, transfer);
  });
}

// What the worker says may be forged by a reader's code: it is shown as text or as a picture, and never becomes more than that.
function hear(message) {
  if (message.type === "begin") {
    queue[0]?.startOutput();
    if (queue[0]) show(queue[0], "running");
  } else if (message.type === "output") queue[0]?.addOutput(message.kind, String(message.text));
  else if (message.type === "broken") asked?.reject(new Error(String(message.text)));
  else asked?.resolve(message);
}

async function load(group, why = "") {
  const mine = python;
  say("loading", STEPS[group] + why);
  const files = await loadGroup(group, (done, total) => {
    if (python === mine) bar.meter.textContent = `${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  });
  if (python !== mine) throw STOPPED;
  bar.meter.textContent = "";
  return files;
}

async function startPython(why) {
  if (python) return;
  if (typeof WebAssembly !== "object") throw new FileError(`This browser has no WebAssembly, which Python needs here. ${READ_ON}`);
  const mine = (python = { loaded: ["core"] });
  say("loading", STEPS.core + why);
  const { base, kept } = await openFiles();
  if (python !== mine) throw STOPPED;
  const files = new Map(await load("core", why));
  say("loading", `Starting Python.${why}`);
  remark = (WebAssembly.validate(SIMD) ? "" : " This browser lacks WebAssembly's SIMD, so training is slow here.")
    + (kept ? "" : " This browser keeps nothing for this page, so the next visit loads everything again.");
  python.worker = makeWorker(files);
  const parts = [...files].filter(([path]) => path.startsWith("pyodide/") && !path.endsWith(".whl"));
  const packages = [...files].filter(([path]) => !parts.some(([part]) => part === path));
  await ask({ type: "start", address: base, parts, packages, env: ENVIRONMENT }, [...files.values()]);
  if (kept) keepPages();
}

// From a blob, so that it has this page's Content-Security-Policy (see worker.js).
function makeWorker(files) {
  const scripts = ["pyodide/pyodide.js", "pyodide/pyodide.asm.js", "worker.js"];
  const blob = new Blob(scripts.flatMap((path) => [files.get(path), "\n"]), { type: "text/javascript" });
  scripts.forEach((path) => files.delete(path));
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address);
  worker.onmessage = ({ data }) => python?.worker === worker && hear(data);
  worker.onerror = (event) => python?.worker === worker && asked?.reject(new Error(event.message || "its worker did not start"));
  return worker;
}

async function runListing(listing) {
  const code = listing.code;
  const { groups } = await ask({ type: "needs", code });
  for (const group of groups.filter((group) => !python.loaded.includes(group))) {
    const said = bar.querySelector("p").textContent;
    const packages = await load(group);
    await ask({ type: "take", packages }, packages.map(([, bytes]) => bytes));
    python.loaded.push(group);
    say("running", said);
  }
  const { good, seconds } = await ask({ type: "run", number: listing.number, code });
  listing.finishOutput();
  if (!good && listing.cell.tagName === "DETAILS") listing.cell.open = true; // what it checks is folded while it holds
  listing.ran = code; // also where it ended with an error: a listing below may be run all the same
  show(listing, good ? `ran in ${seconds.toFixed(1)} s` : "ended with an error");
  return good;
}

// Decides which of a page's listings run, and in which order. The display is derived from a few variables: the present code of a
// listing (listing.code), its last run (listing.run), the listing that runs (current), and those that wait (queue, steps).

const version = new URL(import.meta.url).search;
const [{ makeEditable }, { makeOutput }, { keepPages }, { makeMovable }, { makeView }, { plan, upToDate, reading, note, ranAsItStands },
  { startPython, remember, remarks, CAN_STOP, Ended, PythonError, FileError, READ_ON }] = await Promise.all(
  ["edit", "output", "offline", "draggable", "view", "dependencies", "python"].map((name) => import(`./${name}.js${version}`)));

const PATIENCE = 3000; // milliseconds after which a Stop without effect is explained
const LEISURE = 4000; // milliseconds without work after which a memory snapshot is taken for the next visit
const SHORT = 0.5; // a listing and its dependents that took fewer seconds run again while a number is dragged
const LOST = "What the listings had computed is gone: the next Run begins with the first that it needs.";

let listings, view;
let python; // undefined until the first listing is to run
let last = new Map(); // the version of each name that Python has now (see dependencies.js)
let queue = []; // requests that are not completed: {target, all, done}
let steps = []; // the listings that the first request still needs after the one that runs
let taken = new Set(); // listings that the reader removed from the queue
let current; // the listing that runs
let working = false, halted; // halted: the message to show after the reader has stopped the work

export function open(cells, { bar, runAll, say, button, markNumbers }) {
  listings = cells.map((cell, i) => {
    const listing = { cell, number: i + 1 };
    makeEditable(listing, { button, run: () => request(listing), changed: draw, markNumbers });
    makeOutput(listing);
    makeMovable(listing, { before: () => upToDate(listings), run: runWith, isQuick });
    return listing;
  });
  view = makeView(bar, runAll, { say, button, stop, startOver });
  draw();
  return {
    listings,
    press: (i, all) => (isBusy(all ? undefined : listings[i]) ? stop(all ? undefined : listings[i]) : request(listings[i], all)),
  };
}

const isWaiting = (listing) => steps.includes(listing) || queue.some(({ target }) => target === listing);
const isBusy = (listing) => (listing ? listing === current || isWaiting(listing) : queue.length > 0);

// The state of a listing as one word, from which its row is drawn.
function stateOf(listing, good) {
  if (listing === current) return "running";
  if (isWaiting(listing)) return "waiting";
  if (!listing.run) return "new";
  if (!ranAsItStands(listing)) return "changed";
  return listing.run.how === "stopped" || good.has(listing) ? listing.run.how : "old";
}

function draw() {
  if (!view) return; // stored edits are applied before the view exists
  const good = upToDate(listings);
  listings.forEach((listing) => view.row(listing, stateOf(listing, good)));
  view.busy(queue.length > 0 || Boolean(current));
}

// Run a listing after those above it that it needs; with `all`, run every listing up to it again.
// `again`: whether a listing that is running must run once more, as when it was edited meanwhile.
function request(listing, all = false, again = listing === current && current.running !== listing.code) {
  if (isBusy(listing) && !all && (!again || queue.slice(1).some(({ target }) => target === listing))) return;
  taken.delete(listing);
  halted = undefined;
  queue.push({ target: listing, all, done: new Set() });
  view.open();
  draw();
  if (!working) work();
}

async function work() {
  const ran = [], start = performance.now();
  let failed, error;
  working = true;
  view.clock(start);
  try {
    view.say(python ? "running" : "loading", python ? `Running listing ${queue[0].target.number}.` : "Loading Python.");
    python ??= startPython({ say: (text) => view.say("loading", text), meter: view.meter, begin, output });
    await python.ready;
    while (queue.length && !failed) {
      const { done, target, all } = queue[0], listing = await nextOf(queue[0]);
      if (listing) {
        const above = done.size || all ? [] : [listing, ...steps].filter((step) => step !== target);
        done.add(listing);
        const how = await runListing(listing, above.length ? firstAbove(above) : "");
        ran.push({ listing, all });
        if (how === "failed" && !listing.cell.classList.contains("tag_raises-exception")) failed = listing;
      } else if (queue[0]?.target === target) queue.shift();
      draw();
    }
  } catch (thrown) {
    error = thrown;
  }
  working = false;
  finish({ ran, failed, error, seconds: (performance.now() - start) / 1000 });
}

// The listing that a request needs next, or undefined; `steps` are those after it.
async function nextOf({ target, all, done }) {
  const above = listings.slice(0, listings.indexOf(target) + 1);
  if (done.has(target)) return;
  await learn(above);
  const wanted = (all ? above : plan(listings, target, last)).filter((listing) => !done.has(listing) && !taken.has(listing));
  steps = wanted.slice(1);
  return wanted[0];
}

// Ask Python to analyse the listings whose code has changed since their last analysis.
async function learn(some) {
  const unknown = some.filter(({ facts, code }) => facts?.code !== code), codes = unknown.map(({ code }) => code);
  if (!unknown.length) return;
  const facts = await python.facts(codes);
  unknown.forEach((listing, i) => (listing.facts = { ...facts[i], code: codes[i] }));
}

async function runListing(listing, why) {
  do {
    await learn([listing]);
    await python.give(listing.facts.groups);
  } while (listing.facts.code !== listing.code); // edited meanwhile
  const { code, facts } = listing;
  const left = steps.length + queue.length - 1;
  view.say("running", `Running listing ${listing.number}${left ? `, ${left} to go` : ""}.${why}${remarks(python)}`);
  current = listing;
  listing.running = code;
  draw();
  const { read, unknown, drawnAfter } = reading(listings, listing, last);
  const { how, seconds, changed } = await python.run(listing.number, code, unknown, drawnAfter?.number);
  current = undefined;
  listing.finishOutput(how);
  note(listings, listing, { code, facts, how, seconds, changed, read }, last);
  if (how === "failed" && listing.cell.tagName === "DETAILS") listing.cell.open = true; // a check is folded as long as it passes
  if (how === "ran" && listings.slice(0, listing.number).every((above) => above.code === above.original)) listing.compareDigits();
  return how;
}

function begin() {
  current?.startOutput();
}

function output(kind, text) {
  current?.addOutput(kind, text);
}

function finish({ ran, failed, error, seconds }) {
  const rest = [...new Set([...steps, ...queue.map(({ target }) => target)])].filter((listing) => listing !== failed);
  view.clock();
  if (queue.length && !failed && (!error || error instanceof Ended)) return work(); // requested meanwhile
  queue = [];
  steps = [];
  taken.clear();
  if (error && !(error instanceof Ended)) forget();
  draw();
  if (error && !(error instanceof Ended)) view.say("failed", reason(error));
  else if (halted) view.say("stopped", halted);
  else if (failed) view.say("failed", `Listing ${failed.number} ended with an error.${notRun(rest)}`, failed);
  else if (!error) view.say("done", `${hasRun(ran)}, in ${seconds.toFixed(1)} s.${remarks(python)}`);
  if (python?.isReady() && python.kept()) {
    keepPages();
    setTimeout(() => working || remember().catch(() => {}), LEISURE); // if it fails, the next start takes longer
  }
}

const firstAbove = (some) => ` First ${named(some)} above it, which ${some.length === 1 ? "is" : "are"} not up to date.`;

function notRun(rest) {
  return rest.length ? ` ${named(rest, "L")} ${rest.length === 1 ? "was" : "were"} not run.` : "";
}

function hasRun(ran) {
  const numbers = ran.map(({ listing }) => listing);
  if (ran.some(({ all }) => all)) return `All ${ran.length} listings have run`;
  return `${named([...new Set(numbers)].sort((a, b) => a.number - b.number), "L")} ${ran.length > 1 ? "have" : "has"} run`;
}

// Listing 3; listings 3 and 4; listings 3 to 5; listings 1, 3 and 4.
function named(some, letter = "l") {
  const numbers = some.map((listing) => listing.number), end = numbers.at(-1);
  if (numbers.length === 1) return `${letter}isting ${end}`;
  const inARow = numbers.length > 2 && end - numbers[0] === numbers.length - 1;
  return `${letter}istings ${inARow ? `${numbers[0]} to ${end}` : `${numbers.slice(0, -1).join(", ")} and ${end}`}`;
}

function reason(error) {
  if (error instanceof FileError) return error.message;
  if (/memory|allocat/i.test(error.message)) return `This device has too little memory left for Python. Close other pages and press Run again. ${READ_ON}`;
  if (error instanceof PythonError) return `Python broke down (${error.message}). What it had computed is gone; Run starts it again.`;
  console.error(error);
  return `A mistake in this page's own script (${error.message}). Please report it. ${READ_ON}`;
}

// End Python, which discards the results of the listings.
function forget() {
  python?.end();
  python = current = undefined;
  last = new Map();
  listings.forEach((listing) => {
    listing.finishOutput("stopped");
    listing.run = undefined;
  });
}

// Remove a waiting listing from the queue; otherwise stop the running one, and keep the results of the listings if the browser can.
function stop(listing = current) {
  if (listing !== current) {
    taken.add(listing);
    steps = steps.filter((step) => step !== listing);
    queue = queue.filter(({ target }) => target !== listing);
    if (queue.length) return draw();
  }
  const where = current ? ` in listing ${current.number}` : "";
  queue = [];
  steps = [];
  if (!python?.isReady()) {
    halted = "Stopped.";
    python?.end();
    python = undefined;
  } else if (!current) {
    halted = "Stopped.";
    python.stopLoading();
  } else if (CAN_STOP && !python.isDeaf(PATIENCE)) {
    halted = `Stopped${where}. What was computed until then is kept.`;
    view.say("running", `Stopping listing ${current.number}.`);
    python.stop(PATIENCE, () => view.say("running", `Listing ${listing.number} is inside one long computation and stops at its end. Stop once more ends Python, and what was computed is lost.`));
  } else {
    halted = `Stopped${where}. ${LOST}`;
    forget();
  }
  draw();
}

function startOver() {
  halted = "Started over: nothing has run, and the outputs are the book's again. Your edits stay.";
  queue = [];
  steps = [];
  forget();
  listings.forEach((listing) => listing.restoreOutput());
  draw();
  if (!working) view.say("stopped", halted);
}

// After a number was changed, run the listing, and those that depend on it and were up to date before.
function runWith(listing, before) {
  request(listing);
  const begun = queue[0]?.target; // what it needs may have run already, with the old number
  dependents(listing, before).forEach((below) => request(below, false, [current, begun].includes(below)));
}

function dependents(listing, before) {
  const good = upToDate(listings);
  return listings.filter((other) => other !== listing && before.has(other) && !good.has(other));
}

function isQuick(listing, before) {
  const seconds = [listing, ...dependents(listing, before)].map(({ run }) => run?.seconds ?? Infinity);
  return seconds.reduce((sum, one) => sum + one) < SHORT;
}

// Decides which of a page's listings run, and in which order. The display is derived from a few variables: the present code of
// each listing, its last run (see listing.js), the listing that runs (current), and those that wait (queue, upcoming).

import { all, HERE, watch } from "../page/kept.js";
import { keepPages } from "../page/offline.js";
import { each } from "../page/plugs.js";
import { freshOf, inputsOf, plan, record, withDependents } from "./dependencies.js";
import { FileError } from "./files.js";
import { used } from "./functions.js";
import { makeListing } from "./listing.js";
import { CAN_STOP, Ended, PythonError, prepareNextStart, startPython } from "./python.js";
import * as sentences from "./sentences.js";
import { forgetRecalled, recallVerdict, rememberVerdicts, withRecalled } from "./verdicts.js";
import { makeView } from "./view.js";

const PATIENCE = 3000; // milliseconds after which a Stop without effect is explained
const LONG = 10_000; // milliseconds after which the bar says that Stop ends a function that is judged
const LOOK = 500; // milliseconds after which Stop ends what an editor or the page has asked, which takes a few
const IDLE = 4000; // milliseconds without work after which the next start is prepared
const SHORT = 0.5; // a listing and its dependents that took fewer seconds run again while a number is dragged

let listings, view;
let python; // undefined until the first listing is to run
let lastWriter = new Map(); // for each name that Python has now the run that wrote it (see dependencies.js)
let queue = []; // requests that are not completed: {target, all, first: what is done with the slot of the target before it runs, "judge", or
                // in place of that, "time", "ask" or "step" with what is `given`; done, stopped, anew: whether Python was started again for it}
let upcoming = []; // the listings that the first request still needs after the one that runs
let current, currentCode; // the listing that runs, and the code of it that runs
let takeSteps; // takes what is noted of the lines of the listing that runs, if that was asked for
let idleTimer; // it waits for IDLE to be over
let working = false;
let loads; // what is loaded while Python starts
let stopMessage; // what to say once the work is over, where Stop has ended more than the listing that ran
let startedOver = false; // until the outputs are the book's again

export function open(cells, { bar, runAll, say, markNumbers }) {
  const actions = { changed: draw, ask, warm, say, request, fresh: () => freshOf(listings), runAgain, isQuick, timed, asked, alone };
  listings = cells.map((cell, i) => makeListing(cell, i + 1, markNumbers, actions));
  view = makeView(bar, runAll, { say, stop, startOver });
  listings.forEach((listing) => recallVerdict(listing, above(listing)));
  draw();
  offerOthers();
  watch((thing, isElsewhere) => isElsewhere && draw()); // another tab may have changed whose functions run
  return {
    listings,
    alone,
    isBusy,
    of,
    make: (cell, number, thing) => makeListing(cell, number, markNumbers, actions, thing),
    put,
    take,
    request: (cell) => request(of(cell) ?? listings.at(-1), !cell),
    step: (cell) => step(of(cell)),
    press: (cell) => (isBusy(of(cell)) ? stop(of(cell)) : request(of(cell) ?? listings.at(-1), !cell)),
  };
}

const of = (cell) => listings.find((listing) => listing.cell === cell);

// Those up to a listing, itself included.
const upTo = (listing) => listings.slice(0, listings.indexOf(listing) + 1);

const above = (listing) => upTo(listing).slice(0, -1);

// Take a listing of the reader's among the others, at the place of its cell in the page; or away from them (see added.js).
function put(listing) {
  const below = listings.findIndex(({ cell }) => listing.cell.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING);
  listings.splice(below < 0 ? listings.length : below, 0, listing);
  draw();
}

function take(listing) {
  listings.splice(listings.indexOf(listing), 1);
  draw();
}

// What the reader has written on texts that no listing has any more.
function offerOthers() {
  const texts = listings.map(({ editor }) => editor.original);
  const others = [...all("edit"), ...all("draft")].filter(([{ page, about }, { value }]) => page === HERE && value !== undefined && !texts.includes(about));
  if (others.length) import("./changed.js").then(({ offer }) => offer(others.map(([thing]) => thing), listings)).catch(() => {});
}

const isWaiting = (listing) => upcoming.includes(listing) || queue.some(({ target }) => target === listing);
const isBusy = (listing) => (listing ? listing === current || isWaiting(listing) : queue.length > 0);

// The state of a listing as one word, from which its row is drawn.
function stateOf(listing, fresh) {
  if (listing === current) return "running";
  if (isWaiting(listing)) return "waiting";
  if (!listing.run) return listing.code === listing.original ? "new" : "edited";
  if (listing.run.code !== listing.code || listing.slot?.isNew()) return "changed";
  return listing.run.how === "stopped" || fresh.has(listing) ? listing.run.how : "old";
}

function draw() {
  if (!view) return; // stored edits are applied before the view exists
  const fresh = freshOf(listings);
  withRecalled().filter(({ run }) => !run).forEach((listing) => recallVerdict(listing, above(listing)));
  listings.forEach((listing) => view.row(listing, stateOf(listing, fresh)));
  view.busy(queue.length > 0 || Boolean(current), working);
  onbeforeunload = current ? (event) => event.preventDefault() : null; // the browser asks before it leaves the page
}

// Run a listing after those above it that it needs; with `all`, run every listing up to it again.
// `again`: whether a listing that is running must run once more, as when it was edited meanwhile.
function request(listing, all = false, again = listing === current && (currentCode !== listing.code || listing.slot?.isNew())) {
  if (isBusy(listing) && !all && (!again || queue.slice(1).some(({ target }) => target === listing))) return;
  add({ target: listing, all, first: listing.slot && !all ? "judge" : undefined });
  if (!working) work();
}

// Run a listing as by Run, and show what each of its lines does. The steps come when enough is noted, while an endless loop still runs.
// What a reader has written into a slot is called by the book's Python instead.
async function step(listing) {
  const { showSteps } = await import("./step.js").catch(() => view.say("failed", sentences.NO_STEPS)) ?? {};
  if (!showSteps || isBusy(listing)) return;
  const { cell, slot } = listing, given = slot?.text();
  cell.querySelector(".steps")?.remove();
  add({
    target: listing, all: false, first: given === undefined ? undefined : "step", given, defines: given === undefined ? listing : undefined,
    steps: (text, ...more) => showSteps(cell, text, ...more),
  });
  if (!working) work();
}

// Where a listing only defines functions, it is the first below that calls one whose lines are shown.
async function seekCall(request) {
  const { defines } = request, below = listings.slice(listings.indexOf(defines) + 1);
  request.defines = undefined;
  await learn(listings);
  const names = new Set(defines.facts.only_defines), isOne = (name) => names.has(name);
  const calls = ({ facts }) => {
    if (facts.references.some(isOne)) return true;
    if (facts.deferred.some(isOne)) facts.only_defines.forEach((name) => names.add(name)); // a function that calls it
    return false;
  };
  const caller = names.size ? below.find((one) => !one.facts.asks && calls(one)) : undefined;
  request.within = caller && `listing ${defines.number}`;
  request.target = caller ?? defines;
  request.ofRun = caller ? sentences.steppedThere(defines, caller) : names.size ? sentences.CALLED_NOWHERE : sentences.STEPPED;
}

function add(request) {
  stopMessage = undefined;
  queue.push(Object.assign(request, { done: new Set(), stopped: new Set(), anew: false }));
  view.open();
  draw();
}

// It is seen where something waits for it.
function start() {
  const say = (text) => {
    loads = text;
    if (working) view.say("loading", text);
  };
  return startPython({ say, meter: (...bytes) => working && view.meter(...bytes), begin, output });
}

// Python, ready to run listings.
async function ready() {
  python ??= start();
  if (!python.isReady()) view.say("loading", loads);
  await python.ready;
  await python.use(own);
}

// An editor asks Python, so Python starts with the first one: its files are those of the first Run. Not where a reader saves data.
function warm() {
  if (python || navigator.connection?.saveData) return;
  try {
    const started = python = start();
    started.ready.catch(() => python === started && !working && forget()); // Run tries again, and says what is wrong
  } catch {} // Run says why
}

// What Python says of a name in a listing's editor, where it is ready and nothing runs.
async function ask(listing, how, text) {
  const codes = upTo(listing).map(({ code }) => code);
  return python?.isReady() && !working ? python.look(how, text, codes) : undefined;
}

// What Python gets of the reader's: the functions, and what the book adds.
function own() {
  const mine = used();
  return [...each("starts").flat(), ...(mine ? [["use_mine", [mine]]] : [])];
}

async function work() {
  const ran = [], { anew } = queue[0]; // ran: [{ listing, how, seconds }, ...]
  let failed, error;
  working = true;
  view.clock(performance.now());
  try {
    if (python?.isReady()) view.say("running", sentences.runningFor(queue[0].target));
    await ready();
    while (queue.length && !failed) {
      const request = queue[0];
      if (request.defines) await seekCall(request);
      const { judges, times, runs } = await nextOf(request);
      if (queue[0] !== request) continue; // stopped meanwhile
      if (judges && await judge(judges) === "stopped") ran.push({ listing: judges, how: "stopped", seconds: 0 });
      else if (times) ran.push({ listing: times, how: await { time, ask: tell, step: stepThrough }[request.first](request), said: request.said, seconds: 0 });
      if (runs) await prepare(runs);
      if (queue[0] !== request) continue;
      if (runs) {
        const { how, seconds, verdict } = await runListing(runs, request);
        ran.push({ listing: runs, how, seconds, verdict });
        if (how === "failed" && stops(runs, request.target)) failed = runs;
      } else if (judges) request.first = undefined; // it runs next, with what it needs
      else queue.shift();
      draw();
      runs?.editor.markError();
    }
  } catch (thrown) {
    error = thrown;
  }
  working = false;
  return finish({ ran, failed, error, anew });
}

// Whether an error in a listing ends the work: not one that the book means to show, nor in a check on the way to the target.
const isCheck = ({ cell }) => cell.tagName === "DETAILS"; // it is folded as long as it passes
const stops = (listing, target) => !listing.output.isToFail && (listing === target || !isCheck(listing));

// What a request needs next: the listing whose slot it `judges` or `times`, the listing that it `runs`, or nothing any more. `upcoming` are
// the listings after that.
async function nextOf({ target, all, first, given, done, stopped }) {
  const needs = upTo(target);
  if (done.has(target)) return {};
  await learn(needs);
  const needed = all ? needs : first ? await askedBy(target, first, given) : plan(listings, target, lastWriter);
  const lost = withDependents(stopped, listings), isLost = (listing) => lost.has(listing);
  if (first ? needed.some(isLost) : isLost(target)) return {}; // without what it needs a right function may look wrong
  const [runs, ...others] = needed.filter((listing) => !done.has(listing) && !isLost(listing));
  upcoming = others;
  if (first && !runs) return first === "judge" ? { judges: target } : { times: target };
  const judges = all && runs?.slot && !(await askedBy(runs, "judge")).some(isLost) ? runs : undefined;
  return { judges, runs };
}

// The listings that a slot needs to be judged, or timed: those whose names are in what the reader has written. Some functions use none.
async function askedBy(target, first, given) {
  const { slot } = target, code = given ?? (first === "judge" ? slot.draft() : slot.written());
  if (code === undefined || (first !== "ask" && await python.isAlone(slot.name))) return [];
  const [facts] = await python.facts([code]), references = [...facts.references, ...facts.deferred];
  const draft = { code, facts: { ...facts, references, asks: true } };
  return plan(listings.map((one) => (one === target ? draft : one)), draft, lastWriter).filter((one) => one !== draft);
}

// Ask Python to analyse the listings whose code has changed since their last analysis.
async function learn(some) {
  const unknown = some.filter(({ facts, code }) => facts?.code !== code), codes = unknown.map(({ code }) => code);
  if (!unknown.length) return;
  const facts = await python.facts(codes);
  unknown.forEach((listing, i) => (listing.facts = { ...facts[i], code: codes[i] }));
}

// Load the files that a listing needs.
async function prepare(listing) {
  do {
    await learn([listing]);
    await python.give(listing.facts.groups);
  } while (listing.facts.code !== listing.code); // edited meanwhile
}

// Judge what the reader has written into a slot. The listing runs after that, with the reader's function if it is right. Returns
// "stopped" if the reader has stopped it.
async function judge(listing) {
  const { slot } = listing, code = slot.draft();
  if (code === undefined) return slot.nothingToJudge();
  view.say("running", sentences.judging(slot.function));
  current = listing;
  currentCode = listing.code;
  draw();
  const long = setTimeout(() => python?.isDeaf(0) || view.say("running", sentences.judgingLong(slot.function)), LONG);
  const defined = above(listing).flatMap(({ facts }) => facts?.definitions ?? []);
  let said = {};
  try {
    said = await python.judge(slot.name, slot.function, code, defined);
  } finally {
    clearTimeout(long);
    current = undefined;
    if (!said.verdict) slot.stopped(code);
  }
  if (!said.verdict) return "stopped";
  slot.judged(code, said);
}

// The seconds that the reader's function takes, the book's and other ways to write it, after the listings that it needs; nothing while
// listings run, or if it was stopped.
async function timed(listing) {
  if (working) return;
  const request = { target: listing, all: false, first: "time" };
  add(request);
  await work();
  return request.seconds;
}

// Returns how it went.
async function time(request) {
  const { slot } = request.target;
  view.say("running", sentences.TIMING);
  request.seconds = await python.time(slot.name, slot.function, slot.written());
  return request.seconds ? "timed" : queue[0] === request ? "not timed" : "stopped";
}

// What the book's function gives for arguments, a text, after the listings that these need; nothing if it was stopped.
async function asked(listing, given) {
  if (working) return { said: sentences.BUSY };
  const request = { target: listing, all: false, first: "ask", given };
  add(request);
  await work();
  return request.said;
}

// Returns how it went.
async function tell(request) {
  const { slot } = request.target;
  view.say("running", sentences.ASKING);
  request.said = await python.ask(slot.name, slot.function, request.given);
  return request.said ? "told" : "stopped";
}

// Returns how it went.
async function stepThrough(request) {
  const { slot } = request.target;
  let noted;
  takeSteps = (text) => (noted = text);
  view.say("running", sentences.stepping(slot.function));
  request.said = await python.step(slot.name, slot.function, request.given);
  if (request.said === null) return "stopped";
  if (!noted) return "no steps";
  request.steps(noted, request.said, { isListing: false });
  return "stepped";
}

// Let a job use a Python that has nothing of this page. What the listings had computed is gone, and what is run next starts again. The job
// gets say(state, sentence) for the bar, and show(name, output) for what it runs. Returns what the job returns, or nothing while listings
// run. Raises what has ended Python, once the bar has said it.
async function alone(job) {
  if (working) return;
  const show = (name, output) => {
    current = { name, output };
    draw();
  };
  working = true;
  stopMessage = undefined;
  forget();
  view.open();
  view.clock(performance.now());
  draw();
  try {
    python = start();
    await python.ready;
    return await job(python, view.say, show);
  } catch (error) {
    sayWhy(error);
    throw error;
  } finally {
    view.clock();
    forget();
    working = false;
    if (startedOver) reset();
    draw();
    if (queue.length) work(); // requested meanwhile
  }
}

// Why a job was not done.
function sayWhy(error) {
  if (error instanceof Ended) view.say("stopped", stopMessage ?? sentences.STOPPED);
  else view.say("failed", explain(error, false));
}

// Let the reader see an output, even if it answers a prediction (see page/question.js).
const show = ({ cell }) => cell.dispatchEvent(new Event("wanted"));

async function runListing(listing, { target, all, done, steps, ofRun, within }) {
  listing.cell.querySelector(".steps")?.remove(); // those of an earlier run
  const { code, facts } = listing, left = upcoming.length + queue.length - 1;
  const first = done.size || all ? [] : [listing, ...upcoming].filter((step) => step !== target);
  done.add(listing);
  view.say("running", sentences.running(listing, left, first, target) + sentences.limits(python.limits()));
  view.progress("");
  current = listing;
  currentCode = code;
  takeSteps = steps && listing === target ? (text) => steps(text, ofRun, { within }) : undefined;
  draw();
  const { inputs, unknown, drawnAfter } = inputsOf(listings, listing, lastWriter), start = performance.now();
  const { error, how, seconds, changed, reached, checked = [] } = await python.run(listing.number, code, unknown, drawnAfter?.number, Boolean(takeSteps))
    .catch((error) => ({ error, how: "stopped", seconds: (performance.now() - start) / 1000, changed: [] }));
  current = undefined;
  const showsOld = listing.output.end(error instanceof PythonError ? "broken" : how), isLost = Boolean(error);
  record(listings, listing, { code, facts, how, seconds, changed, inputs, reached, isLost, showsOld }, lastWriter);
  listing.cell.dataset.runs = 1 + Number(listing.cell.dataset.runs ?? 0);
  if (error) throw error;
  if (["ran", "failed"].includes(how) && !listing.slot) listing.editor.noteRun(code, listing.output.error() ?? "ran"); // a judge keeps that of a slot
  const kind = how === "ran" && rememberVerdicts(listing, code, checked, above(listing));
  if (how === "ran" && listing === target) listing.output.keepInView();
  if (listing === target) listing.output.bringIntoView();
  if (how === "failed") show(listing);
  if (how === "failed") listing.table?.mark();
  if (how === "failed" && isCheck(listing)) listing.cell.open = true;
  const isOriginal = upTo(listing).every((above) => above.code === above.original);
  if (how === "ran" && isOriginal) listing.output.compareDigits();
  return { ...listing.run, verdict: listing.slot ? listing.cell.dataset.verdict : kind };
}

function begin() {
  const isEdited = (one) => !one.slot && (one.added ? isNeeded(one, current) : (one === current ? currentCode : one.code) !== one.original);
  const [{ target, all } = {}] = queue, listing = current, isAsked = all || listing === target;
  current?.output.begin(upTo(current).some(isEdited), () => isAsked && show(listing));
}

// Whether what a listing makes can change what another one shows.
const isNeeded = (listing, other) => withDependents([listing], listings, () => true).has(other);

function output(kind, text) {
  if (kind === "progress") view.progress(text);
  else if (kind === "steps") takeSteps?.(text);
  else if (!each("heard", kind, text).some(Boolean)) current?.output.add(kind, text);
}

function finish({ ran, failed, error, anew }) {
  const rest = [...new Set([...upcoming, ...queue.map(({ target }) => target)])].filter((listing) => listing !== failed);
  view.clock();
  if (startedOver) reset();
  if (queue.length && !failed && (!error || error instanceof Ended)) return work(); // requested meanwhile
  const isBroken = error instanceof PythonError && python?.isReady();
  if (isBroken && queue[0]?.anew === false) return beginAnew();
  queue = [];
  upcoming = [];
  const last = ran.at(-1);
  const checks = ran.filter(({ listing, how }) => how === "failed" && isCheck(listing)).map(({ listing }) => listing);
  const lives = error instanceof FileError && python?.isReady(); // then only files for one listing are missing
  if (error && !(error instanceof Ended) && !lives) forget();
  draw();
  failed?.editor.markError(); // it was among those that wait until now
  if (lives) view.say("failed", sentences.fileMissing(error.message, true));
  else if (error && !(error instanceof Ended)) view.say("failed", explain(error, isBroken && anew));
  else if (stopMessage) view.say("stopped", stopMessage);
  else if (last?.how === "stopped") view.say("stopped", sentences.stopped(last.listing));
  else if (last?.how === "timed") view.say("done", sentences.TIMED);
  else if (last?.how === "told") view.say("done", sentences.TOLD);
  else if (last?.how === "stepped") view.say("done", sentences.HAS_STEPS);
  else if (last?.how === "no steps") view.say("failed", last.said);
  else if (last?.how === "not timed") view.say("failed", sentences.NOT_TIMED);
  else if (failed) view.say("failed", sentences.ended(failed, rest), failed);
  else if (checks.length) view.say("failed", sentences.checksFailed(checks, whyFailed(checks[0])), checks[0]);
  else if (!error && last) {
    const said = sentences.haveRun(ran, listings.length, anew) + sentences.wasCutShort(cutShortFor(last.listing));
    view.say("done", said + sentences.limits(python.limits()), undefined, last.verdict !== "not yet");
  }
  else view.say("stopped", sentences.STOPPED);
  if (python?.isReady() && python.limits().canCache) {
    keepPages();
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => working || prepareNextStart(python?.hasDrawn()), IDLE);
  }
}

// The listings that were stopped and have a result all the same, on which this one depends.
const cutShortFor = (listing) => listings.filter(({ run }) => run?.how === "stopped" && run.reached)
  .filter((one) => one !== listing && withDependents([one], listings).has(listing));

function whyFailed(check) {
  const above = upTo(check), doubts = each("doubts", above.map(({ code }) => code)).join("");
  return sentences.whyFailed(cutShortFor(check), doubts, above.some(({ code, original }) => code !== original));
}

// After Python broke down: what it had computed is lost, so each request needs its listings again.
function beginAnew() {
  forget();
  queue[0].anew = true;
  queue.forEach(({ done }) => done.clear());
  return work();
}

// The sentence for an error of Python or of the page, which has ended Python.
function explain(error, isSecond) {
  if (error instanceof FileError) return sentences.fileMissing(error.message, false);
  if (/memory(?! access)|allocat/i.test(error.message)) return sentences.NO_MEMORY;
  if (error instanceof PythonError) return sentences.brokeDown(error, isSecond);
  console.error(error);
  return sentences.mistake(error);
}

// End Python, and with it the results of the listings. Their outputs stay, and what is known of them.
function forget() {
  python?.end();
  python = current = undefined;
  lastWriter = new Map();
  for (const { run } of listings) if (run) run.isLost = true;
}

function reset() {
  startedOver = false;
  forgetRecalled();
  for (const listing of listings) {
    listing.run = undefined;
    listing.output.restore();
  }
}

// Remove a waiting listing from the queue, with those that need it. Otherwise stop the one that runs, and keep the results of the
// listings if the browser can.
function stop(listing = current) {
  if (listing !== current) {
    queue.forEach(({ stopped }) => stopped.add(listing)); // which of the others need it is known when their turn comes
    upcoming = upcoming.filter((step) => step !== listing);
    queue = queue.filter(({ target }) => target !== listing);
    if (queue.length) return draw();
  }
  queue = [];
  upcoming = [];
  if (!python?.isReady()) {
    stopMessage = sentences.STOPPED;
    python?.end();
    python = undefined;
  } else if (!current) {
    stopMessage = sentences.STOPPED;
    python.stopLoading();
    python.stop(LOOK, endBusy);
  } else if (CAN_STOP && !python.isDeaf(PATIENCE)) {
    const running = current;
    view.say("running", sentences.stopping(running));
    python.stop(PATIENCE, () => view.say("running", sentences.stopsLate(running)));
  } else {
    stopMessage = sentences.stoppedAndLost(current);
    forget();
  }
  setTimeout(endLooking, LOOK, python);
  draw();
}

// A listing waits for what an editor asked before, and a reader's __repr__ may be endless.
function endLooking(asked) {
  if (!working || python !== asked || !python?.isLooking()) return;
  stopMessage = sentences.STOPPED_LOOKING;
  forget();
}

// What Python does for the page, outside of a listing, may be endless too: a function of a file, or a task that a listing has left.
function endBusy() {
  stopMessage = python.isLooking() ? sentences.STOPPED_LOOKING : python.isTaking() ? sentences.STOPPED_TAKING : sentences.STOPPED_BUSY;
  forget();
}

function startOver() {
  if ((current || listings.some(({ run }) => run)) && !confirm(sentences.START_OVER)) return;
  stopMessage = sentences.STARTED_OVER;
  queue = [];
  upcoming = [];
  startedOver = true;
  forget();
  if (working) return; // until its end has arrived
  reset();
  draw();
  view.say("stopped", stopMessage);
}

// After a number was changed, run the listing, and those that depend on it and were up to date before.
function runAgain(listing, before) {
  request(listing);
  const begun = queue[0]?.target; // what it needs may have run already, with the old number
  dependents(listing, before).forEach((below) => request(below, false, [current, begun].includes(below)));
}

function dependents(listing, before) {
  const fresh = freshOf(listings);
  return listings.filter((other) => other !== listing && before.has(other) && !fresh.has(other));
}

function isQuick(listing, before) {
  const seconds = [listing, ...dependents(listing, before)].map(({ run }) => run?.seconds ?? Infinity);
  return seconds.reduce((sum, one) => sum + one) < SHORT;
}

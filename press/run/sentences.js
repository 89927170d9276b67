// What the bar says. Before a page's first press it is start.js that speaks, because this file is not loaded yet.

import { WORDS } from "../page/answers.js";
import { BOOK } from "../page/dom.js";

const READ_ON = _`The text can be read as it is.`;
const KEPT = _`What has been computed is kept.`;

// Loading

// By the group of files that is loaded.
const NAMES = { core: "Python", matplotlib: "Matplotlib", ...BOOK.labels };
export const loading = (group) => (group === "matplotlib" ? _`Loading Matplotlib, for figures.` : _`Loading ${NAMES[group]}.`);
export const STARTING = _`Starting Python.`;
export const NO_WEBASSEMBLY = _`This browser has no WebAssembly, which Python needs here.`;

export const didNotArrive = ({ group, path }, error) =>
  _`${NAMES[group]} did not arrive (${path}: ${error.message}). Check the connection and press Run again.`;

export const damaged = ({ group, path }) =>
  _`${NAMES[group]} arrived damaged: the checksum of ${path} is not the published one. Press Run to fetch it again.`;

// Running

export const judging = (name) => _`Judging your ${name}.`;
export const judgingLong = (name) => _`Your ${name} has been judged for 10 seconds and is not done. Stop ends it.`;
export const JUDGED = _`The file is judged.`;
export const TIMING = _`Timing the ways to write it.`;
export const BUSY = _`Listings are running. Ask again when they are done.`;
export const ASKING = _`Asking the book's function.`;
export const TOLD = _`The book's function has answered.`;
export const TIMED = _`They are timed.`;
export const NOT_TIMED = _`They were not timed: what they need has not run here. Run this listing, then time them again.`;
export const STEPPED = _`This was a run like any other: what it has computed stands, and its output is below.`;
export const steppedThere = (defines, caller) => _`Listing ${defines.number} only defines, so these are the steps of listing ${caller.number}, `
  + _`the first below that calls what it defines. ` + STEPPED;
export const CALLED_NOWHERE = _`No listing below calls what this one defines. Add one that does, with an input of your own, and step through that.`;
export const stepping = (name) => _`Stepping through your ${name}.`;
export const HAS_STEPS = _`The steps are below the function.`;
export const NO_STEPS = _`The steps did not arrive. Check the connection and press again.`;
export const runningFor = (target) => _`Running listing ${target.number}.`;

// `left`: how many listings run after this one. `first`: all that run for `target`, which needs their results.
export function running(listing, left, first, target) {
  const why = first.length
    ? _` Before listing ${target.number} run ${named(first)}, whose results are missing or out of date.` : "";
  return (left ? _`Running listing ${listing.number}, ${left} to go.` : _`Running listing ${listing.number}.`) + why;
}

// The limits of this browser, and their consequences.
export function limits({ hasSimd, canStop, canCache, problem }) {
  return (hasSimd ? "" : _` This browser lacks WebAssembly's SIMD, so training is slow here.`)
    + (canStop ? "" : _` In this browser Stop ends Python, and what the listings have computed is lost.`)
    + (canCache ? "" : _` This browser keeps nothing for this page, so the next visit loads everything again.`)
    + (problem && _` Your functions can't be used here, so these are the book's: ${problem.split("\n").at(-1)}`);
}

// The end of a run

// `ran`: [{ listing, how, seconds, verdict }, ...]. `count`: how many listings the page has.
export function haveRun(ran, count, isAnew) {
  const all = [...new Set(ran.filter(({ how }) => how !== "stopped").map(({ listing }) => listing))];
  const seconds = ran.reduce((sum, one) => sum + one.seconds, 0); // without what was loaded for them
  const names = all.length === count ? _`All ${count} listings` : named(all, true), time = seconds.toFixed(1);
  const verdict = all.length !== count && WORDS[ran.at(-1).verdict]; // for who does not see it
  return (!all.length ? "" : all.length > 1 ? _`${names} have run, in ${time} s.` : _`${names} has run, in ${time} s.`)
    + (verdict ? ` ${verdict}.` : "")
    + (isAnew ? _` Python had broken down and was started again.` : "");
}

export function ended(failed, notRun) {
  const names = named(notRun, true);
  const rest = !notRun.length ? "" : notRun.length > 1 ? _` ${names} were not run.` : _` ${names} was not run.`;
  return _`Listing ${failed.number} ended with an error.${rest}`;
}

// What was stopped and has a result all the same, where others go on with it.
export const wasCutShort = (listings) => listings.map(({ number, run }) => _` Listing ${number} was ${stoppedAfter(run.reached)}.`).join("");

// Why checks may fail. `doubts`: what the book has to say of that, a sentence or nothing.
export const whyFailed = (cutShort, doubts, isEdited) => wasCutShort(cutShort) + doubts + (isEdited ? _` Perhaps an edit above has changed it.` : "");

// `why`: as whyFailed says it.
export const checksFailed = (checks, why) =>
  (checks.length > 1 ? _`What ${named(checks)} check does not hold.` : _`What ${named(checks)} checks does not hold.`)
    + why + _` The others have run.`;

export const fileMissing = (sentence, isKept) => `${sentence} ${isKept ? KEPT : READ_ON}`;
export const NO_MEMORY = _`This device has too little memory left for Python. Close other pages and press Run again. ${READ_ON}`;
export const brokeDown = (error, isSecond) =>
  (isSecond ? _`Python broke down twice (${error.message}).` : _`Python broke down (${error.message}).`)
    + _` What it had computed is gone; Run starts it again.`;
export const mistake = (error) => _`A mistake in this page's own script (${error.message}). Please report it. ${READ_ON}`;

// Stop

export const STOPPED = _`Stopped.`;
const called = ({ number, name }) => name ?? _`listing ${number}`; // a listing, or a file
export const stopping = (listing) => _`Stopping ${called(listing)}.`;
export const stopsLate = (listing) => _`${called(listing).replace(/^l/, "L")} is inside one long computation and stops at its end. `
  + _`Stop once more ends Python, and what was computed is lost.`;
export const stoppedAfter = (reached) => _`stopped after ${reached}`; // "3 rounds", as the book's Python says
export const stopped = (listing) => (listing.run?.reached
  ? _`Listing ${listing.number} is ${stoppedAfter(listing.run.reached)}. What was computed until then is kept, and the listings below go on with it.`
  : _`Stopped in ${called(listing)}. What was computed until then is kept, but listings below that need it run it again.`);
const LOST = _`What the listings had computed is gone: the next Run begins with the first that it needs.`;
export const stoppedAndLost = (listing) => _`Stopped in ${called(listing)}. ` + LOST;
export const STOPPED_LOOKING = _`Stopped, while Python looked up what a name stands for. ` + LOST;
export const STOPPED_BUSY = _`Stopped, while Python was busy with what a listing has left. ` + LOST;
export const USE_BOOKS = _`Press Use the book's to leave yours out on every page.`;
export const NOT_TAKEN = _`Python had not taken them when it was stopped. ${USE_BOOKS}`;
export const STOPPED_TAKING = _`Stopped, while Python took your functions, of which one may be endless. The next Run uses the book's. ${USE_BOOKS}`;
export const START_OVER = _`Start over? What the listings have computed goes, and their outputs are the book's again. What this browser keeps of your work stays.`;
export const STARTED_OVER = _`Started over: nothing has run, and the outputs are the book's again. Your edits stay.`;

// Listing 3; listings 3 and 4; listings 3 to 5; listings 1, 3 and 5 to 8.
function named(listings, begins = false) {
  const numbers = listings.map(({ number }) => number), rows = [];
  numbers.sort((one, other) => String(one).localeCompare(other, "en", { numeric: true })); // 5a is after 5
  for (const number of numbers) {
    if (rows.at(-1)?.at(-1) === number - 1) rows.at(-1).push(number);
    else rows.push([number]);
  }
  const words = rows.flatMap((row) => (row.length > 2 ? _`${row[0]} to ${row.at(-1)}` : row)), last = words.pop();
  const list = words.length ? _`${words.join(", ")} and ${last}` : last;
  if (numbers.length > 1) return begins ? _`Listings ${list}` : _`listings ${list}`;
  return begins ? _`Listing ${list}` : _`listing ${list}`;
}

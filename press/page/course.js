// "My course": all that kept.js keeps in this browser, as one file. Nothing of a file is run, and none of it is shown but as text.

import { joined, MOST, WORDS } from "./answers.js";
import { boxOf } from "./box.js";
import { addressOf, BOOK, button, cachesHere, download, made } from "./dom.js";
import { saved, UNKEPT } from "./full.js";
import { all, Full, get, merge, put, recordOf, set, storage } from "./kept.js";
import { clear } from "./log.js";
import { each } from "./plugs.js";
import { goOn, howFar } from "./progress.js";

const VERSION = 2; // of the form of a file
const MOST_BYTES = 8e6, MOST_ENTRIES = 5000, LONGEST = 100_000, LONGEST_SAID = 300;
const VISITS = 2; // at which a reader says something in words of their own
const PAGE = /^(?:\w+\/)*\w+\.html$/, NAMED = /^[A-Za-z_][\w ]{0,60}$/;
const NAME = { kind: "name" }, AGAIN = { kind: "asked again" };

// What a file may hold, by kind: whether such a thing has a page, what it may be about, what its value is, by default a text, and what
// of its record may not lack.
const KINDS = {
  answer: { page: true, about: isText },
  before: { page: true, about: isText },
  after: { page: true, about: isText },
  edit: { page: true, about: isText },
  draft: { page: true, about: isText, value: areDrafts },
  listing: { page: true, about: isAdded },
  "listing draft": { page: true, about: isAdded, value: areDrafts },
  "own words": { page: true, about: isText, value: (value) => isList(value, isOwnWords, VISITS) },
  unsent: { page: true, about: isText },
  check: { about: isText },
  problem: { about: isText },
  verdict: { page: true, about: isText, value: isVerdict },
  read: { page: true },
  done: { page: true, value: (value) => isText(value) && /^\d{1,4} of \d{1,4} /.test(value) },
  place: { page: true, value: (value) => isText(value) && value.startsWith("#"), needs: ["value", "changed"] },
  function: { about: isNamed },
  "function draft": { about: isNamed, value: areDrafts },
  "lines given": { about: isNamed },
  "book shown": { about: isNamed },
  "the book's functions": {},
  "no covers": {},
  "has dragged": {},
  "asked again": {},
  seed: {},
  ...Object.assign({}, ...each("kinds", { hasOnly, isDate, isLabel })),
};

// The kinds of texts, and of their drafts. Those of a function wait for its page, because a file does not tell which listing it is written in.
const DRAFTS = { edit: "draft", listing: "listing draft", function: "function draft" };

export class Refused extends Error {} // its message is a sentence for the reader

// --- The file -------------------------------------------------------------------------------------------------------------

export function fileOf() {
  const kept = all().map(([thing, record]) => ({ ...thing, ...record })).filter(isEntry), saved = new Date().toJSON();
  return JSON.stringify({ course: BOOK.title, version: VERSION, edition: BOOK.edition, name: get(NAME) ?? "", saved, kept }, null, 1) + "\n";
}

// What a learner's file holds, by `read`.
export async function readFile(file) {
  if (file.size > MOST_BYTES) throw new Refused(_`it is larger than any file of this course.`);
  return read(await file.text());
}

// What the text of a file holds. Raises Refused, with a sentence, unless every part of it is as fileOf writes it.
export function read(text) {
  const file = parsed(text);
  if (file?.course !== BOOK.title) {
    throw new Refused(!file && /^\s*\{/.test(text) ? _`it is damaged, perhaps cut off.` : _`it is no file that My course saved.`);
  }
  if (file.version !== VERSION || major(file.edition) !== major(BOOK.edition)) {
    throw new Refused(_`it is of another edition of the course than this one, which is ${BOOK.edition}.`);
  }
  const head = { course: isText, version: Number.isInteger, edition: isText, name: isName, saved: isDate, kept: Array.isArray };
  if (!hasOnly(file, head) || file.kept.length > MOST_ENTRIES) throw new Refused(_`it is damaged.`);
  const wrong = file.kept.findIndex((entry) => !isEntry(entry));
  if (wrong >= 0) throw new Refused(_`it is damaged at entry ${wrong + 1}.`);
  const things = new Set(file.kept.map(({ kind, page, about }) => JSON.stringify([kind, page, about])));
  if (things.size < file.kept.length) throw new Refused(_`it has an entry twice.`);
  return file;
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const major = (edition) => /^\d+(?=\.\d+\.\d+$)/.exec(edition)?.[0];
const isName = (value) => isText(value) && value.length <= 100 && !/[\p{Cc}\p{Bidi_Control}]/u.test(value);
const isCount = (value) => Number.isInteger(value) && value > 0;
const isSaid = (value) => isText(value) && value.length <= LONGEST_SAID;
const isTry = (value) => hasOnly(value, { said: isSaid, right: isTruth, at: isDate, wrong: isDate }, ["wrong"]);
const isTruth = (value) => typeof value === "boolean";

function isDate(value) {
  return isText(value) && /^\d{4}-/.test(value) && Number.isFinite(Date.parse(value)) && new Date(value).toJSON() === value;
}

function isText(value) {
  return typeof value === "string" && value.length <= LONGEST;
}

// As run/edit.js keeps it.
function isDraft(value) {
  return hasOnly(value, { code: isText, at: isDate, said: isText }, ["at", "said"]);
}

function areDrafts(value) {
  return isList(value, isDraft, MOST);
}

// As run/verdicts.js keeps it.
function isVerdict(value) {
  const isPlace = (place) => hasOnly(place, { kind: isText, why: isText, example: isText }, ["example"]);
  const parts = { code: isText, said: isText, kind: isText, above: Number.isInteger, places: (places) => isList(places, isPlace) };
  return hasOnly(value, parts, ["above", "places"]);
}

// As own_words.js keeps it.
function isOwnWords(value) {
  return hasOnly(value, { text: isText, at: isDate, ticks: (ticks) => isList(ticks, isCount) }, ["ticks"]);
}

function isList(value, is, most = MOST_ENTRIES) {
  return Array.isArray(value) && value.length <= most && value.every(is);
}

// As run/added.js makes it: a time, and from the next line on a text.
function isAdded(value) {
  return isText(value) && isDate(value.split("\n")[0]);
}

function isNamed(value) {
  return isText(value) && NAMED.test(value);
}

function isLabel(value) {
  return isText(value) && value.length <= 80 && !/[\n\r]/.test(value);
}

// Whether an object has no other keys than those of `parts`, each with a value for which the function there is true. `optional` may lack.
function hasOnly(value, parts, optional = []) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((key) => Object.hasOwn(parts, key))
    && Object.entries(parts).every(([key, is]) => (Object.hasOwn(value, key) ? is(value[key]) : optional.includes(key)));
}

function isEntry(entry) {
  if (typeof entry?.kind !== "string" || !Object.hasOwn(KINDS, entry.kind)) return false;
  const { page, about, value = isText, needs = [] } = KINDS[entry.kind];
  const parts = {
    kind: isText, ...(page && { page: (value) => isText(value) && PAGE.test(value) }), ...(about && { about }),
    value, changed: isDate, tries: isCount, first: isTry, last: isTry,
  };
  const history = ["tries", "first", "last"].filter((key) => Object.hasOwn(entry, key)).length;
  const optional = ["value", "changed", "tries", "first", "last"].filter((key) => !needs.includes(key));
  return hasOnly(entry, parts, optional) && (history === 0 || history === 3);
}

// --- Loading --------------------------------------------------------------------------------------------------------------

// Take from a file what is newer there than in this browser, all of it or nothing. Returns of how many things something was `taken`, how
// many of the reader's texts were `displaced`, and how many of the file's are `older`. Raises Refused if the browser has no room.
export function load({ kept, name, saved }) {
  const drafts = kept.filter(({ kind }) => DRAFTS[kind]).map(draftsOf);
  const before = [...kept, NAME, ...drafts].map((thing) => [thing, recordOf(thing)]);
  const now = Date.now(), ahead = Math.max(0, Date.parse(saved) - now || 0), displaced = new Set(), older = new Set(); // a function is mostly a listing's text too
  let taken = 0;
  try {
    for (const entry of kept) taken += merge(entry, byOurClock(entry, now, ahead));
    if (name) merge(NAME, byOurClock({ value: name, changed: saved }, now, ahead));
    for (const [thing, record] of before) if (putAway(thing, record)) displaced.add(record.value);
    for (const entry of kept) if (putAway(entry, byOurClock(entry, now, ahead))) older.add(entry.value);
  } catch (error) {
    if (!(error instanceof Full)) throw error;
    before.forEach(([entry]) => put(entry, {})); // first, to make room
    before.forEach(([entry, record]) => put(entry, record));
    throw new Refused(_`this browser has no room for it.`);
  }
  return { taken, displaced: displaced.size, older: older.size };
}

const draftsOf = ({ kind, page, about }) => ({ kind: DRAFTS[kind], page, about });

// After a file was taken: a text that was here before, or is in the file, becomes a draft if another is in its place now, and the drafts
// that were here stay beside those of the file. Returns whether a text became one.
function putAway(thing, { value, changed }) {
  const isOfDrafts = Object.values(DRAFTS).includes(thing.kind), { value: present, changed: since } = recordOf(thing);
  if (value === undefined || !(isOfDrafts || DRAFTS[thing.kind]) || JSON.stringify(present) === JSON.stringify(value)) return false;
  if (isOfDrafts) keepDrafts(thing, value, since);
  else if (thing.kind === "listing" && present === undefined) return false; // deleted there, with its drafts
  else keepDrafts(draftsOf(thing), [{ code: value, at: changed, ...(thing.kind === "function" && { said: WORDS.right }) }]);
  return !isOfDrafts;
}

function keepDrafts(thing, some, changed = new Date().toJSON()) {
  if (!put(thing, { value: joined(some, get(thing) ?? []).slice(-MOST), changed })) throw new Full();
}

// The record of an entry of a clock that was `ahead` by some milliseconds when the file was saved: what is newer here must win.
function byOurClock({ first, last, changed, ...record }, now, ahead) {
  const ours = (at) => at && new Date(Math.max(0, Math.min(Date.parse(at) - ahead, now))).toJSON(), one = (part) => part && { ...part, at: ours(part.at), wrong: ours(part.wrong) };
  return { ...record, changed: ours(changed), first: one(first), last: one(last) };
}

export function forget() {
  all().forEach(([thing]) => put(thing, {}));
  return clear();
}

const offline = () => import("./offline.js");
let keeping, megabytesKept, hear; // the whole course, while it is being kept, how much of it is there, and what hears of that

// --- The box --------------------------------------------------------------------------------------------------------------

const KEPT = [
  _`your name;`,
  _`your answers: how often you tried, the first and the last with their times, and when the last wrong one was, so a first answer that was wrong stays;`,
  _`your guesses, and what you said in your own words;`,
  _`your edits, the listings that you added, the functions that you wrote, what was said of them and the help that you took;`,
  _`${each("keeps").join("")}which chapters you read and did, and the seed from which the numbers in questions follow.`,
];
const STAYS = _`Of each it keeps the time of the last change. All of it stays on this device: nothing is sent anywhere.`;
const FILE = _`To go on elsewhere, save here and load there. The file is text that you can read, and holds all that this browser keeps of your work. To hand in your `
  + _`work, give it to your teacher, with your name in it or without.`;
const FORGET = _`All that this browser keeps of your work will be gone from it, saved or not. A file that you saved stays.`;
const TRIED = ["answer", "check", "problem"];

const said = (textContent) => made("p", { textContent });
const group = (title, ...parts) => made("details", {}, made("summary", { textContent: title }), ...parts);

// How far the reader is, and a link to where to go on.
function progress() {
  const { read, chapters, yours, slots } = howFar(), next = goOn();
  const lasts = all().flatMap(([{ kind }, { last }]) => (TRIED.includes(kind) && last ? last : [])), right = lasts.filter((last) => last.right).length;
  const rows = [[_`Chapters read`, read, chapters], [_`Answers right`, right, lasts.length], [_`Functions written`, yours, slots]];
  const row = ([words, value, max]) => made("li", {}, made("span", { textContent: words }), made("progress", { value, max, ariaHidden: "true" }), made("b", { textContent: _`${value} of ${max}` }));
  const link = next && made("a", { className: "go-on", href: next.href, textContent: next.isBegun ? _`Go on with ${next.title}` : _`Begin with ${next.title}` });
  return [made("ul", {}, ...rows.filter(([, , max]) => max).map(row)), ...(link ? [link] : [])];
}

// What is due to be asked again, or when it will be.
async function dueWords(dialog) {
  const { askNow, standing } = await import("./again.js"), { found, next } = await standing();
  const day = new Date(next).toLocaleDateString("en-GB", { day: "numeric", month: "long" });
  if (!found.length) return [_`No question is due again.`, ...(next < Infinity ? [_` The next comes on ${day}.`] : [])];
  return [found.length === 1 ? _`One question is due again.` : _`${found.length} questions are due again.`, button(_`Answer`, () => {
    dialog.close();
    askNow(found);
  })];
}

// Opens the box.
export function open() {
  const name = made("input", { autocomplete: "name", maxLength: 100, value: get(NAME) ?? "" });
  const pick = made("input", { type: "file", accept: ".json", hidden: true }), says = made("p", { role: "status" });
  const again = made("input", { type: "checkbox", checked: get(AGAIN) !== "never" });
  const work = () => JSON.stringify(all().filter(([{ kind }]) => ![NAME.kind, AGAIN.kind].includes(kind))), before = work();
  const far = made("section", { className: "far" }, ...progress()), due = made("p", { className: "due", textContent: _`Looking for what is due again.` });

  const save = button(_`Save as a file`, () => {
    const named = name.value.trim().replace(/[^\p{L}\p{N}]+/gu, "-");
    download(`my-course${named && `-${named}`}.json`, fileOf(), "application/json");
    saved();
    says.textContent = _`Saved.`;
  });
  const forgets = button(_`Forget all`, async () => {
    if (!confirm(FORGET)) return;
    await forget();
    name.value = "";
    again.checked = true;
    says.textContent = _`This browser has forgotten what you did here.`;
    far.replaceChildren(...progress());
    due.remove();
  });
  name.oninput = () => set(NAME, name.value.trim() || undefined);
  again.onchange = () => set(AGAIN, again.checked ? undefined : "never");
  pick.onchange = async () => {
    const [file] = pick.files;
    try {
      const course = await readFile(file), was = get(NAME), { taken, displaced, older } = load(course), most = course.kept.length, is = get(NAME);
      says.textContent = _`${taken} of ${most} things in ${file.name} were loaded.` + (taken < most ? _` The others are the same or newer here.` : "")
        + (displaced === 1 ? _` One of your texts gave way, and stands among the drafts of its listing.` : "")
        + (displaced > 1 ? _` ${displaced} of your texts gave way, and stand among the drafts of their listings.` : "")
        + (older === 1 ? _` One of its texts is older than yours, and stands among the drafts of its listing.` : "")
        + (older > 1 ? _` ${older} of its texts are older than yours, and stand among the drafts of their listings.` : "")
        + (course.name && course.name !== is ? _` Your name here stays ${is}, which is newer than ${course.name} in the file.` : "")
        + (was && was !== is ? _` Your name is now ${is}, as in the file; it was ${was}.` : "");
      name.value = is ?? "";
      far.replaceChildren(...progress());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      says.textContent = _`Nothing was loaded from ${file.name}: ${error.message}`;
    }
    pick.value = "";
  };

  const keeps = button("", keepAll), here = made("p", { textContent: _`A page that you have opened opens without a network too.` });
  const isHere = _`The whole course is kept in this browser: it opens and runs without a network. Downloads need one.`;
  const network = group(_`Use it without a network`, here, made("p", {}, keeps));
  keeps.hidden = true; // where it can't be done, or is
  network.hidden = !cachesHere() || !navigator.serviceWorker;
  network.open = Boolean(keeping);
  if (!network.hidden) offline().then(({ whole }) => whole()).then(({ megabytes, isKept }) => {
    keeps.dataset.megabytes = Math.ceil(megabytes);
    keeps.hidden = isKept;
    if (isKept) here.textContent = isHere;
    else if (keeping) keepAll(); // the box was closed meanwhile
    else offerAll();
  }).catch(() => {});

  function offerAll() {
    Object.assign(keeps, { disabled: false, textContent: _`Keep the whole course here (${keeps.dataset.megabytes} MB)` });
  }

  async function keepAll() {
    keeps.disabled = true;
    says.textContent = ""; // why an earlier press has failed
    const report = (megabytes) => (keeps.textContent = _`${Math.floor(megabytes)} of ${keeps.dataset.megabytes} MB are here`);
    if (!keeping) megabytesKept = 0;
    (hear = report)(megabytesKept);
    keeping ??= offline().then(({ keepWhole }) => keepWhole((megabytes) => hear((megabytesKept = megabytes)))).catch(() => false).finally(() => (keeping = undefined));
    const isKept = await keeping;
    offerAll();
    keeps.hidden = isKept;
    if (isKept) here.textContent = isHere;
    says.textContent = isKept ? _`The whole course is here.` : _`Not all of it could be kept. Check the connection and the room on this device, and press again.`;
  }

  const goals = group(_`What you were asked, by learning goal`);
  goals.className = "by-goal";
  goals.addEventListener("toggle", () => import("./goals.js").then(({ fill }) => fill(goals))
    .catch(() => goals.append(_`It could not be loaded. Check the connection and open My course again.`)), { once: true });
  const deck = made("a", { href: addressOf("questions-for-anki.txt"), download: "", textContent: _`a deck for Anki` });
  const file = group(_`Save, load, hand in`, said(FILE), made("label", {}, _`Your name, if you hand it in `, name),
    made("p", {}, save, button(_`Load a file`, () => pick.click())), pick);
  const isKept = storage() === "open", memory = isKept ? [said(_`This browser keeps, of your work:`), made("ul", {}, ...KEPT.map((textContent) => made("li", { textContent })))] : [];
  file.open = !isKept;
  const dialog = boxOf("my-course", _`My course`, ...(isKept ? [] : [said(UNKEPT[storage()])]), far, due, made("div", { className: "groups" }, goals, file, network,
    group(_`Ask again, learn by heart`, made("label", {}, again, _`Ask me again what I have answered`), made("p", {}, _`All questions as cards: `, deck, ".")),
    group(_`What is kept, and forget all`, ...memory, said(STAYS), made("p", {}, forgets))), says);
  dialog.addEventListener("click", ({ target }) => target.pathname === location.pathname && target.hash && dialog.close()); // a link into this page
  dialog.closedBy = "any"; // beside it, too
  dialog.onclose = () => {
    if (work() !== before) return location.replace(location.href.split("#")[0]); // the page shows what was loaded
    dialog.remove();
    if (document.activeElement === document.body) document.querySelector(".menu").focus(); // the contents have closed, and with them the button
  };
  if (again.checked && ["own words", ...TRIED].some((kind) => all(kind).length)) dueWords(dialog).then((words) => due.replaceChildren(...words), () => due.remove()); // without a network
  else due.remove();
  dialog.showModal();
}

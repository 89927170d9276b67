// "My course": all that kept.js keeps in this browser, as one file. Nothing of a file is run, and none of it is shown but as text.

import { joined, MOST, WORDS } from "./answers.js";
import { addressOf, addStyle, BOOK, button, cachesHere, download, made } from "./dom.js";
import { saved, UNKEPT } from "./full.js";
import { all, Full, get, merge, put, recordOf, set, storage } from "./kept.js";
import { clear } from "./log.js";
import { each } from "./plugs.js";

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

const USE = _`To go on elsewhere, save here and load there.`;
const STAYS = [
  _`This browser keeps your name, answers, guesses, what you said in your own words, edits, the listings that you added, the functions that you wrote, what was said of them and the help `
    + _`that you took, ${each("keeps").join("")}which chapters you read and did, and the seed from which the numbers in questions follow: of each the time of `
    + _`its last change, of answers also the number of tries, the first and the last with their times, and when the last wrong one was. A first answer that was wrong stays in it.`,
  _`All of it stays on this device: nothing is sent anywhere. The file is text that you can read. To hand in your work, give it to your `
    + _`teacher, with your name in it or without.`,
];
const FORGET = _`All that this browser keeps of your work will be gone from it, saved or not. A file that you saved stays.`;

// Opens the box.
export function open() {
  addStyle("page/course.css");
  const name = made("input", { autocomplete: "name", maxLength: 100, value: get(NAME) ?? "" });
  const pick = made("input", { type: "file", accept: ".json", hidden: true }), says = made("p", { role: "status" });
  const again = made("input", { type: "checkbox", checked: get(AGAIN) !== "never" });
  const work = () => JSON.stringify(all().filter(([{ kind }]) => ![NAME.kind, AGAIN.kind].includes(kind))), before = work();

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
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      says.textContent = _`Nothing was loaded from ${file.name}: ${error.message}`;
    }
    pick.value = "";
  };

  const keeps = button("", keepAll), isHere = _`The whole course is kept in this browser: it opens and runs without a network. Downloads need one.`;
  keeps.hidden = true; // where it can't be done, or is
  if (cachesHere() && navigator.serviceWorker) offline().then(({ whole }) => whole()).then(({ megabytes, isKept }) => {
    keeps.dataset.megabytes = Math.ceil(megabytes);
    keeps.hidden = isKept;
    if (isKept) says.textContent ||= isHere;
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
    says.textContent = isKept ? isHere : _`Not all of it could be kept. Check the connection and the room on this device, and press again.`;
  }

  const goals = made("details", { className: "by-goal" }, made("summary", { textContent: _`What you were asked, by learning goal` }));
  goals.addEventListener("toggle", () => import("./goals.js").then(({ fill }) => fill(goals))
    .catch(() => goals.append(_`It could not be loaded. Check the connection and open My course again.`)), { once: true });
  goals.addEventListener("click", ({ target }) => target.matches("a") && dialog.close()); // it may lead to this page
  const deck = made("a", { href: addressOf("questions-for-anki.txt"), download: "", textContent: _`a deck for Anki` });
  const dialog = made("dialog", { className: "course-box" },
    made("h2", { textContent: _`My course`, id: "my-course" }), goals, made("p", { textContent: USE }),
    made("label", { textContent: _`Your name, if you hand it in ` }, name),
    made("p", {}, save, button(_`Load a file`, () => pick.click()), keeps, forgets, button(_`Close`, () => dialog.close())), pick, says,
    ...(storage() === "open" ? STAYS : [UNKEPT[storage()], ...STAYS.slice(1)]).map((textContent) => made("p", { textContent })),
    made("label", {}, again, _`Ask me again what I have answered`), made("p", {}, _`To learn the questions by heart: `, deck, "."));
  dialog.setAttribute("aria-labelledby", "my-course");
  dialog.onclose = () => (work() !== before ? location.replace(location.href.split("#")[0]) : dialog.remove()); // the page shows what was loaded
  save.autofocus = true;
  document.body.append(dialog);
  dialog.showModal();
}

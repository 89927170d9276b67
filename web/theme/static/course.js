// "My course": all that kept.js keeps in this browser, as one file. Nothing of a file is run, and none of it is shown but as text.

export const VERSION = 1;
const COURSE = "A Multilayer Perceptron from Scratch";
const MOST_BYTES = 8e6, MOST_ENTRIES = 5000, LONGEST = 100_000, LONGEST_SAID = 300;
const PAGE = /^(?:(?:chapters|reference)\/\w+\.html|index\.html|)$/, BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

// Every key of the browser's storage that is the reader's work, by kind. After `start` follow a page's path and a space, if it has a
// page, and what it is about: a question, the book's text of a listing, the name of a function. Values of the kinds with `shape` are JSON.
const KINDS = {
  answer: { start: "answer ", page: true, about: true },
  edit: { start: "edit of ", page: true, about: true },
  verdict: { start: "verdict on ", page: true, about: true, shape: (value) => hasOnly(value, { code: isText, said: isText }) },
  read: { start: "read ", page: true },
  done: { start: "done ", page: true },
  function: { start: "mine ", about: true, named: /^[A-Za-z_][\w ]{0,60}$/ },
  help: { start: "help with ", about: true, named: /^[A-Za-z_][\w ]{0,60}$/ },
  network: { start: "network", shape: isNetwork },
  name: { start: "name of the reader" },
  "the book's functions": { start: "the book's network" },
  "no covers": { start: "covers nothing" },
  "asked again": { start: "asked again" },
};

export class Refused extends Error {} // its message is a sentence for the reader

// --- Between keys and entries ---------------------------------------------------------------------------------------------

// The entry of a key without its value: {kind, page, about}, or undefined for a key that is not the reader's work. root: the path of
// the course on its host, so that a file fits another host.
export function entryOf(key, root) {
  for (const [kind, { start, page, about }] of Object.entries(KINDS)) {
    if (!key.startsWith(start) || (!page && !about && key !== start)) continue;
    let rest = key.slice(start.length);
    if (!page) return about ? { kind, about: rest } : { kind };
    if (!rest.startsWith(root)) return;
    rest = rest.slice(root.length);
    const space = about ? rest.indexOf(" ") : rest.length, place = rest.slice(0, space);
    return { kind, page: place, ...(about && { about: rest.slice(space + 1) }) };
  }
}

export function keyOf({ kind, page, about }, root) {
  const { start, page: isOfPage } = KINDS[kind];
  return start + (isOfPage ? root + (page || "index.html") + (about === undefined ? "" : " ") : "") + (about ?? "");
}

// All entries in a storage.
function entriesIn(storage, root) {
  const keys = Object.keys(storage).map((key) => key.replace(/^when /, ""));
  return [...new Set(keys)].sort().flatMap((key) => {
    const entry = entryOf(key, root), value = storage.getItem(key), { shape } = KINDS[entry?.kind] ?? {};
    const history = parsed(storage.getItem(`when ${key}`)) ?? {};
    if (!entry || (entry.kind === "name" && !value)) return [];
    const kept = { ...entry, ...(value !== null && { value: shape ? parsed(value) : value }), ...withDates(history) };
    return isEntry(kept) ? [kept] : []; // what another script has put there is none
  });
}

const parsed = (text) => {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
};
const date = (at) => new Date(at).toJSON(); // null if it is no time
const withDate = (one) => one && { ...one, at: date(one.at) };
function withDates({ at, tries, first, last }) {
  return { ...(at && { changed: date(at) }), ...(tries && { tries, first: withDate(first), last: withDate(last) }) };
}

// The history of an entry, as kept.js keeps it. A clock that is ahead must not win for ever.
function historyOf({ changed, tries, first, last }, now = Date.now()) {
  const at = (text) => (text ? Math.min(Date.parse(text), now) : 0);
  const one = (part) => ({ ...part, at: at(part.at) });
  return { at: at(changed), ...(tries && { tries, first: one(first), last: one(last) }) };
}

// --- The file -------------------------------------------------------------------------------------------------------------

export function fileOf(storage, root, edition) {
  const entries = entriesIn(storage, root), name = entries.find(({ kind }) => kind === "name")?.value ?? "";
  const kept = entries.filter(({ kind }) => kind !== "name");
  return JSON.stringify({ course: COURSE, version: VERSION, edition, name, saved: date(Date.now()), kept }, null, 1) + "\n";
}

// What a file holds. Raises Refused, with a sentence, unless every part of it is as fileOf writes it.
export function read(text, edition) {
  if (text.length > MOST_BYTES) throw new Refused("it is larger than any file of this course.");
  const file = parsed(text);
  if (file?.course !== COURSE) throw new Refused(text.includes(COURSE) ? "it is damaged, perhaps cut off." : "it is no file that My course saved.");
  if (file.version !== VERSION || major(file.edition) !== major(edition)) {
    throw new Refused(`it is of another edition of the course than this one, which is ${edition}.`);
  }
  const head = { course: isText, version: Number.isInteger, edition: isText, name: isName, saved: isDate, kept: Array.isArray };
  if (!hasOnly(file, head) || file.kept.length > MOST_ENTRIES) throw new Refused("it is damaged.");
  const wrong = file.kept.findIndex((entry) => !isEntry(entry) || entry.kind === "name");
  if (wrong >= 0) throw new Refused(`it is damaged at entry ${wrong + 1}.`);
  if (new Set(file.kept.map((entry) => keyOf(entry, ""))).size < file.kept.length) throw new Refused("it has an entry twice.");
  return file;
}

const major = (edition) => /^\d+(?=\.\d+\.\d+$)/.exec(edition)?.[0];
const isText = (value) => typeof value === "string" && value.length <= LONGEST;
const isName = (value) => isText(value) && value.length <= 100;
const isDate = (value) => isText(value) && Number.isFinite(Date.parse(value)) && date(Date.parse(value)) === value;
const isCount = (value) => Number.isInteger(value) && value > 0;
const isTry = (value) => hasOnly(value, { said: (said) => isText(said) && said.length <= LONGEST_SAID, right: isTruth, at: isDate });
const isTruth = (value) => typeof value === "boolean";

// Whether an object has no other keys than those of `parts`, each with a value for which the function there is true. `optional` may lack.
function hasOnly(value, parts, optional = []) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((key) => Object.hasOwn(parts, key))
    && Object.entries(parts).every(([key, is]) => (Object.hasOwn(value, key) ? is(value[key]) : optional.includes(key)));
}

function isEntry(entry) {
  if (typeof entry?.kind !== "string" || !Object.hasOwn(KINDS, entry.kind)) return false;
  const { page, about, named, shape } = KINDS[entry.kind];
  const parts = {
    kind: isText,
    ...(page && { page: (value) => isText(value) && PAGE.test(value) }),
    ...(about && { about: (value) => isText(value) && (!named || named.test(value)) }),
    value: shape ?? isText, changed: isDate, tries: isCount, first: isTry, last: isTry,
  };
  const history = ["tries", "first", "last"].filter((key) => Object.hasOwn(entry, key)).length;
  return hasOnly(entry, parts, ["value", "changed", "tries", "first", "last"]) && (history === 0 || history === 3);
}

// Two layers, as kernel.py writes them and demo/network.js reads them.
function isNetwork(value) {
  const isNumber = (number) => typeof number === "number" && Number.isFinite(number);
  const isPart = (part) => hasOnly(part, { scale: isNumber, bytes: (text) => typeof text === "string" && BASE64.test(text) });
  const parts = { W1: isPart, b1: isPart, W2: isPart, b2: isPart, epochs: isCount, accuracy: isNumber };
  if (!hasOnly(value, parts, ["epochs", "accuracy"])) return false;
  const [W1, b1, W2, b2] = ["W1", "b1", "W2", "b2"].map((name) => atob(value[name].bytes).length);
  return b1 <= 4096 && W1 === 784 * b1 && W2 === 10 * b1 && b2 === 10;
}

// --- Loading --------------------------------------------------------------------------------------------------------------

// Take from a file what is newer there than in the storage, all of it or nothing. Of each thing the one that was changed last stays;
// of tries also the first and the larger number. Returns of how many things something was taken. Raises Refused if the storage is full.
export function merge({ kept, name }, storage, root) {
  const before = new Map();
  const put = (key, value) => {
    if (!before.has(key)) before.set(key, storage.getItem(key));
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  };
  let taken = 0;
  try {
    if (name && !storage.getItem(KINDS.name.start)) put(KINDS.name.start, name);
    for (const entry of kept) {
      const key = keyOf(entry, root), ours = parsed(storage.getItem(`when ${key}`)) ?? {}, theirs = historyOf(entry);
      const { value } = entry, isThere = storage.getItem(key) !== null;
      const isNewer = theirs.at > (ours.at ?? (isThere || value === undefined ? 0 : -1));
      const history = JSON.stringify(together(ours, theirs));
      if (!isNewer && history === JSON.stringify(together(ours, ours))) continue;
      put(`when ${key}`, history);
      if (isNewer) put(key, value === undefined ? null : KINDS[entry.kind].shape ? JSON.stringify(value) : value);
      taken++;
    }
  } catch (error) {
    before.forEach((_, key) => storage.removeItem(key)); // first, to make room
    before.forEach((value, key) => value === null || storage.setItem(key, value));
    throw error.name === "QuotaExceededError" ? new Refused("this browser has no room for it.") : error;
  }
  return taken;
}

function together(ours, theirs) {
  const both = [ours, theirs].filter(({ tries }) => tries), at = Math.max(ours.at ?? 0, theirs.at ?? 0);
  const changed = at && { at }; // nothing is known of what was kept before there were histories
  if (!both.length) return { ...changed };
  const by = (part) => both.map((one) => one[part]).sort((a, b) => a.at - b.at);
  return { ...changed, tries: Math.max(...both.map(({ tries }) => tries)), first: by("first")[0], last: by("last").at(-1) };
}

// Remove all that a file would hold, the histories last: another tab that hears of one finds the rest gone.
export function forget(storage, root) {
  const keys = Object.keys(storage).filter((key) => entryOf(key.replace(/^when /, ""), root));
  keys.sort().forEach((key) => storage.removeItem(key));
}

// --- The box --------------------------------------------------------------------------------------------------------------

const USE = "To go on elsewhere, save here and load there.";
const STAYS = [
  "This browser keeps your name, answers, guesses and edits, the functions that you wrote, what was said of them and the help that you "
    + "took, the network that you trained last, and which chapters you read and did: of each the time of its last change, of answers also "
    + "the number of tries, and the first and the last with their times. A first answer that was wrong stays in it.",
  "All of it stays on this device: nothing is sent anywhere. The file is text that you can read. To hand in your work, give it to your "
    + "teacher, with your name in it or without.",
];
const FORGET = "All that this browser keeps of your work will be gone from it, saved or not. A file that you saved stays.";

// Opens the box. edition: that of the page.
export function open(edition) {
  const root = new URL("..", import.meta.url).pathname, storage = localStorage; // raises an error where it is blocked
  const { dialog, input, pick, says, save, load, again, clear, close } = box();
  let isChanged = false;
  input.value = kept(KINDS.name.start) ?? "";
  input.oninput = () => keep(KINDS.name.start, input.value.trim());
  save.onclick = () => {
    const named = input.value.trim().replace(/[^\p{L}\p{N}]+/gu, "-");
    download(`my-course${named && `-${named}`}.json`, fileOf(storage, root, edition), "application/json");
    says.textContent = "Saved.";
  };
  load.onclick = () => pick.click();
  pick.onchange = async () => {
    const [file] = pick.files;
    try {
      if (file.size > MOST_BYTES) throw new Refused("it is larger than any file of this course.");
      const course = read(await file.text(), edition), taken = merge(course, storage, root), all = course.kept.length;
      input.value = kept(KINDS.name.start) ?? "";
      says.textContent = `${taken} of ${all} things in ${file.name} were loaded.${taken < all ? " The others are the same or newer here." : ""}`;
      isChanged ||= taken > 0;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      says.textContent = `Nothing was loaded from ${file.name}: ${error.message}`;
    }
    pick.value = "";
  };
  clear.onclick = () => {
    if (!confirm(FORGET)) return;
    forget(storage, root);
    input.value = "";
    again.checked = true;
    says.textContent = "This browser has forgotten what you did here.";
    isChanged = true;
  };
  again.checked = kept(KINDS["asked again"].start) !== "never";
  again.onchange = () => keep(KINDS["asked again"].start, again.checked ? undefined : "never");
  close.onclick = () => dialog.close();
  dialog.onclose = () => (isChanged ? location.replace(location.pathname + location.search) : dialog.remove()); // the page shows what was loaded
  save.autofocus = true;
  dialog.showModal();
}

function box() {
  addStyle();
  const dialog = made("dialog", { className: "course-box" });
  const input = made("input", { autocomplete: "name", maxLength: 100 }), again = made("input", { type: "checkbox" });
  const pick = made("input", { type: "file", accept: ".json", hidden: true });
  const name = made("label", { textContent: "Your name, if you hand it in " }), asked = made("label", {});
  const heading = made("h2", { textContent: "My course", id: "my-course" });
  const [save, load, clear, close] = ["Save as a file", "Load a file", "Forget all", "Close"].map((textContent) =>
    made("button", { type: "button", textContent }));
  const row = made("p", {}), says = made("p", {}), deck = made("p", {});
  says.setAttribute("role", "status");
  dialog.setAttribute("aria-labelledby", "my-course");
  name.append(input);
  asked.append(again, "Ask me again what I first answered wrong");
  row.append(save, load, clear, close);
  deck.append("To learn the questions by heart: ", made("a", { href: new URL("../questions-for-anki.txt", import.meta.url), download: "", textContent: "a deck for Anki" }), ".");
  const texts = STAYS.map((textContent) => made("p", { textContent }));
  dialog.append(heading, made("p", { textContent: USE }), name, row, pick, says, ...texts, asked, deck);
  document.body.append(dialog);
  return { dialog, input, pick, says, save, load, again, clear, close };
}

export function addStyle() {
  const { href, search } = new URL(import.meta.url), style = new URL(`course.css${search}`, href).href;
  if (!document.querySelector(`link[href="${style}"]`)) document.head.append(made("link", { rel: "stylesheet", href: style }));
}

export const made = (tag, properties) => Object.assign(document.createElement(tag), properties);

export function download(name, text, type) {
  const link = made("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

// What this browser keeps of a reader's work: each thing under a key of its own, so that two tabs don't overwrite each other, and
// beside it when it changed and how often it was tried. course.js knows all the keys, and makes a file of them.

const WHEN = "when "; // before a key: its history, {at: milliseconds, tries, first and last: {said, right, at}} as JSON

const HERE = location.pathname.replace(/\/$/, "/index.html"); // the page, whose keys contain it: the first has two addresses
const held = new Map(); // what storage that is blocked or full did not take: this page alone has it

function kept(key) {
  if (held.has(key)) return held.get(key);
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is blocked
  }
}

function keptKeys() {
  try {
    return [...new Set([...Object.keys(localStorage), ...held.keys()])].filter((key) => kept(key) !== null);
  } catch {
    return [...held.keys()].filter((key) => kept(key) !== null);
  }
}

function historyOf(key) {
  try {
    return JSON.parse(kept(WHEN + key)) ?? {};
  } catch {
    return {};
  }
}

// Keep a value, or none.
function keep(key, value) {
  held.set(key, value === undefined ? null : String(value));
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    held.delete(key);
    localStorage.setItem(WHEN + key, JSON.stringify({ ...historyOf(key), at: Date.now() }));
  } catch {}
}

// Note a try at what `key` stands for: the answer or the verdict in words, and whether it is right. What is kept has not changed by it.
function noteTry(key, said, right) {
  const history = historyOf(key), last = { said: said.trim().slice(0, 300), right, at: Date.now() };
  try {
    localStorage.setItem(WHEN + key, JSON.stringify({ ...history, tries: (history.tries ?? 0) + 1, first: history.first ?? last, last }));
  } catch {}
}

// The Back key brings a page as it was. What was kept elsewhere since then comes to it as from another tab.
const values = () => Object.fromEntries(keptKeys().map((key) => [key, kept(key)]));
let left = {};
addEventListener("pagehide", () => (left = values()));
addEventListener("pageshow", ({ persisted }) => {
  const now = values(), keys = Object.keys({ ...left, ...now }).filter((key) => left[key] !== now[key]);
  if (persisted) keys.forEach((key) => dispatchEvent(new StorageEvent("storage", { key, newValue: now[key] ?? null })));
});

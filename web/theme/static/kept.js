// What this browser keeps of a reader's work: each thing under a key of its own, so that two tabs don't overwrite each other, and
// beside it when it changed and how often it was tried. course.js knows all the keys, and makes a file of them.

const WHEN = "when "; // before a key: its history, {at: milliseconds, tries, first and last: {said, right, at}} as JSON

function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is blocked
  }
}

function keptKeys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
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
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
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

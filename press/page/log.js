// What kept.js keeps, a second time, in a database that is on the disk at once. The browser's storage is not: a large text waits there for
// minutes, and everything behind it, and all of that is lost when the browser ends without a word, as when the battery is empty.

// This copy of the course, as all that is kept of it is called. Another one on this host has other names.
export const ROOT = new URL("..", import.meta.url).pathname;
export const NAME = `my course ${ROOT}`;

const STORE = "records";
const waiting = new Map(); // the records that are to be written, by key
let last = Promise.resolve(); // of the turns, each of which changes the database

// The storage has, by NAME, the time of the last text of the log that it has too. What is later in the log it has lost.
const timeTaken = () => Number(localStorage.getItem(NAME));
export const taken = (time) => localStorage.setItem(NAME, time);

// Write a text, or with null delete it. What comes while others are written goes together. Returns the time to call `taken` with.
export function write(key, text) {
  const time = Math.max(Date.now(), timeTaken() + 1);
  if (!waiting.size) inTurn(writeAll).catch(() => {});
  waiting.set(key, { key, time, text });
  return time;
}

function writeAll(store) {
  for (const record of waiting.values()) record.text === null ? store.delete(record.key) : store.put(record);
  waiting.clear();
}

// Call take(key, text) for all that the storage has lost.
export async function bringBack(take) {
  try {
    const range = IDBKeyRange.lowerBound(timeTaken(), true);
    (await inStore("readonly", (store) => store.index("time").getAll(range))).forEach(({ key, text }) => take(key, text));
  } catch {} // storage is blocked, or there is no database
}

// The time goes last, because without it all that is in the log would come back.
export async function clear() {
  try {
    await inTurn((store) => store.clear());
    localStorage.removeItem(NAME);
  } catch {} // as above
}

const inTurn = (act) => (last = last.catch(() => {}).then(() => inStore("readwrite", act)));

async function inStore(mode, act) {
  const opening = indexedDB.open(NAME);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" }).createIndex("time", "time");
  const database = await answered(opening);
  try {
    const transaction = database.transaction(STORE, mode, { durability: "strict" }), request = act(transaction.objectStore(STORE));
    const ended = new Promise((oncomplete, onabort) => Object.assign(transaction, { oncomplete, onabort }));
    if (mode === "readwrite") transaction.commit(); // also if the page is left meanwhile
    await ended;
    return mode === "readonly" && request.result; // after `commit` a large one may not be there
  } finally {
    database.close();
  }
}

const answered = (request) =>
  new Promise((resolve, onerror) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror }));

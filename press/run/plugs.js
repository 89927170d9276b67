// What a book's own scripts do at certain moments, if it has any. The book puts an import of them before the scripts that call `each`
// (BEFORE in book/files.py).
//
//   starts                    Python has started: what to call of the book's, [[name, arguments], ...]
//   heard(kind, text)         Python has sent something, a listing's output or else: whether it was for the book
//   doubts(codes)             a check below listings with these codes has failed: what else may be why, as a sentence
//   allWritten(place, alone)  all functions are the reader's: place(element) shows something, and `alone` is that of session.js

const plugs = {};

export const plug = (moment, act) => (plugs[moment] ??= []).push(act);

// What each of them gives, a list.
export const each = (moment, ...given) => (plugs[moment] ?? []).map((act) => act(...given));

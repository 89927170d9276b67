// What a book's own scripts do at certain moments, if it has any. The setting `plugs` says before which scripts, that call `each`, they are
// loaded.
//
//   curves()                  the curves that a reader may be asked to draw, by the class of the question: {name: how it is called,
//                             over: what it goes over, pattern: matches what a listing prints for each point, its place and its value,
//                             ticks: the values beside the axis, of which the first and the last are its ends, digits}
//   near                      what is loaded when the reader scrolls near it: {selector: async (place) => puts it into the place}
//   asked(path)               whether a script of the book's may ask in this page for its file with this path, for a visit without a network
//   starts                    Python has started: what to call of the book's, [[name, arguments], ...]
//   heard(kind, text)         Python has sent something, a listing's output or else: whether it was for the book
//   doubts(codes)             a check below listings with these codes has failed: what else may be why, as a sentence
//   otherDigits()             an output has other digits than the book's: why, as a sentence
//   isRight(name, code)       a function of the reader's is right, with this code, without comments: what to say besides, as a sentence
//   kinds(checks)             what else the file of My course may hold: as KINDS in page/course.js, which has the checks
//   keeps                     the words for it in My course, with a comma and a space behind them
//   allWritten(place, alone)  all functions are the reader's: place(element) shows something, and `alone` is that of session.js

const plugs = {};

export const plug = (moment, act) => (plugs[moment] ??= []).push(act);

// What each of them gives, a list.
export const each = (moment, ...given) => (plugs[moment] ?? []).map((act) => act(...given));

// A listing of the page: the parts that it is made of.
//
//   cell      its element in the page
//   number    its place among those of the book, from 1, or such as "5a" for one that the reader has added
//   added     the thing that it is kept as, if the reader has added it (added.js)
//   editor    the text that the reader sees and changes (edit.js)
//   slot      the function that the reader writes in it, if there is one (slots.js)
//   table     the places to fill in, if it is such a table (table.js)
//   output    what stands below it (output.js)
//   numbers   those in its code that can be dragged (draggable.js)
//   code      what Run executes; in a slot it is not the text, until that has been judged right
//   original  what Run executes in the book
//   facts     what Python says of its code, and that code, once it was asked (effects.py)
//   run       its last run, if there is one (dependencies.js)

import { makeNumbers } from "./draggable.js";
import { makeEditor } from "./edit.js";
import { makeOutput } from "./output.js";
import { makeSlot } from "./slots.js";
import { makeTable } from "./table.js";

// markNumbers is that of start.js. The functions after it are those of session.js.
export function makeListing(cell, number, markNumbers, { changed, ask, warm, say, request, fresh, runAgain, isQuick, timed, asked, alone }, added) {
  const editor = makeEditor(cell, number, {
    markNumbers, changed, warm, say, added,
    ask: (how, text) => ask(listing, how, text),
    run: () => request(listing),
  });
  const slot = makeSlot(cell, editor, () => request(listing), { time: () => timed(listing), ask: (given) => asked(listing, given), alone });
  const table = makeTable(cell, editor);
  const numbers = makeNumbers(cell, editor, {
    fresh,
    run: (before) => runAgain(listing, before),
    isQuick: (before) => isQuick(listing, before),
  });
  const listing = {
    cell, number, added, editor, slot, table, numbers, output: makeOutput(cell), facts: undefined, run: undefined,
    get code() {
      return slot ? slot.code : editor.text;
    },
    original: slot ? slot.book : editor.original,
  };
  return listing;
}

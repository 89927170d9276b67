// Listings that the reader adds to a page. Each is kept as a thing of the kind "listing", whose value is its code. It is about the time at
// which it was added and, from the next line on, the text of the book's listing that it stands below: with this text it goes into another
// edition, as an edit does. Those below the same one stand in the order of their times.

import { button, made } from "../page/dom.js";
import { all, get, HERE, put, recordOf, set, watch } from "../page/kept.js";
import { LIKE, nearest } from "./changed.js";

const KIND = "listing";
const SECOND = 1000; // milliseconds
const HOMELESS = _`The listing below which you added this is no longer in the book.`;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

const timeOf = ({ about }) => Date.parse(about.split("\n")[0]);
const textOf = ({ about }) => about.slice(about.indexOf("\n") + 1);
const draftsOf = (thing) => ({ ...thing, kind: "listing draft" }); // as edit.js keeps them
const thingOf = (time, text) => ({ kind: KIND, page: HERE, about: `${new Date(time).toJSON()}\n${text}` });

let opened;

// session: as session.js opens it, to which those that are kept are added. addRow: that of start.js. Returns {addBelow}.
export const open = (session, addRow) => (opened ??= begin(session, addRow));

function begin(session, addRow) {
  const books = session.listings.slice(), counts = new Map(); // how many listings were added below one of the book's, by its number

  const here = () => all(KIND).filter(([{ page }, { value }]) => page === HERE && value !== undefined).map(([thing]) => thing);
  const shown = ({ about }) => session.listings.find(({ added }) => added?.about === about);
  const textBelow = ({ added, editor }) => (added ? textOf(added) : editor.original);

  // The book's listing that one with this text stands below; where the book has changed it, the one that is most like it; or none.
  function bookOf(text) {
    const { listing, likeness } = nearest(text, books);
    return books.find(({ editor }) => editor.original === text) ?? (likeness >= LIKE ? listing : undefined);
  }

  // Show what is kept as `thing` below those that were added before it.
  function show(thing) {
    const book = bookOf(textOf(thing)), siblings = session.listings.filter(({ added }) => added && bookOf(textOf(added)) === book);
    const above = siblings.filter(({ added }) => timeOf(added) <= timeOf(thing)).at(-1) ?? book, number = nameBelow(book ?? books.at(-1));
    const cell = made("div", { className: "cell added" },
      made("div", { className: "cell_input" }, made("div", { className: "highlight" }, made("pre", { textContent: "\n" }))));
    cell.dataset.number = number;
    if (!book) cell.prepend(made("p", { className: "remark" }, HOMELESS));
    if (above) above.cell.after(cell);
    else document.querySelector("article").append(cell);
    addRow(cell, number);
    const remove = button(_`Delete`, () => takeAway(listing), _`Delete listing ${number}`), listing = session.make(cell, number, thing);
    remove.className = "delete";
    cell.querySelector(".add").after(remove);
    session.put(listing);
    return listing;
  }

  // No two have one name while the page is open, because Python knows them by it.
  function nameBelow({ number }) {
    const count = counts.get(number) ?? 0;
    counts.set(number, count + 1);
    return number + LETTERS[count % 26].repeat(1 + Math.floor(count / 26));
  }

  // A time at which it stands directly below a listing: now or, where others stand there, one before theirs.
  function timeBelow(listing) {
    const next = session.listings[session.listings.indexOf(listing) + 1]?.added, text = textBelow(listing);
    const last = listing.added ? timeOf(listing.added) : 0;
    if (!next || textOf(next) !== text) return Math.max(Date.now(), last + 1);
    let time = last ? Math.floor((last + timeOf(next)) / 2) : timeOf(next) - SECOND;
    while (shown(thingOf(time, text))) time++; // two within a millisecond: it stands below the other
    return time;
  }

  function addBelow(cell) {
    const above = session.of(cell);
    show(thingOf(timeBelow(above), textBelow(above))).editor.open();
  }

  // Delete a listing. Its text stays as a draft until another one is deleted below the same listing of the book.
  function takeAway(listing) {
    const { cell, added, editor, code } = listing, above = session.listings[session.listings.indexOf(listing) - 1];
    if (get(added) !== undefined) {
      if (code.trim()) editor.take([{ code, at: recordOf(added).changed }]);
      set(added, undefined);
    }
    if (code.trim()) return putNote(listing, code).focus({ preventScroll: true });
    session.take(listing);
    cell.remove();
    above.cell.querySelector(".add").focus();
  }

  // In the place of a listing that is deleted. Returns its button; as long as the page is open it brings the output back, too.
  function putNote(listing, code) {
    const { cell, number, editor } = listing;
    session.take(listing);
    const back = button(_`Bring it back`, () => {
      note.replaceWith(cell);
      session.put(listing);
      editor.set(code);
      cell.querySelector(".edit").focus();
    }, _`Bring listing ${number} back`);
    const note = made("p", { className: "remark deleted" }, _`Listing ${number} is deleted. `, back);
    cell.replaceWith(note);
    return back;
  }

  // What another tab adds comes here too, and what it deletes goes.
  watch((thing, isElsewhere) => {
    if (!isElsewhere || thing.kind !== KIND || thing.page !== HERE) return;
    const listing = shown(thing), isKept = get(thing) !== undefined;
    if (!listing && isKept) show(thing);
    else if (listing && !isKept && !session.isBusy(listing)) takeAway(listing);
  });

  // Those that were deleted at an earlier visit. The last one below a listing of the book can be had back.
  function deleted() {
    const some = all(KIND).filter(([thing, { value }]) => thing.page === HERE && value === undefined && get(draftsOf(thing))?.length);
    some.sort(([, { changed: one = "" }], [, { changed: other = "" }]) => one.localeCompare(other));
    const things = some.map(([thing]) => thing), last = new Map(things.map((thing) => [textOf(thing), thing]));
    things.filter((thing) => last.get(textOf(thing)) !== thing).forEach((thing) => put(draftsOf(thing), {}));
    return [...last.values()];
  }

  const gone = deleted();
  for (const thing of [...here(), ...gone].sort((one, other) => timeOf(one) - timeOf(other))) {
    const listing = show(thing);
    if (gone.includes(thing)) putNote(listing, get(draftsOf(thing)).at(-1).code);
  }
  return { addBelow };
}

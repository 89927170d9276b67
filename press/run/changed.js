// Edits of listings that the book has changed since. An edit is kept with the text that it was made on, as what it is about. Where no
// listing has that text any more, the edit is offered above the listing that is most like it.

import { addStyle, button, made } from "../page/dom.js";
import { get, put, recordOf } from "../page/kept.js";
import { difference, marked } from "./link.js";

export const LIKE = 0.5; // a listing that is less like the text is another one

// things: the edits and drafts of this page whose text no listing has.
export function offer(things, listings) {
  for (const thing of things) {
    const near = nearest(thing.about, listings), { editor } = near.listing;
    if (thing.kind === "draft") editor.take(get(thing));
    if (thing.kind === "draft" || [editor.text, editor.original].includes(get(thing))) forget(thing);
    else show(thing, near);
  }
}

// The listing whose original text is most like a text, and how much: {listing, likeness}.
export function nearest(text, listings) {
  const found = listings.map((listing) => ({ listing, likeness: likeness(text, listing.editor.original) }));
  return found.reduce((best, one) => (one.likeness > best.likeness ? one : best));
}

// From 0 to 1: how much of two texts are the same pairs of letters, wherever they stand.
function likeness(one, other) {
  const pairs = (text) => Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));
  const rest = new Map(), [some, others] = [pairs(one), pairs(other)];
  let both = 0;
  for (const pair of others) rest.set(pair, (rest.get(pair) ?? 0) + 1);
  for (const pair of some.filter((pair) => rest.get(pair))) {
    rest.set(pair, rest.get(pair) - 1);
    both++;
  }
  return (2 * both) / Math.max(1, some.length + others.length);
}

function forget(thing) {
  for (const kind of [thing.kind, "verdict"]) put({ ...thing, kind }, {}); // what was said was of this edit
}

function show(thing, { listing, likeness }) {
  const { editor, cell, number } = listing, code = get(thing), changed = likeness >= LIKE;
  const done = () => {
    forget(thing);
    box.remove();
    cell.querySelector(".run-row .edit").focus();
  };
  const yours = button(_`Use yours`, () => {
    editor.bring(code);
    done();
  }, _`Use yours in listing ${number}`);
  const label = changed ? _`Use the book's` : _`Leave it`, books = button(label, () => {
    editor.take([{ code, at: recordOf(thing).changed }]);
    done();
  }, _`${label} in listing ${number}`);
  const both = button(_`Both side by side`, () => {
    both.ariaExpanded = !(sides.hidden = !sides.hidden);
  }, _`Both side by side for listing ${number}`);
  const sides = made("div", { className: "sides", hidden: true }, side(_`The book's`, editor.original, code, "-"), side(_`Yours`, editor.original, code, "+"));
  const says = changed ? _`The book has changed listing ${number} since you edited it. Your edit is kept, and not in use.`
    : _`A listing that you edited is no longer in the book. Listing ${number} is the one most like it. Your edit is kept, and not in use.`;
  const box = made("section", { className: "linked remark", ariaLabel: _`Your earlier edit of listing ${number}` },
    made("p", {}, says), yours, " ", books, " ", both, sides);
  both.ariaExpanded = false;
  addStyle("run/link.css");
  cell.before(box);
}

// One of two texts, whose lines that the other has not are marked by the sign.
export function side(title, one, other, sign) {
  const lines = difference(one, other).filter(([is]) => [" ", sign].includes(is)).map(marked);
  return made("div", {}, made("p", { textContent: title }), made("pre", { tabIndex: 0, ariaLabel: title }, ...lines));
}

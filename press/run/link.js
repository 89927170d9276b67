// A link that carries an edit of a listing, in the part of the address that no server sees. Opened, it shows what is different, and
// runs nothing.

import { addStyle, answerOn, button, copyLink, made } from "../page/dom.js";

export const MOST = 8000; // letters, which a link still has when it was pasted into a letter or a chat
const START = "#edit=";
// Characters that would let a listing look like other code than it is: those that control, hide, reverse, look like nothing or like a
// space, or have no look of their own, and marks upon a letter that make no letter of an alphabet, or upon a sign of code.
const UNSEEN = new RegExp([
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u2800\ufff9-\ufffb\u{1d159}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u, /(?! )[\p{Z}\p{Co}\p{Cs}]/u, /\p{Script=Inherited}/u,
].map(({ source }) => source).join("|"), "u");
const CHANGED = /[^\P{ASCII}A-Za-z]\p{M}/u; // such as = to the sign of what is not equal
const isSeen = (code) => !UNSEEN.test(code.normalize()) && !CHANGED.test(code);

// 32 bits of a text (FNV-1a), by which a link names the listing that it edits.
export function mark(text) {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(16);
}

// The part of an address for `code` in the place of `original`, or undefined if it is too long.
export function fragmentOf(original, code) {
  const bytes = new TextEncoder().encode(JSON.stringify([mark(original), code]));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const fragment = START + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return fragment.length < MOST ? fragment : undefined;
}

// The edit that a fragment carries, {mark, code}, or undefined if it is none, or carries anything else.
export function editOf(fragment) {
  const text = fragment.slice(START.length).replace(/[^\w-]{1,2}$/, ""); // a full stop or bracket that stands behind the link in a letter
  if (!fragment.startsWith(START) || fragment.length >= MOST || !/^[\w-]+$/.test(text)) return;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const list = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)), [mark, code, ...rest] = list;
    const isEdit = Array.isArray(list) && typeof mark === "string" && typeof code === "string" && !rest.length && isSeen(code);
    return isEdit ? { mark, code } : undefined;
  } catch {} // no base64, no UTF-8, no JSON, no list
}

// The lines of two texts, each with "-" if only the first has it, "+" if only the second has it, and " " if both have it.
export function difference(one, other) {
  const [a, b] = [one.split("\n"), other.split("\n")];
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1)); // lines that the rests from i and j share
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push([" ", a[i++]]);
      j++;
    }
    else if (j === b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) lines.push(["-", a[i++]]);
    else lines.push(["+", b[j++]]);
  }
  return lines;
}

// A line of `difference`, as an element.
export const marked = ([sign, text]) => made({ "-": "del", "+": "ins", " ": "span" }[sign], {}, `${sign} ${text}\n`);

export function copy(button, original, code) {
  const fragment = fragmentOf(original, code);
  if (!isSeen(code)) answerOn(button, _`It has invisible letters`);
  else if (fragment) copyLink(button, fragment);
  else answerOn(button, _`Too long for a link`);
}

const DAMAGED = _`The link is damaged or was cut off, so it changes nothing. Copy it again where it comes from.`;
const UNKNOWN = _`The link carries an edit of a listing that this page does not have. It may be of another edition.`;

// Show the edit that this page's address carries above its listing, to be used or left. One that is in use already is in its listing.
export async function show(load, say) {
  const edit = editOf(location.hash);
  document.getElementById("linked-edit")?.remove();
  const session = await load();
  if (!session) return;
  if (!edit) return say("stopped", DAMAGED);
  const listing = session.listings.find(({ editor }) => mark(editor.original) === edit.mark);
  if (!listing) return say("stopped", UNKNOWN);
  const { editor, cell, number } = listing;
  if (editor.text === edit.code) return cell.scrollIntoView({ block: "center" });
  const lines = difference(editor.text, edit.code).map(marked);
  const leave = () => {
    box.remove();
    history.replaceState(null, "", location.pathname + location.search);
  };
  const use = button(_`Use it`, () => {
    editor.bring(edit.code);
    leave();
  }, _`Use the edit in listing ${number}`);
  const box = made("section", { id: "linked-edit", className: "linked remark", ariaLabel: _`A linked edit of listing ${number}`, tabIndex: -1 },
    made("p", {}, _`The link brings an edit of listing ${number}. Nothing of it has run.`), made("pre", { tabIndex: 0 }, ...lines),
    use, " ", button(_`Leave it`, leave));
  addStyle("run/link.css");
  cell.before(box);
  box.scrollIntoView({ block: "center" });
  box.focus({ preventScroll: true }); // not a button: a stray Enter takes nothing
}

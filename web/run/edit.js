// Edit a listing in place: a text area lies exactly over the highlighted code.

import { button, made } from "../page/dom.js";
import { get, HERE, set as keep, watch } from "../page/kept.js";

const KEYWORDS = ("and as assert async await break class continue def del elif else except finally for from global if import in "
  + "is lambda nonlocal not or pass raise return try while with yield None True False").split(" ");
const COMMENT = "#.*", NUMBER = String.raw`(?<![\w.])\.?\d[\w.]*(?:(?<=e)[+-]?\d+)?`, NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const STRING = String.raw`[rbf]{0,2}(?:"{3}[^]*?(?:"{3}|$)|'{3}[^]*?(?:'{3}|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const TOKENS = new RegExp(`(?<c1>${COMMENT})|(?<s1>${STRING})|(?<mi>${NUMBER})|(?<n>${NAME})`, "giu");

const YOUR_CODE = "...  # your code";

export function coloured(code) {
  const parts = [];
  let end = 0;
  for (const token of code.matchAll(TOKENS)) {
    let [kind] = Object.entries(token.groups).find(([, text]) => text !== undefined);
    if (kind === "n" && KEYWORDS.includes(token[0])) kind = "k";
    parts.push(code.slice(end, token.index), made("span", { className: kind }, token[0]));
    end = token.index + token[0].length;
  }
  return [...parts, `${code.slice(end)}\n`];
}

// The editor of a listing: its text, and what changes it. `run` is called by Shift+Enter, and `changed` after every change.
export function makeEditor(cell, number, { run, changed, markNumbers }) {
  const block = cell.querySelector(".highlight"), pre = block.querySelector("pre");
  const editButton = cell.querySelector(".run-row .edit");
  const originalNodes = [...pre.childNodes];
  const original = pre.textContent.replace(/\n$/, "");
  const thing = { kind: "edit", page: HERE, about: original }; // so in another edition an edit follows its text

  let text = original;
  const earlier = []; // the edits that were replaced by the original, and the reader's that code from elsewhere has replaced
  let taken; // that of them which was taken back last
  let others; // the code from elsewhere
  const isOwn = () => ![others, original].includes(text), isOffered = () => earlier.length && !isOwn();
  // The last is offered first. One that was taken back, and not changed since, is offered after all others.
  const putAway = () => earlier[text === taken ? "unshift" : "push"](text);
  const back = button("", () => {
    if (isOffered()) set((taken = earlier.pop()));
    else {
      putAway();
      set(original);
    }
    leave();
    if (back.hidden) editButton.focus();
  });
  back.className = "back";
  const link = button("Copy link", async () => (await import("./link.js")).copy(link, original, text));
  editButton.after(back, link);
  offer();
  const hint = made("span", { className: "run-hint", textContent: "Shift+Enter runs, Esc leaves", hidden: true });
  link.after(hint);

  function offer() {
    link.hidden = text === original;
    back.hidden = link.hidden && !isOffered();
    back.textContent = isOffered() ? "Your edit back" : "Back to the original";
    back.setAttribute("aria-label", `${back.textContent} ${isOffered() ? "in" : "of"} listing ${number}`);
  }

  // Open the editor, with the cursor at the beginning, or at the place of a click.
  function open(event) {
    if (block.classList.contains("editing")) return block.querySelector("textarea").focus();
    unfold();
    const place = event ? Math.min(placeOf(event), text.length) : 0;
    const area = made("textarea", { value: text, rows: 1, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" });
    area.setAttribute("aria-label", `Code of listing ${number}. Shift and Enter run it, Tab indents, Escape leaves.`);
    area.oninput = () => set(area.value);
    area.onkeydown = (event) => {
      if (event.key === "Escape") {
        leave();
        editButton.focus();
      } else if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
      } else if (event.key === "Enter" && !event.isComposing) type(event, newLine(area));
      else if (event.key === "Tab" && event.shiftKey) outdent(event, area);
      else if (event.key === "Tab") type(event, " ".repeat(4 - (lineBefore(area).length % 4)));
    };
    // Not when another window is called, and on a phone not before a tap is over, because what is below moves up then.
    area.onblur = () => setTimeout(() => document.activeElement === area || leave());
    block.classList.add("editing");
    hint.hidden = false;
    block.append(area);
    area.focus({ preventScroll: Boolean(event) });
    const dots = event ? -1 : text.indexOf(YOUR_CODE); // what the reader of a slot replaces
    if (dots < 0) area.setSelectionRange(place, place);
    else area.setSelectionRange(dots, dots + YOUR_CODE.length);
    changed();
  }

  // The number of characters of the code before a place on the screen.
  function placeOf({ clientX, clientY }) {
    const caret = document.caretPositionFromPoint?.(clientX, clientY);
    const old = caret ? null : document.caretRangeFromPoint?.(clientX, clientY); // in older browsers
    const node = caret?.offsetNode ?? old?.startContainer;
    if (!node || !pre.contains(node)) return 0;
    const range = document.createRange();
    range.setStart(pre, 0);
    range.setEnd(node, caret?.offset ?? old.startOffset);
    return range.toString().length;
  }

  // The code of a figure is folded.
  function unfold() {
    const folded = block.closest(".cell_input > details");
    if (folded) folded.open = true;
  }

  function leave() {
    block.classList.remove("editing");
    hint.hidden = true;
    const area = block.querySelector("textarea");
    if (area) area.onblur = null; // removing it would fire the event
    area?.remove();
    changed();
  }

  function show(code) {
    text = code;
    if (code !== original) unfold();
    pre.replaceChildren(...(code === original ? originalNodes : coloured(code)));
    markNumbers(block, number);
    offer();
    changed();
  }

  function set(code) {
    show(code);
    keep(thing, code === original ? undefined : code);
  }

  // Take code that comes from elsewhere: of a link, of an exercise, of another tab. The reader's own is one press away.
  function bring(code, take = set) {
    if (isOwn()) putAway();
    if (earlier.at(-1) === code) earlier.pop();
    leave();
    take(others = code);
  }

  const present = () => get(thing) ?? original;
  watch(({ kind, page, about }, isElsewhere) => {
    if (isElsewhere && kind === "edit" && page === HERE && about === original && present() !== text) bring(present(), show);
  });

  if (present() !== original) show(present());
  return {
    original,
    get text() {
      return text;
    },
    set,
    bring,
    open,
  };
}

// Replace the selection with text. execCommand is the only way that keeps the browser's undo history.
function type(event, text) {
  event.preventDefault();
  document.execCommand(text ? "insertText" : "delete", false, text);
}

const lineBefore = (area) => area.value.slice(0, area.selectionStart).split("\n").at(-1);

// A line break with the indentation of the present line, and four more spaces after a colon.
function newLine(area) {
  const line = lineBefore(area);
  return `\n${line.match(/^ */)[0]}${line.trimEnd().endsWith(":") ? "    " : ""}`;
}

// Remove up to four spaces at the beginning of the line.
function outdent(event, area) {
  event.preventDefault();
  const start = area.selectionStart - lineBefore(area).length, place = area.selectionStart;
  const spaces = area.value.slice(start).match(/^ {0,4}/)[0].length;
  if (!spaces) return;
  area.setSelectionRange(start, start + spaces);
  type(event, "");
  area.setSelectionRange(Math.max(start, place - spaces), Math.max(start, place - spaces));
}

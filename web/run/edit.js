// Edit a listing in place. editor.js, with CodeMirror, is loaded at the first edit.

import { button, made } from "../page/dom.js";
import { get, HERE, set as keep, watch } from "../page/kept.js";

const KEYWORDS = ("and as assert async await break class continue def del elif else except finally for from global if import in "
  + "is lambda nonlocal not or pass raise return try while with yield None True False").split(" ");
const COMMENT = "#.*", NUMBER = String.raw`(?<![\w.])\.?\d[\w.]*(?:(?<=e)[+-]?\d+)?`, NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const STRING = String.raw`[rbf]{0,2}(?:"{3}[^]*?(?:"{3}|$)|'{3}[^]*?(?:'{3}|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const TOKENS = new RegExp(`(?<c1>${COMMENT})|(?<s1>${STRING})|(?<mi>${NUMBER})|(?<n>${NAME})`, "giu");

const NO_EDITOR = "The editor did not arrive. Check the connection and reload this page; the listing can be run as it stands.";
const YOUR_CODE = "...  # your code";
const MOST = 5; // edits that are kept when they were put away

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

// The editor of a listing: its text, and what changes it. `run` is called by Shift+Enter, `changed` after
// every change, `ask` asks Python, and `say` speaks in the bar.
export function makeEditor(cell, number, { run, changed, ask, say, markNumbers }) {
  const block = cell.querySelector(".cell_input .highlight"), pre = block.querySelector("pre");
  const editButton = cell.querySelector(".run-row .edit");
  const originalNodes = [...pre.childNodes];
  const original = pre.textContent.replace(/\n$/, "");
  // It follows its text into another edition. Where the book has changed that, changed.js offers it.
  const thing = { kind: "edit", page: HERE, about: original };
  const draft = { ...thing, kind: "draft" }; // what was put away, a list, or a text from an older edition

  let text = original;
  let view, closed; // the editor while it is open, and what it was when it was left, with what can be undone
  let hasRun = true; // since the editor was open last
  const earlier = []; // the edits that were replaced by the original, and the reader's that code from elsewhere has replaced
  let taken; // that of them which was taken back last
  let others; // the code from elsewhere
  let keptToo = () => undefined; // a text that is kept elsewhere, as a right function is
  const isOwn = () => ![others, original, keptToo()].includes(text), isOffered = () => earlier.length && !isOwn();
  const away = () => [get(draft) ?? []].flat();
  // The last is offered first. One that was taken back, and not changed since, is offered after all others.
  const putAway = (isKept = true) => {
    earlier[text === taken ? "unshift" : "push"](text);
    const isWritten = text.replace(/[\d.]+/g, "") !== original.replace(/[\d.]+/g, ""); // and no number that was dragged
    if (isKept && isWritten) keep(draft, [...away().filter((one) => one !== text), text].slice(-MOST));
  };
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
  const hint = made("span", { className: "run-hint", textContent: "Shift+Enter runs, Shift+Tab explains, Esc leaves", hidden: true });
  link.after(hint);

  function offer() {
    link.hidden = text === original;
    back.hidden = link.hidden && !isOffered();
    back.textContent = isOffered() ? "Your edit back" : "Back to the original";
    back.setAttribute("aria-label", isOffered() ? `Your edit back in listing ${number}` : `Back to the original of listing ${number}`);
  }

  // Open the editor, with the cursor at the beginning, or at the place of a click.
  async function open(event) {
    if (view) return view.focus();
    unfold(); // at once, because it moves what is below
    const before = document.activeElement;
    const { openEditor } = await import("./editor.js").catch(() => say("failed", NO_EDITOR)) ?? {};
    if (!openEditor || view) return view?.focus();
    if (![before, document.body].includes(document.activeElement)) return; // the reader has gone on
    const start = pre.getBoundingClientRect().left - pre.scrollLeft + parseFloat(getComputedStyle(pre).paddingLeft);
    block.classList.add("editing");
    const dots = event ? -1 : text.indexOf(YOUR_CODE); // what the reader of a slot replaces
    view = openEditor(block, {
      text, number, ask, run, event, start, was: closed, errorLine: hasRun ? errorLine() : undefined, changed: set,
      chosen: dots < 0 ? undefined : { anchor: dots, head: dots + YOUR_CODE.length },
      leave: (isByKey) => {
        leave();
        if (isByKey) editButton.focus();
      },
    });
    hasRun = false;
    hint.hidden = false;
    changed();
  }

  function markError() {
    if (view) view.markError(errorLine());
    else hasRun = true;
  }

  // The line in which the last run ended with an error, if it is of this listing, or 0.
  function errorLine() {
    const isSlot = cell.classList.contains("slot");
    if (!isSlot && cell.dataset.state !== "failed") return 0;
    const said = [...cell.querySelectorAll(isSlot ? ".verdict:not(.old)" : ":scope > .cell_output .traceback")].map(({ textContent }) => textContent).join("\n");
    const places = said.matchAll(isSlot ? /(?:your \w+,|in) line (\d+)/g : new RegExp(`listing ${number}, line (\\d+)`, "g"));
    return Number([...places].at(-1)?.[1] ?? 0);
  }

  // The code of a figure is folded.
  function unfold() {
    const folded = block.closest(".cell_input > details");
    if (folded) folded.open = true;
  }

  function leave() {
    const open = view;
    if (!open) return;
    view = undefined; // before the focus goes
    closed = open.close();
    block.classList.remove("editing");
    hint.hidden = true;
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
  function bring(code, how = set) {
    if (isOwn()) putAway(how === set); // what another tab has forgotten is kept by this page alone
    if (earlier.at(-1) === code) earlier.pop();
    leave();
    how(others = code);
  }

  // Take texts that were made where the book had another one: to be offered first, or after all others.
  function take(texts, isFirst) {
    const join = (others) => [...new Set(isFirst ? [...others, ...texts] : [...texts, ...others])];
    keep(draft, join(away()).slice(-MOST));
    earlier.splice(0, Infinity, ...join(earlier));
    offer();
  }

  const present = () => get(thing) ?? original;
  earlier.push(...away().filter((one) => one !== present()));
  watch(({ kind, page, about }, isElsewhere) => {
    if (isElsewhere && kind === "edit" && page === HERE && about === original && present() !== text) bring(present(), show);
  });

  if (present() !== original) show(present());
  offer();
  return {
    original,
    get text() {
      return text;
    },
    set,
    bring,
    take,
    open,
    offer,
    markError,
    set keptToo(given) {
      keptToo = given;
    },
  };
}

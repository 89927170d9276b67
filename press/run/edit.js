// Edit a listing in place. editor.js, with CodeMirror, is loaded at the first edit.

import { joined, MOST, WORDS } from "../page/answers.js";
import { button, made } from "../page/dom.js";
import { get, HERE, recordOf, set as keep, watch } from "../page/kept.js";
import { makeVersions, when } from "./versions.js";

const KEYWORDS = ("and as assert async await break class continue def del elif else except finally for from global if import in "
  + "is lambda nonlocal not or pass raise return try while with yield None True False").split(" ");
const COMMENT = "#.*", NUMBER = String.raw`(?<![\w.])\.?\d[\w.]*(?:(?<=e)[+-]?\d+)?`, NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const STRING = String.raw`[rbf]{0,2}(?:"{3}[^]*?(?:"{3}|$)|'{3}[^]*?(?:'{3}|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const TOKENS = new RegExp(`(?<c1>${COMMENT})|(?<s1>${STRING})|(?<mi>${NUMBER})|(?<n>${NAME})`, "giu");

const NO_EDITOR = _`The editor did not arrive. Check the connection and reload this page; the listing can be run as it stands.`;
export const YOUR_CODE = "...  # your code"; // as press/notebooks/slots.py puts it into a slot
const SETTLED = 300; // milliseconds after which an editor stands still, so that Python may load

export function coloured(code) {
  const own = [...document.querySelectorAll(".highlight [class^='n ']")]; // names to which the book gives a look
  const looks = new Map(own.map(({ textContent, className }) => [textContent, className])), parts = [];
  let end = 0;
  for (const token of code.matchAll(TOKENS)) {
    let [kind] = Object.entries(token.groups).find(([, text]) => text !== undefined);
    if (kind === "n" && KEYWORDS.includes(token[0])) kind = "k";
    parts.push(code.slice(end, token.index), made("span", { className: (kind === "n" && looks.get(token[0])) || kind }, token[0]));
    end = token.index + token[0].length;
  }
  return [...parts, `${code.slice(end)}\n`];
}

// The editor of a listing: its text, and what changes it. `run` is called by Shift+Enter, `changed` after
// every change, `ask` asks Python, `warm` has it start, and `say` speaks in the bar. `added` is what a listing of the reader's own is kept as.
export function makeEditor(cell, number, { run, changed, ask, warm, say, markNumbers, added }) {
  const block = cell.querySelector(".cell_input .highlight"), pre = block.querySelector("pre");
  const editButton = cell.querySelector(".run-row .edit"), addButton = cell.querySelector(".run-row .add");
  const originalNodes = [...pre.childNodes];
  const original = pre.textContent.replace(/\n$/, "");
  // It follows its text into another edition. Where the book has changed that, changed.js offers it.
  const thing = added ?? { kind: "edit", page: HERE, about: original };
  const ofDrafts = { ...thing, kind: added ? "listing draft" : "draft" };

  let text = original;
  let view, closed; // the editor while it is open, and what it was when it was left, with what can be undone
  let hasRun = true; // since the editor was open last
  let others, dragged; // the code from elsewhere, and the last that a number was moved to on its way
  let ofSlot = { original: _`The book's`, right: () => ({}) }; // what its original is called, and the record of its right function
  let here = []; // drafts of this page alone: numbers that were dragged, and what another tab has forgotten

  const kept = () => (get(ofDrafts) ?? []).slice(-MOST); // each {code, at, said}: when it was written, and its verdict, if it has one
  const keepDrafts = (some) => keep(ofDrafts, joined(kept(), some).slice(-MOST));
  const drafts = () => joined(here, kept());

  // The book's text, the last right one, and the drafts, the last first; not one that is in the listing alone.
  function versions() {
    const { value, changed } = ofSlot.right(), right = { name: nameOf({ at: changed, said: WORDS.right }), code: value };
    const first = added ? { name: _`Now`, code: text } : { name: ofSlot.original, code: original };
    const others = drafts().filter(({ code }) => ![first.code, value].includes(code)).map((one, i) => ({ name: nameOf(one, i + 1), ...one }));
    return apart([first, ...(value === undefined ? [] : [right]), ...others.reverse()]);
  }

  // Whether more than numbers, which can be dragged, differs from the book's.
  const isWritten = (code) => code.replace(/[\d.]+/g, "") !== original.replace(/[\d.]+/g, "");

  // Keep a text that ran or was judged, with how that ended.
  const note = (code, said, at = recordOf(thing).changed) => keepDrafts([{ code, at, said }]);

  function putAway(isKept = true) {
    if (added ? !text : versions().some(({ code }) => code === text)) return;
    const one = { code: text, at: recordOf(thing).changed };
    if (isKept && isWritten(text)) keepDrafts([one]);
    else here = joined(here, [one]);
  }

  // A text of the reader's has run: to its end, or to an error, which `said` has. The session calls this once for a run, because what is
  // kept is told to all tabs, and each draws its listings then.
  function noteRun(code, said) {
    if (isWritten(code) && ![others, dragged].includes(code)) note(code, said);
  }

  const { row, show: showVersions } = makeVersions(number, (code) => {
    putAway();
    set(code);
    leave();
  });
  const link = button(_`Copy link`, async () => (await import("./link.js")).copy(link, original, text));
  addButton.after(row, link);
  const hint = made("span", { className: "run-hint", textContent: _`Shift+Enter runs, Alt+Enter adds, Shift+Tab explains, Esc leaves`, hidden: true });
  link.after(hint);

  function offer() {
    const all = versions();
    link.hidden = added || text === original;
    if (all.length > 1 || text !== original) unfold();
    showVersions(all, text);
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
      text, number, ask, run, add: () => addButton.click(), event, start, was: closed, errorLine: hasRun ? errorLine() : undefined, changed: (code) => code !== text && set(code),
      chosen: dots < 0 ? undefined : { anchor: dots, head: dots + YOUR_CODE.length },
      leave: (isByKey) => {
        leave();
        if (isByKey) editButton.focus();
      },
    });
    hasRun = false;
    hint.hidden = false;
    changed();
    setTimeout(() => view && warm(), SETTLED); // not for a stray tap
  }

  function markError() {
    if (view) view.markError(errorLine());
    else hasRun = true;
  }

  // The line in which the last run ended with an error, if it is of this listing, or 0.
  function errorLine() {
    if (cell.classList.contains("slot")) return Number(cell.querySelector(".verdict:not(.old)")?.dataset.line ?? 0);
    if (cell.dataset.state !== "failed") return 0;
    const said = [...cell.querySelectorAll(":scope > .cell_output .traceback")].map(({ textContent }) => textContent).join("\n");
    return Number([...said.matchAll(new RegExp(`listing ${number}, line (\\d+)`, "g"))].at(-1)?.[1] ?? 0);
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
    pre.replaceChildren(...(code === original ? originalNodes : coloured(code)));
    markNumbers(block, number);
    offer();
    changed();
  }

  function set(code) {
    show(code);
    keep(thing, code === original && !added ? undefined : code);
  }

  // Take code that comes from elsewhere: of a link, of an exercise. The reader's own is one press away.
  function bring(code) {
    if (text !== others) putAway();
    leave();
    set(others = code);
  }

  // Another tab has changed the listing. An editor that is open here stays open.
  function follow(code) {
    if (text !== others) putAway(recordOf(thing).changed !== undefined); // it was not forgotten there
    show(others = code);
    view?.replace(code);
  }

  const present = () => get(thing) ?? original;
  watch(({ kind, page, about }, isElsewhere) => {
    if (page !== HERE || about !== thing.about) return;
    if (isElsewhere && kind === thing.kind && present() !== text) follow(present());
    else if (kind === ofDrafts.kind) offer();
  });

  if (present() !== original) show(present());
  offer();
  return {
    original,
    get text() {
      return text;
    },
    set,
    drag: (code) => set((dragged = code)),
    bring,
    take: keepDrafts, // drafts that were made where the book had another text, or that a file of My course has displaced
    open,
    offer,
    markError,
    note,
    noteRun,
    saidOf: (code) => drafts().find((one) => one.code === code)?.said,
    set ofSlot(given) {
      ofSlot = given;
      offer();
    },
  };
}

// Of texts, the last first, those of one name numbered.
function apart(texts) {
  const numberOf = (i) => texts.slice(i).filter(({ name }) => name === texts[i].name).length;
  return texts.map((one, i) => (numberOf(i) > 1 ? { ...one, name: `${one.name} (${numberOf(i)})` } : one));
}

// What a draft is called: by its time, and the beginning of its verdict.
function nameOf({ at, said = "" }, i) {
  const [, isRight, why] = said.split("\n")[0].replaceAll("`", "").match(/^(?:(Right)\b|Not(?: answered)? yet: )?(.*)/);
  return [at && when(at), isRight ? _`right` : why].filter(Boolean).join(" ") || _`Draft ${i}`;
}

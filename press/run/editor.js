// CodeMirror in the place of a listing's code. Python, asked by lookup.py, says which names there are and what they stand for.

import { made } from "../page/dom.js";
import { barHeight } from "./view.js";
import {
  Compartment, Decoration, EditorState, EditorView, HighlightStyle, StateEffect, StateField, acceptCompletion, autocompletion,
  bracketMatching, closeBrackets, closeBracketsKeymap, closeCompletion, closeSearchPanel, completionKeymap, defaultKeymap, globalCompletion, history, historyKeymap,
  hoverTooltip, indentLess, indentOnInput, indentService, indentUnit, indentWithTab, isolateHistory, keymap, lineNumbers, localCompletionSource,
  pythonLanguage, search, searchKeymap, selectedCompletion, showTooltip, syntaxHighlighting, syntaxTree, tags, tooltips, undo,
} from "./codemirror.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: tags.number, color: "var(--number)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], color: "var(--name)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "inherit", lineHeight: "inherit", overflowX: "auto" },
  ".cm-content": { padding: "0.8rem 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 1rem" },
  ".cm-line, .cm-line *": { direction: "ltr", unicodeBidi: "bidi-override" }, // as theme.css says of all code
  ".cm-gutters": { background: "var(--ground)", color: "var(--soft)", border: "none", marginRight: "-0.25rem" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.25rem", padding: "0" },
  ".cm-wrong": { background: "color-mix(in srgb, var(--warning) 18%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { background: "color-mix(in srgb, var(--tip) 30%, transparent)" },
  "&.cm-focused .cm-nonmatchingBracket": { background: "color-mix(in srgb, var(--warning) 35%, transparent)" },
  ".cm-tooltip": { background: "var(--page)", color: "var(--text)", border: "1px solid var(--soft)", borderRadius: "6px", zIndex: 3 },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: "var(--code)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--button)", color: "var(--on-button)" },
  ".cm-tooltip.cm-completionInfo": { maxWidth: "none", padding: "0" },
  ".cm-help": {
    maxWidth: "min(36rem, 92vw)", maxHeight: "15rem", overflow: "auto", padding: "0.5rem 0.75rem", whiteSpace: "pre-wrap",
    font: "var(--code)",
  },
  ".cm-panels": { background: "var(--ground)", color: "var(--text)", zIndex: 1 },
  ".cm-panels.cm-panels-top": { top: "var(--header, 0)", borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2.5rem 0.5rem 1rem" },
  ".cm-panel.cm-search label": { fontSize: "0.875rem", display: "inline-block" },
  ".cm-panel.cm-search [name=close]": { padding: "0 0.75rem", fontSize: "1.25rem", color: "inherit" },
  ".cm-textfield, .cm-button": {
    border: "1px solid var(--line)", borderRadius: "5px", background: "var(--page)", color: "var(--text)", padding: "0.25rem 0.5rem",
    fontFamily: "inherit", fontSize: "0.875rem",
  },
  ".cm-searchMatch": { background: "color-mix(in srgb, var(--tip) 30%, transparent)" },
  ".cm-searchMatch-selected": { background: "color-mix(in srgb, var(--tip) 30%, transparent)", outline: "2px solid var(--text)" },
  "@media (forced-colors: active)": {
    ".cm-tooltip-autocomplete ul li[aria-selected]": { outline: "2px solid Highlight", outlineOffset: "-2px" },
    ".cm-wrong": { outline: "2px dashed CanvasText", outlineOffset: "-2px" },
    ".cm-searchMatch": { outline: "1px solid CanvasText" },
    ".cm-searchMatch-selected": { outline: "2px solid Highlight" },
  },
  "@media (pointer: coarse)": {
    ".cm-textfield, .cm-button": { minHeight: "2.75rem", fontSize: "1rem" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.65rem 0.6rem" },
  },
});

// --- Names -----------------------------------------------------------------------------------------------------------

const NOTHING = _`Python does not know this name yet: it is starting, or no listing that defines the name has run.`;
const asText = (said) => (typeof said === "string" ? made("div", { className: "cm-help", tabIndex: 0, textContent: said }) : null);

// The names that may go on here: those that Python has, once it runs, and those of the listing. Where there are none the answer is an
// empty list, because after no answer at all CodeMirror forgets to ask for what was typed while it waited.
const names = (ask) => async (context) => {
  const typed = context.matchBefore(/[\w.]+/), text = typed?.text ?? "", before = text.slice(0, text.lastIndexOf(".") + 1);
  const { name } = syntaxTree(context.state).resolveInner(context.pos, -1);
  if (/^\.?\d/.test(text) || (!context.explicit && (!typed || /Comment|String/.test(name)))) return { from: context.pos, options: [] };
  const [known, local] = await Promise.all([ask("complete", text), before ? null : localCompletionSource(context)]);
  const options = (known ?? []).map(([label, type]) => ({ label, type, info: async () => asText(await ask("explain", before + label)) }));
  const others = before ? [] : [...(local?.options ?? []), ...(known ? [] : globalCompletion(context)?.options ?? [])];
  options.push(...others.filter(({ label }) => !options.some((option) => option.label === label)));
  return { from: (typed?.from ?? context.pos) + before.length, options, ...(options.length && { validFor: /^\w*$/ }) };
};

// Tab behind a name asks for them, as in Jupyter, and indents elsewhere.
const { run: startCompletion } = completionKeymap.find(({ key }) => key === "Ctrl-Space");
function completeHere(view) {
  const { head, empty } = view.state.selection.main;
  return empty && /[\w.]/.test(view.state.sliceDoc(head - 1, head)) && startCompletion(view);
}

// Enter takes the entry that is chosen in the list. One that is typed to its end is a name already, and Enter ends the line.
function takeChosen(view) {
  const label = selectedCompletion(view.state)?.label, { head } = view.state.selection.main;
  return Boolean(label) && view.state.sliceDoc(head - label.length, head) !== label && acceptCompletion(view);
}

// The name at a place, with what is before its dots, or else the function whose arguments are written there.
function nameAt(state, place, side) {
  let node = syntaxTree(state).resolveInner(place, side);
  if (node.name === "PropertyName") node = node.parent;
  if (["VariableName", "MemberExpression"].includes(node.name)) return node;
  while (node && node.name !== "ArgList") node = node.parent;
  return node?.prevSibling;
}

async function explanation(ask, state, place, side) {
  const node = nameAt(state, place, side), text = node && state.sliceDoc(node.from, node.to);
  const dom = /^[\w.]+$/.test(text ?? "") && asText(await ask("explain", text));
  return dom ? { pos: node.from, end: node.to, above: true, said: dom.textContent, create: () => ({ dom }) } : null;
}

const explain = StateEffect.define();
const explained = StateField.define({
  create: () => null,
  update: (shown, { effects, docChanged, selection }) =>
    effects.find((effect) => effect.is(explain))?.value ?? (docChanged || selection || effects.some((effect) => effect.is(explain)) ? null : shown),
  provide: (field) => showTooltip.from(field),
});

// --- What is pasted, and the line of an error ------------------------------------------------------------------------

// Of a text with fences of Markdown what stands in them, without the prompts of a session and what it printed; what typesetters write
// becomes what Python reads.
const FENCED = /^ {0,3}(```|~~~).*\n([^]*?)(?:\n? {0,3}\1\s*$|(?![^]))/gm;
const PROMPT = /^(?:>>>|\.\.\.|In \[\d*\]:| *\.\.\.:)(?: |$)/, ALONE = /^In \[\d*\]:\s*$/;
function pasted(text) {
  const plain = text.replace(/\ufeff/g, "").replaceAll("\u00a0", " ").replace(/[\u2028\u2029]/g, "\n").replaceAll("\u2212", "-");
  const fenced = [...plain.replaceAll("\r", "").matchAll(FENCED)].map(([, , code]) => code).join("\n\n");
  const lines = (fenced || plain).split("\n").filter((line) => !ALONE.test(line));
  const prompted = lines.filter((line) => PROMPT.test(line)).map((line) => line.replace(PROMPT, ""));
  const code = (PROMPT.test(lines[0]) ? prompted : lines).join("\n");
  return /["']/.test(code) ? code : code.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'");
}

// The line of an error stays marked, wherever it goes, until the listing has run again. Lines are numbered where it is, in a slot, and
// where there are many.
const MANY = 12;
const numbers = new Compartment(), numbered = numbers.reconfigure(lineNumbers());
const mark = StateEffect.define();
const lineOf = (text, number) => text.line(Math.min(number, text.lines));
const marked = StateField.define({
  create: () => Decoration.none,
  update(marks, { changes, effects, newDoc }) {
    const line = effects.find((effect) => effect.is(mark))?.value;
    if (line === undefined) return marks.map(changes);
    return line ? Decoration.set([Decoration.line({ class: "cm-wrong" }).range(lineOf(newDoc, line).from)]) : Decoration.none;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// --- Finding -----------------------------------------------------------------------------------------------------------

const PHRASES = { // of CodeMirror's panel
  Find: _`Find`, Replace: _`Replace`, next: _`next`, previous: _`previous`, all: _`all`, "match case": _`match case`, regexp: _`regular expression`,
  "by word": _`whole words`, replace: _`replace`, "replace all": _`replace all`, close: _`close`, "current match": _`current match`,
  "on line": _`on line`, "replaced match on line $": _`replaced match on line $`, "replaced $ matches": _`replaced $ matches`,
};
const findKeymap = searchKeymap.filter(({ key }) => ["Mod-f", "F3", "Mod-g", "Escape"].includes(key));

// --- What is typed, and keys that a phone hides -----------------------------------------------------------------------

// Without triple quotes, of which CodeMirror leaves two too many behind a docstring that is typed to its end.
const PAIRS = { brackets: ["(", "[", "{", "'", '"'], stringPrefixes: ["f", "r", "b"] };
const SPACE = 5; // pixels between the line that is written and the bar
const KEYS = ["(", ")", "[", "]", ":", "=", '"', "'", "_"];

// A line below one after which nothing of its block runs is further out.
const outdented = indentService.of(({ state, unit, simulatedBreak }, place) => {
  const line = state.doc.lineAt(place), before = line.text.slice(0, place - line.from);
  const [, indent] = before.match(/^( +)(?:return|break|continue|pass|raise)\b/) ?? [];
  const isEnd = before.trimEnd() === line.text.trimEnd() && before.split(/[([{]/).length === before.split(/[)\]}]/).length;
  return indent && isEnd && simulatedBreak === place ? Math.max(0, indent.length - unit) : undefined;
});

// Type a character as from the keyboard, so that brackets close.
function type(view, text) {
  const { from, to } = view.state.selection.main;
  const insert = () => view.state.update({ changes: { from, to, insert: text }, selection: { anchor: from + 1 }, userEvent: "input.type", scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
}

// Over what is selected: Firefox alone leaves that standing where it is in a shadow root and of several colours.
const typedOver = EditorView.domEventHandlers({
  beforeinput({ inputType, data }, view) {
    const isOver = inputType === "insertText" && data?.length === 1 && !view.state.selection.main.empty;
    if (isOver) type(view, data);
    return isOver; // then the browser does nothing
  },
});

// Scroll the line out from under the bar and the keys. As margins of CodeMirror's they would be taken from the editor's own visible part
// too, and what belongs to its last lines, names and help, would be hidden. While it scrolls it tells no coordinates.
function aboveBar(view, { head }, keys) {
  const hidden = view.documentTop + view.lineBlockAt(head).bottom + SPACE + barHeight() + (keys?.offsetHeight ?? 0) - innerHeight;
  if (hidden > 0) scrollBy({ top: hidden, behavior: "instant" });
  return false; // CodeMirror does the rest
}

// Where lists and help may be: not over the bar, nor over the keys.
function spaceAround(block) {
  const { clientWidth: right } = document.documentElement, keys = block.querySelector(".keys");
  return { top: 0, left: 0, right, bottom: Math.min(innerHeight - barHeight(), keys?.getBoundingClientRect().top ?? innerHeight) };
}

function keysOf(view) {
  const key = (label, textContent, press) => made("button", { type: "button", textContent, ariaLabel: label, tabIndex: -1, onclick: press });
  const press = (name) => () => view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key: name, cancelable: true }));
  const keys = made("div", { className: "keys" },
    key("Tab", "Tab", press("Tab")), key(_`Less indented`, "|←", () => indentLess(view)), key(_`Undo`, _`Undo`, () => undo(view)),
    key(_`Left`, "←", press("ArrowLeft")), key(_`Right`, "→", press("ArrowRight")), ...KEYS.map((text) => key(text, text, () => type(view, text))));
  keys.onmousedown = (event) => event.preventDefault(); // the focus stays in the editor, and its keyboard on the screen
  return keys;
}

// --- The editor ------------------------------------------------------------------------------------------------------

// Open the editor in `block`, with `text`. ask(how, text) asks Python; changed(text), run(), add() and leave(isByKey) are called.
//
//   was        what close() returned, so that undo reaches back over the time when it was closed
//   event      the click that opens it
//   start      where, on the screen, the lines began when it was clicked
//   chosen     what is selected, without a click; else the cursor is in the line of an error, or where it was
//   errorLine  the line in which a run has ended with an error since then, 0 if in none, or nothing if none has ended
export function openEditor(block, { text, number, was, event, start, chosen, errorLine, ask, changed, run, add, leave }) {
  const host = block.appendChild(made("div", { className: "editor" }));
  const root = host.attachShadow({ mode: "open" }); // here CodeMirror's styles are no <style> elements, which the page's policy forbids
  const label = _`Code of listing ${number}. Shift and Enter run it, Alt and Enter run it and add one below, Tab indents or completes, `
    + _`Shift and Tab explain, Escape leaves.`;
  const explainHere = (view) => {
    const { doc } = view.state, { head, empty } = view.state.selection.main, line = view.state.doc.lineAt(head);
    if (!empty || !/\S/.test(line.text.slice(0, head - line.from))) return indentLess(view); // as in Jupyter
    closeCompletion(view);
    explanation(ask, view.state, head, -1).then((tooltip) => {
      const shown = tooltip ?? { pos: head, above: true, said: NOTHING, create: () => ({ dom: asText(NOTHING) }) };
      if (view.state.doc === doc) view.dispatch({ effects: [explain.of(shown), EditorView.announce.of(shown.said)] });
    });
    return true;
  };
  const escape = (view) => {
    if (view.state.field(explained)) view.dispatch({ effects: explain.of(null) });
    else leave(true);
    return true;
  };
  const extensions = [
    EditorState.languageData.of(() => [{ closeBrackets: PAIRS }]), history(), pythonLanguage, indentUnit.of("    "), indentOnInput(), outdented, EditorState.tabSize.of(4), syntaxHighlighting(colours), look, bracketMatching(),
    closeBrackets(), autocompletion({ override: [names(ask)], icons: false, defaultKeymap: false, interactionDelay: 0 }), explained, numbers.of([]), marked,
    hoverTooltip((view, place, side) => explanation(ask, view.state, place, side), { hoverTime: 500 }),
    tooltips({ tooltipSpace: () => spaceAround(block) }), search({ top: true }), EditorState.phrases.of(PHRASES),
    EditorView.contentAttributes.of({ "aria-label": label, autocapitalize: "off", spellcheck: "false" }),
    EditorView.clipboardInputFilter.of(pasted), typedOver, EditorView.scrollHandler.of((view, range) => aboveBar(view, range, block.querySelector(".keys"))),
    EditorView.updateListener.of(({ docChanged, state }) => docChanged && changed(state.doc.toString())),
    keymap.of([
      ...["Shift-Enter", "Ctrl-Enter", "Meta-Enter"].map((key) => ({ key, run: () => run() ?? true })),
      { key: "Alt-Enter", run: () => (run(), add(), true) },
      { key: "Tab", run: acceptCompletion }, { key: "Tab", run: completeHere }, { key: "Shift-Tab", run: explainHere },
      ...closeBracketsKeymap, { key: "Enter", run: takeChosen }, ...completionKeymap.filter(({ key }) => key !== "Enter"),
      ...findKeymap, { key: "Escape", run: escape }, ...historyKeymap, ...defaultKeymap, indentWithTab,
    ]),
  ];
  const state = was ? replaced(was, text) : EditorState.create({ doc: text, extensions });
  const view = new EditorView({ root, parent: root, state });
  // Not when another window is called, and on a phone not before a tap is over, because what is below moves up then.
  host.addEventListener("focusout", () => setTimeout(() => host.isConnected && document.activeElement !== host && leave()));
  host.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && leave(true)); // from the help
  const isNumbered = block.closest(".slot") || view.state.doc.lines > MANY;
  const markError = (line) => view.dispatch({ effects: [mark.of(line), ...(line || isNumbered ? [numbered] : [])] });
  if (errorLine !== undefined || isNumbered) markError(errorLine ?? 0);
  const { doc, selection } = view.state, before = errorLine ? lineOf(doc, errorLine).from : selection.main.head;
  const place = event ? view.posAtCoords({ x: event.clientX + view.coordsAtPos(0).left - start, y: event.clientY }, false) : before;
  view.dispatch({ selection: chosen ?? { anchor: place }, scrollIntoView: !event });
  if (matchMedia("(pointer: coarse)").matches) host.after(keysOf(view));
  const focus = () => {
    view.contentDOM.focus({ preventScroll: true }); // the browser would show the beginning
    view.focus(); // and the selection is there, in Firefox too
  };
  focus();
  return {
    focus,
    markError,
    replace: (text) => view.dispatch(changesTo(view.state, text)),
    close() {
      closeSearchPanel(view);
      const { state } = view;
      view.destroy();
      block.querySelector(".keys")?.remove();
      host.remove();
      return state;
    },
  };
}

// What makes a text of the editor's, as a step of undo. The selection stays where nothing changes.
function changesTo({ doc }, text) {
  const is = doc.toString(), most = Math.min(is.length, text.length);
  let from = 0, end = 0; // what both begin and end with
  while (from < most && is[from] === text[from]) from++;
  while (end < most - from && is.at(-1 - end) === text.at(-1 - end)) end++;
  const changes = { from, to: is.length - end, insert: text.slice(from, text.length - end) };
  return { changes, annotations: isolateHistory.of("full") };
}

const replaced = (state, text) => (state.doc.toString() === text ? state : state.update({ ...changesTo(state, text), selection: { anchor: 0 } }).state);

// Slots: the functions that the reader writes. The editor holds the reader's text. What runs (`code`) is the book's function
// until the reader's has been judged right, and the reader's last right one from then on, unless the reader prefers the book's.

import { button, made } from "../page/dom.js";
import { get, set, tried } from "../page/kept.js";
import { functionOf, isOff, namesOfAll, written as allWritten } from "./functions.js";
import { inWords, keepVerdict, keptVerdict } from "./verdicts.js";

const PUT_HERE = /^ *\.\.\. {2}# your code$/;
const EDGE = 90; // pixels from the window's edge, where a line that is held scrolls the page

export function makeSlot(cell, editor, run, time) {
  const data = cell.querySelector(".slot-data");
  if (!data) return;
  const slot = JSON.parse(data.content.textContent), thing = functionOf(slot.name);
  const [linesGiven, bookShown] = ["lines given", "book shown"].map((kind) => ({ kind, about: slot.name }));
  const book = cell.querySelector(".book pre").textContent.replace(/\n$/, "");
  const verdict = made("div", { className: "verdict", role: "status" }), panel = made("div", { className: "slot-help", hidden: true });
  const right = button("Your right one", bringRight, `Your right one of ${slot.function}`);
  cell.querySelector(".run-row").after(verdict, panel);
  cell.querySelector(".run-row .back").after(right);

  const empty = editor.original, written = () => get(thing);
  let judgedText; // the text that the verdict is about
  let asked; // the last text that was given to the judge

  function thanks() {
    const use = isOff() ? ". The listings use the book's, as you chose." : /* said */ ", and is used from here on.";
    return /* said */ `${slot.function} is yours${use}${sameLines(written(), book) ? helped() : ""}${readyMade(written())}`;
  }

  const readyMade = (code) => (without(code).includes(`nd.${slot.function}(`) ? ` But nd.${slot.function} does all of it. Write it without.` : "");

  const helped = () => get(bookShown) ? " Written with the book's function open." : get(linesGiven) ? " Written with its lines given." : "";

  function show(kind, text, { of = editor.text, traceback, printed } = {}) {
    judgedText = of;
    verdict.dataset.kind = kind;
    const words = text.split("`").map((part, i) => (i % 2 ? made("code", {}, part) : part));
    verdict.replaceChildren(...words, ...(traceback ? [made("pre", {}, traceback)] : []));
    if (printed) verdict.append("\nIt printed, while it was judged:", made("pre", { className: "printed" }, printed));
    cell.dataset.verdict = kind;
    if (kind === "right") showWays();
    mark();
    editor.offer();
    if (cell.contains(document.activeElement)) verdict.scrollIntoView({ block: "nearest" }); // the reader waits for it there
  }

  let ways; // they are not seen before the reader's own is right
  async function showWays() {
    ways ??= import("./ways.js").then(({ waysOf }) => panel.after(waysOf(slot.name, () => time(slot.name, slot.function, written()))), () => {});
  }

  // A verdict fades once the text that it is about was changed.
  function mark() {
    verdict.classList.toggle("old", editor.text !== judgedText);
    right.hidden = [undefined, editor.text].includes(written());
  }

  function bringRight() {
    editor.bring(written());
    show("right", thanks());
    cell.querySelector(".run-row .edit").focus();
  }

  // Whether the reader's text is to be judged, and that text.
  const isDraft = () => ![empty, written()].includes(editor.text);
  const draft = () => (isDraft() ? (asked = editor.text) : undefined);
  const isNew = () => isDraft() && editor.text !== asked;

  // What the judge says of a draft: it is right, and used from now on, or it is not yet, which is kept with it.
  function judged(code, { verdict, traceback, printed }) {
    const isRight = verdict.kind === "right", words = inWords(verdict);
    const said = [words, traceback.trim().split("\n").at(-1)].join(" ").trim(); // with the error, if it can't be run
    const isLast = isRight && written() === undefined && namesOfAll().every((name) => name === slot.name || allWritten().has(name));
    if (isRight) set(thing, code);
    else keepVerdict(editor, code, verdict.kind, said);
    if (verdict.kind !== "not answered") tried(thing, said, isRight);
    show(isRight ? "right" : "not yet", words + (isRight ? ` ${thanks()}` : goesOn()),
      { of: code, traceback, printed: isRight ? "" : printed }); // what is right runs now, and prints below
    if (isLast) sayTheEnd();
  }

  // All are written. If the script does not arrive, the first page says so too.
  function sayTheEnd() {
    import("./whole.js").then(({ showWhole }) => showWhole((box) => verdict.after(box)), () => {});
  }

  function nothingToJudge() {
    if (isToRead()) return;
    if (editor.text === empty) show("open", `Not written yet.${goesOn()}`);
    else show("right", thanks());
  }

  // Whose function runs, as its row says.
  function whose() {
    if (isToRead()) return /* said */ "the book's";
    if (written() === undefined) return /* said */ "yours to write";
    return isOff() ? /* said */ "the book's" : editor.text === written() ? /* said */ "yours" : /* said */ "your last right";
  }

  function goesOn() {
    const whose = written() === undefined || isOff() ? /* said */ "the book's" : /* said */ "your last right";
    return `\nThe listings go on with ${whose} ${slot.function}.`;
  }

  // Help in three steps: a hint, the lines in another order, the book's function. What was taken is remembered.
  function openHelp() {
    panel.hidden = !panel.hidden;
    if (!panel.hidden) panel.replaceChildren(made("p", {}, slot.hint), button("Put its lines in order", order));
  }

  function order() {
    set(linesGiven, "yes");
    panel.replaceChildren(...lines({ book, empty, wrong: slot.wrong, use }));
    panel.querySelector(".free").focus({ preventScroll: true });
  }

  function use(code) {
    editor.bring(code);
    run();
  }

  editor.keptToo = written;
  if (written() !== undefined && editor.text === empty) editor.set(written()); // from a file, say
  if (editor.text !== empty) cell.classList.remove("read");
  const isToRead = () => cell.classList.contains("read");
  const last = keptVerdict(editor, editor.text);
  if (editor.text === written()) show("right", thanks());
  else if (last) show("not yet", `When this was judged last: ${last.said}${goesOn()}`);
  return {
    name: slot.name,
    function: slot.function,
    book,
    get code() {
      return isOff() ? book : (written() ?? book);
    },
    whose, isDraft, draft, isNew, judged, nothingToJudge, mark, openHelp, showBook: () => set(bookShown, "yes"),
  };
}

// An exercise: the lines of a function, and some that don't belong to it, to be put in order. The lines above the border are the
// code. A line is moved by dragging it, or by the arrow keys.
function lines({ book, empty, wrong, use }) {
  const fixed = empty.split("\n").filter((line) => !PUT_HERE.test(line));
  const own = left(book.split("\n"), fixed).filter((line) => line.trim()), list = made("ol", { className: "lines" });
  const border = item("", "border", "Below this line: not used"), status = made("p", { className: "said", role: "status" });
  const free = shuffled([...own, ...wrong]);
  const head = empty.split("\n").findIndex((line) => PUT_HERE.test(line)); // the lines above the reader's: def and docstring
  list.append(...fixed.map((line) => item(line, "fixed")), border, ...free.map((line) => item(line, "free")));

  function item(code, kind, words = code) {
    const row = made("li", { className: kind, textContent: words.trimStart() });
    row.dataset.code = code;
    row.style.setProperty("--indent", code.search(/\S|$/)); // so that a line that wraps keeps it
    if (kind !== "free") return row;
    row.tabIndex = 0;
    row.onkeydown = (event) => {
      const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      move(row, way);
      row.focus();
    };
    return row;
  }

  // The list has the pointer, because a line loses it when it is moved in the document.
  let held, y;
  list.onpointerdown = (event) => {
    event.preventDefault(); // no text is selected
    held = event.button ? undefined : event.target.closest(".free");
    if (!held) return;
    held.focus();
    held.classList.add("held");
    list.setPointerCapture(event.pointerId);
    y = event.clientY;
    scrollAtEdge();
  };
  list.onpointermove = ({ clientY }) => follow((y = clientY));

  function follow() {
    while (held && held.previousElementSibling && y < middle(held.previousElementSibling) && move(held, -1));
    while (held && held.nextElementSibling && y > middle(held.nextElementSibling) && move(held, 1));
  }

  function scrollAtEdge() {
    if (!held) return;
    const way = y < EDGE ? -1 : y > innerHeight - EDGE ? 1 : 0, before = scrollY;
    scrollBy({ top: 6 * way, behavior: "instant" });
    if (scrollY !== before) follow();
    requestAnimationFrame(scrollAtEdge);
  }
  list.onlostpointercapture = () => {
    held?.classList.remove("held");
    held = undefined;
  };

  // Move a line up (-1) or down (1). Returns whether there was room.
  function move(row, way) {
    const other = way < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other || [...list.children].indexOf(other) < head) return false;
    if (way < 0) other.before(row);
    else other.after(row);
    const place = [...list.children].indexOf(row), isUsed = place < [...list.children].indexOf(border);
    status.textContent = isUsed ? `Line ${place + 1} of the function.` : "Not used.";
    return true;
  }

  const take = button("Use these lines", () => {
    const rows = [...list.children];
    use(rows.slice(0, rows.indexOf(border)).map((row) => row.dataset.code).join("\n"));
  });
  return [made("p", {}, "Drag the lines, or move them with the arrow keys. Not all of them belong to it."), list, take, status];
}

const middle = (element) => (({ top, height }) => top + height / 2)(element.getBoundingClientRect());

// Whether two texts have the same code, whatever their blank lines and comments.
function sameLines(one, other) {
  return without(one) === without(other);
}

const without = (code) => code.replace(/#.*$/gm, "").replace(/\s+/g, " ");

// `some` without `others`, each taken away once.
function left(some, others) {
  const rest = [...some];
  for (const other of others) rest.splice(rest.indexOf(other), 1);
  return rest;
}

function shuffled(some) {
  const rest = [...some], order = [];
  while (rest.length) order.push(...rest.splice(Math.floor(Math.random() * rest.length), 1));
  return order;
}

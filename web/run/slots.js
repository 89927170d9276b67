// Slots: the functions that the reader writes. The editor holds the reader's text. What runs (`code`) is the book's function
// until the reader's has been judged right, and the reader's last right one from then on.

import { mine, saveMine, store, stored } from "./mine.js";

const PUT_HERE = /^ *\.\.\. {2}# your code$/;

export function makeSlot(cell, editor, { button }) {
  const data = cell.querySelector(".slot-data");
  if (!data) return;
  const slot = JSON.parse(data.content.textContent), helpKey = `help with ${slot.name}`;
  const book = cell.querySelector(".book pre").textContent.replace(/\n$/, "");
  const made = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const verdict = made("p", "verdict"), panel = made("div", "slot-help");
  panel.hidden = true;
  cell.querySelector(".cell_input").append(panel, verdict);

  const empty = editor.original;
  let code = mine(slot.name) ?? book;
  if (mine(slot.name) !== null && editor.text === empty) editor.set(mine(slot.name)); // from a file, say
  if (mine(slot.name) === editor.text) show("right", thanks());

  function thanks() {
    const help = { lines: " Written with its lines given.", book: " Written with the book's function open." };
    return `${slot.function} is yours, and is used from here on.${help[stored(helpKey)] ?? ""}`;
  }

  function show(kind, text) {
    verdict.dataset.kind = kind;
    verdict.textContent = text;
    cell.dataset.verdict = kind;
  }

  // The reader's text, if it is to be judged.
  const draft = () => (editor.text === empty || editor.text === mine(slot.name) ? undefined : editor.text);

  // What the judge says of a draft: it is right, and used from now on, or it is not yet.
  function judged(written, verdict) {
    const isRight = verdict.startsWith("Right");
    if (isRight) {
      saveMine(slot.name, written);
      code = written;
    }
    show(isRight ? "right" : "not yet", verdict + (isRight ? ` ${thanks()}` : goesOn()));
  }

  const notWritten = () => editor.text === empty && show("open", `Not written yet.${goesOn()}`);

  function goesOn() {
    return `\nThe listings go on with ${code === book ? "the book's" : "your last right"} ${slot.function}.`;
  }

  // Help in three steps: a hint, the lines in another order, the book's function. What was taken is remembered.
  function help() {
    panel.hidden = !panel.hidden;
    if (panel.hidden) return;
    panel.replaceChildren(made("p", "", slot.hint), button("Put its lines in order", "", () => order(panel)));
  }

  const bookShown = () => store(helpKey, "book");

  function order(place) {
    store(helpKey, stored(helpKey) ?? "lines");
    place.replaceChildren(...lines({ book, empty, wrong: slot.wrong, button, use: editor.set }));
  }

  return {
    name: slot.name,
    function: slot.function,
    book,
    get code() {
      return code;
    },
    draft, judged, notWritten, help, bookShown,
  };
}

// An exercise: the lines of a function, and some that don't belong to it, to be put in order. The lines above the border are the
// code. A line is moved by dragging it, or by the arrow keys.
function lines({ book, empty, wrong, button, use }) {
  const fixed = empty.split("\n").filter((line) => !PUT_HERE.test(line)), indent = empty.match(/^( *)\.\.\./m)[1];
  const own = left(book.split("\n"), fixed), list = document.createElement("ol");
  const border = item("", "border", "Below this line: not used");
  list.className = "lines";
  const free = shuffled([...own, ...wrong.map((line) => indent + line)]);
  list.append(...fixed.map((line) => item(line, "fixed")), border, ...free.map((line) => item(line, "free")));
  const status = Object.assign(document.createElement("p"), { className: "said" });
  status.setAttribute("role", "status");

  function item(code, kind, words = code) {
    const row = Object.assign(document.createElement("li"), { className: kind, textContent: words });
    row.dataset.code = code;
    if (kind !== "free") return row;
    row.tabIndex = 0;
    row.onkeydown = (event) => {
      const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      move(row, way);
      row.focus();
    };
    row.onpointerdown = (event) => {
      if (event.button) return;
      event.preventDefault();
      row.focus();
      row.setPointerCapture(event.pointerId);
      row.classList.add("held");
    };
    row.onpointermove = ({ clientY }) => {
      if (!row.classList.contains("held")) return;
      const { top, bottom } = row.getBoundingClientRect();
      const above = row.previousElementSibling, below = row.nextElementSibling;
      if (above && above !== list.firstChild && clientY < top && clientY < middle(above)) move(row, -1);
      else if (below && clientY > bottom && clientY > middle(below)) move(row, 1);
    };
    row.onpointerup = row.onpointercancel = () => row.classList.remove("held");
    return row;
  }

  function move(row, way) {
    const other = way < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other || other === list.firstChild) return; // the first line is the function's
    if (way < 0) other.before(row);
    else other.after(row);
    const place = [...list.children].indexOf(row), isUsed = place < [...list.children].indexOf(border);
    status.textContent = isUsed ? `Line ${place + 1} of the function.` : "Not used.";
  }

  const take = button("Use these lines", "", () => {
    const rows = [...list.children];
    use(rows.slice(0, rows.indexOf(border)).map((row) => row.dataset.code).join("\n"));
  });
  const how = document.createElement("p");
  how.textContent = "Drag the lines, or move them with the arrow keys. Not all of them belong to it.";
  return [how, list, take, status];
}

const middle = (element) => (({ top, height }) => top + height / 2)(element.getBoundingClientRect());

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

// A table of what names hold after some lines (press/book/trace_boxes.py). The reader's answers stand in the code of its listing, in the
// place of the dots: Run has the book's Python compare them, and they are kept as any edit is.

import { watch } from "../page/kept.js";

const DOTS = "...", MARKS = { right: "right", "not yet": "wrong" };

export function makeTable(cell, editor) {
  const inputs = [...cell.querySelectorAll(".trace input")];
  if (!inputs.length) return;
  const parts = editor.original.split(DOTS);
  const codeOf = (answers) => parts.map((part, i) => part + (i < answers.length ? answers[i] : "")).join("");
  const written = (text) => (text.trim() ? JSON.stringify(text.trim()) : DOTS);

  // The answers in a text, or none in one that has been written in another way.
  function answersIn(text) {
    const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const [, ...found] = text.match(new RegExp(`^${escaped.join(`(\\.\\.\\.|"(?:[^"\\\\]|\\\\.)*")`)}$`)) ?? [];
    try {
      return found.map((answer) => (answer === DOTS ? "" : JSON.parse(answer)));
    } catch {
      return []; // such as "\q", which Python takes
    }
  }

  // Mark each answer by what Python has said of it: [{kind, why}, ...], or nothing.
  function mark(places = []) {
    inputs.forEach((input, i) => {
      const kind = MARKS[places[i]?.kind];
      if (kind) input.dataset.answer = kind;
      else delete input.dataset.answer;
      input.ariaDescription = places[i]?.why ?? "";
    });
  }

  const take = () => editor.set(codeOf(inputs.map(({ value }) => written(value))));
  inputs.forEach((input) => {
    input.oninput = () => {
      delete input.dataset.answer; // it was said of another
      input.ariaDescription = "";
      take();
    };
  });
  const fill = () => {
    const kept = answersIn(editor.text);
    inputs.forEach((input, i) => (input.value = kept[i] ?? ""));
  };
  if (inputs.some(({ value }) => value)) take(); // filled in before this file arrived
  else fill();
  watch((thing, isElsewhere) => {
    if (!isElsewhere || codeOf(inputs.map(({ value }) => written(value))) === editor.text) return; // not filled in in another tab
    fill();
    mark();
  });
  return { mark };
}

// Change a number in a listing by dragging it sideways, or by the arrow keys.
// Only the code is edited, so it works in every listing.

import { tokens } from "../page/dom.js";
import { set } from "../page/kept.js";

const PIXELS = 8; // per step
const SLACK = 4; // a press that moves less is a click
const REST = 600; // milliseconds after the last key press until a slow listing runs

// The number at `start` in the code, with its sign if it is negative, or undefined for a hexadecimal or imaginary one.
// A step changes its last decimal place by one; in a whole number, its second digit.
export function numberAt(code, start, text, isNegative) {
  if (!/^(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return;
  const [digits, exponent] = text.replaceAll("_", "").toLowerCase().split("e"), [whole, decimals] = digits.split(".");
  const isWhole = decimals === undefined && exponent === undefined, places = decimals?.length ?? 0;
  return {
    start: isNegative ? code.lastIndexOf("-", start) : start,
    end: start + text.length,
    value: Number(text.replaceAll("_", "")) * (isNegative ? -1 : 1),
    step: isWhole ? 10 ** Math.max(0, whole.length - 2) : 10 ** (Number(exponent ?? 0) - places),
    written: (value) => (isWhole ? String(Math.round(value)) : exponent ? `${(value / 10 ** exponent).toFixed(places)}e${exponent}` : value.toFixed(places)),
  };
}

// fresh() returns the listings that are up to date. run(them) runs this listing, and those of them that depend on it.
// isQuick(them) says whether that is fast enough to do while a number is dragged.
export function makeNumbers(cell, editor, { fresh, run, isQuick }) {
  let wasDragged = false;
  const pre = cell.querySelector(".cell_input .highlight pre");

  function find(span) {
    const range = document.createRange();
    range.setStart(pre, 0);
    range.setEndBefore(span);
    return numberAt(editor.text, range.toString().length, span.textContent, span.getAttribute("aria-valuenow").startsWith("-"));
  }

  // Replace the number in the code by the one `steps` further on; returns the place of its digits.
  function move(number, code, steps) {
    const text = number.written(number.value + steps * number.step).replace(/^-(0(\.0*)?(e.*)?)$/, "$1");
    editor.drag(code.slice(0, number.start) + text + code.slice(number.end));
    set({ kind: "has dragged" }, "yes");
    document.querySelectorAll(".drag-hint").forEach((hint) => hint.remove());
    return number.start + (text.startsWith("-") ? 1 : 0);
  }

  // The code was highlighted again: focus the number that is at `place` now.
  function focus(place) {
    let end = 0;
    const span = tokens(pre).find((node) => (end += node.textContent.length) > place);
    span?.focus?.({ preventScroll: true });
  }

  function drag(event, span) {
    const number = find(span), before = fresh(), code = editor.text, block = pre.parentElement;
    if (!number || !block.hasPointerCapture(event.pointerId)) return; // released before the scripts arrived
    let steps = 0, place;
    const follow = ({ clientX }) => {
      const way = clientX - event.clientX, now = Math.round(way / PIXELS);
      if (Math.abs(way) < SLACK || now === steps) return;
      place = move(number, code, (steps = now));
      if (isQuick(before)) run(before);
    };
    const release = () => {
      cell.classList.remove("moving");
      block.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"]) block.removeEventListener(type, release);
      if (place === undefined) return;
      wasDragged = true; // the click event that follows must not open the editor
      setTimeout(() => (wasDragged = false));
      focus(place);
      run(before);
    };
    cell.classList.add("moving");
    block.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) block.addEventListener(type, release);
  }

  let resting, since; // the listings that were up to date before the first key press
  // `i`: the place of a number among the numbers of the listing. Its element may have been replaced since the key press.
  function nudge(i, steps) {
    const number = find(pre.querySelectorAll("[role=spinbutton]")[i]);
    if (!number) return;
    const before = (since ??= fresh());
    focus(move(number, editor.text, steps));
    clearTimeout(resting);
    const quick = isQuick(before);
    if (quick) run(before);
    resting = setTimeout(() => {
      since = undefined;
      if (!quick) run(before);
    }, REST);
  }

  return {
    drag,
    nudge,
    get wasDragged() { // a moment ago
      return wasDragged;
    },
  };
}

// Change a number in a listing by dragging it sideways, or by the arrow keys. Only the code is edited, so it works in every listing.

const PIXELS = 8; // per step
const SLACK = 4; // a press that moves less is a click

export function makeMovable(listing, { before, run, isQuick }) {
  // The number in `span`: its place in the code, its value with sign, and the size of a step.
  function find(span) {
    const pre = span.closest("pre"), range = document.createRange();
    range.setStart(pre, 0);
    range.setEndBefore(span);
    const start = range.toString().length, end = start + span.textContent.length;
    const isSigned = /(^|[^\w)\]}.\s]|\b(return|in|and|or|not))\s*-$/.test(listing.code.slice(0, start).trimEnd());
    const sign = isSigned ? listing.code.slice(0, start).lastIndexOf("-") : start;
    const text = span.textContent.replaceAll("_", "");
    const decimals = (text.split(".")[1] ?? "").match(/^\d*/)[0].length, exponent = Number(text.match(/e(.*)/i)?.[1] ?? 0);
    if (!/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return; // hexadecimal, imaginary ...
    const digits = text.split(/[.e]/i)[0].length;
    const isWhole = !/[.e]/i.test(text);
    return { start: sign, end, value: Number(text) * (sign < start ? -1 : 1), decimals, exponent,
      step: isWhole ? 10 ** Math.max(0, digits - 2) : 10 ** (exponent - decimals), isWhole, has: text };
  }

  // Replace the number in the code by the one `steps` further on; returns its place.
  function move(number, code, steps) {
    const value = number.value + steps * number.step;
    let text = String(Math.round(value));
    if (!number.isWhole) text = /e/i.test(number.has) ? value.toExponential(number.decimals) : value.toFixed(number.decimals);
    listing.set(code.slice(0, number.start) + text.replace(/^-(0(\.0*)?)$/, "$1") + code.slice(number.end));
    const place = number.start + (value < 0 ? 1 : 0);
    return place;
  }

  // The span of the number at a place in the code, after the code was highlighted again.
  function spanAt(place) {
    let sum = 0;
    for (const node of listing.cell.querySelector(".highlight pre").childNodes) {
      if (sum + node.textContent.length > place) return node;
      sum += node.textContent.length;
    }
  }

  listing.drag = (event, span) => {
    const number = find(span), good = before(), code = listing.code, block = span.closest(".highlight");
    if (!number || listing.isEdited()) return;
    let steps = 0, place, moved = false;
    const follow = ({ clientX }) => {
      moved ||= Math.abs(clientX - event.clientX) >= SLACK;
      const now = Math.round((clientX - event.clientX) / PIXELS);
      if (!moved || now === steps) return;
      place = move(number, code, (steps = now));
      if (isQuick(listing, good)) run(listing, good);
    };
    const release = () => {
      listing.cell.classList.remove("moving");
      block.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"]) block.removeEventListener(type, release);
      if (place === undefined) return;
      listing.wasMoved = true; // the click event that follows must not open the editor
      setTimeout(() => (listing.wasMoved = false));
      spanAt(place)?.focus({ preventScroll: true });
      run(listing, good);
    };
    listing.cell.classList.add("moving");
    block.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) block.addEventListener(type, release);
  };

  listing.nudge = (span, steps) => {
    const number = find(span);
    if (!number) return;
    const good = before();
    spanAt(move(number, listing.code, steps))?.focus({ preventScroll: true });
    if (isQuick(listing, good)) run(listing, good);
    else {
      clearTimeout(listing.nudging);
      listing.nudging = setTimeout(() => run(listing, good), 600); // once the keys are no longer pressed
    }
  };
}

// Interactive questions: choices become buttons, each with its reason; a number is compared; a guess is stored. What answers a
// prediction is covered until then.
// The reader's answers stay in this browser. press/book/question_boxes.py describes the form of a question, and drawn_boxes.py its draws.

import { button, made } from "./dom.js";
import { get, HERE, set, tried, watch } from "./kept.js";

export const questionsIn = (page) => [...page.querySelectorAll(".admonition.question, .admonition.predict")];
export const thingOf = (box, page) => ({ kind: "answer", page, about: box.textContent.replace(/\s+/g, " ").trim().slice(0, 300) });

// Where an answer is kept. `type` keeps what is not sent yet, `typed` gives it, or else what was sent. `tried` notes a try at the question.
export const memoryOf = (thing, unsent = { ...thing, kind: "unsent" }) => ({
  get: () => get(thing),
  set(value) {
    set(thing, value);
    if (value && get(unsent) !== undefined) set(unsent);
  },
  typed: () => get(unsent) ?? get(thing),
  type: (value) => set(unsent, value === get(thing) ? undefined : value),
  tried: (said, right, isAnew) => tried(thing, said, right, isAnew),
});
const SEED = { kind: "seed" }; // of what is drawn for this reader, kept with the first answer: where somebody only reads nothing is kept
let seed;
const coversNothing = memoryOf({ kind: "no covers" });

// --- Other numbers ----------------------------------------------------------------------------------------------------------

const drawsOf = (box) => JSON.parse(box.querySelector("template.draws")?.content.textContent ?? "[[]]");
const redrawn = (text, words, others) => text.replace(/^\d+\. |\w+(?:[.,]\w+)*/g, (word) => others[words.indexOf(word)] ?? word);

// Which of its draws a question has: that of what is kept, or else one that follows from the reader's seed. What is kept of another draw
// than the first begins with its number, so that an answer to the question as it is written stays one.
export function drawOf(box, memory) {
  const kept = memory.typed(), number = drawsOf(box).length;
  if (number === 1) return 0;
  if (kept !== undefined) return Number(/^#(\d{1,4}) /.exec(kept)?.[1] ?? 0) % number;
  seed ??= get(SEED) ?? String(Math.random());
  return [...seed + thingOf(box).about].reduce((sum, letter) => (31 * sum + letter.codePointAt()) % 9973, 0) % number;
}

// Put the words of a draw into a question. Returns the memory of this draw, in which tries are told in the words as they are written.
function draw(box, memory, i) {
  const draws = drawsOf(box), walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), mark = i ? `#${i} ` : "";
  if (draws.length === 1) return memory;
  while (walker.nextNode()) walker.currentNode.data = redrawn(walker.currentNode.data, draws[0], draws[i]);
  const keeping = (does) => (...what) => {
    if (seed && get(SEED) === undefined) set(SEED, seed);
    does(...what);
  };
  const said = (kept) => (kept !== undefined && (/^#\d+ /.exec(kept)?.[0] ?? "") === mark ? kept.slice(mark.length) : undefined);
  return {
    get: () => said(memory.get()), typed: () => said(memory.typed()),
    set: keeping((value) => memory.set(mark + value)), type: keeping((value) => memory.type(mark + value)),
    tried: keeping((text, right) => memory.tried(redrawn(text, draws[i], draws[0]), right)),
  };
}

// --- Answers ----------------------------------------------------------------------------------------------------------------

const line = (className) => made("div", { className, role: "status" });

function askChoice(list, answer, memory, answered) {
  const reasons = [...answer.querySelectorAll(":scope > ol > li")], number = Number(answer.className.match(/right-(\d+)/)?.[1]);
  const items = [...list.children], says = items.map(() => line("reason")); // a reason stays when another choice is tried
  list.classList.add("choices");
  const choose = (i) => {
    const right = i + 1 === number;
    items.forEach((item, k) => {
      item.firstChild.ariaPressed = k === i;
      if (k === i) item.dataset.answer = right ? "right" : "wrong";
    });
    says[i].replaceChildren(...reasons[i].cloneNode(true).childNodes);
    return right;
  };
  items.forEach((item, i) => {
    const choice = button("", () => {
      const isDone = list.querySelector("[data-answer=right]") !== null, right = choose(i); // then only its reason is read
      if (right || !isDone) memory.set(String(i));
      memory.tried(choice.textContent, right);
      answered();
    });
    choice.append(...(item.querySelector(":scope > p:only-child") ?? item).childNodes);
    choice.ariaPressed = false;
    item.replaceChildren(choice, says[i]);
  });
  const before = items.findIndex((_, i) => String(i) === memory.get());
  if (before >= 0) choose(before);
}

// The numbers that a reader may mean, none if it is no number: "1,500" is 1500 or, with a decimal comma, 1.5; "50%" is 50 or 0.5;
// "1/64" is a fraction.
export function readings(given) {
  const [, above, below] = given.match(/^([^/]+)\/([^/]+)$/) ?? [];
  if (below) return readings(above).flatMap((a) => readings(below).map((b) => a / b)).filter(Number.isFinite);
  const text = given.replace(/\s|%\s*$/g, "").replace("−", "-");
  const isGrouped = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(text);
  const texts = [isGrouped ? text.replaceAll(",", "") : text, text.replace(",", ".")];
  const numbers = texts.map((digits) => (/\d/.test(digits) ? Number(digits) : NaN)).filter(Number.isFinite);
  return given.includes("%") ? numbers.flatMap((number) => [number, number / 100]) : numbers;
}

// Whether one of the numbers is the answer, "2.30", "203,530" or "0.8 to 0.9". A decimal answer allows for rounding to its
// digits.
export function isRight(numbers, answer) {
  const bounds = answer.match(/[-−]?\d[\d,]*(\.\d+)?/g);
  const [low, high = low] = bounds.map((bound) => Number(bound.replaceAll(",", "").replace("−", "-")));
  const decimals = bounds[0].split(".")[1]?.length;
  const slack = bounds.length > 1 ? 0 : decimals ? 0.5 * 10 ** -decimals : 0;
  return numbers.some((number) => number >= low - slack - 1e-12 && number <= high + slack + 1e-12);
}

// A form with a field, [form, input].
function field(label, memory, inputMode) {
  const input = made("input", { autocomplete: "off", value: memory.typed() ?? "", inputMode });
  input.oninput = () => memory.type(input.value);
  return [made("form", {}, made("label", {}, made("span", { textContent: label }), " ", input), made("button", { textContent: _`Compare` })), input];
}

function askNumber(answer, memory, answered) {
  const expected = answer.querySelector("strong").textContent, says = line("reason");
  const reasons = [...answer.querySelectorAll(":scope > ul > li")]; // of wrong numbers that readers give
  const [form, input] = field(_`Your number:`, memory, "decimal");
  const compare = () => {
    const given = input.value.trim();
    if (!given) return false;
    const numbers = readings(given), right = isRight(numbers, expected);
    form.dataset.answer = right ? "right" : "wrong";
    const reason = !right && reasons.find((one) => isRight(numbers, one.querySelector("strong").textContent));
    says.textContent = numbers.length === 0 ? _`That is not a number.` : right ? _`Right. Unfold the answer to see why.` : _`No. Try another, or unfold the answer.`;
    if (reason) says.replaceChildren(_`No. `, ...(reason.querySelector("p") ?? reason).cloneNode(true).childNodes);
    return right;
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = input.value.trim();
    memory.set(given);
    if (readings(given).length) memory.tried(given, compare());
    else compare();
    answered();
  };
  form.append(says);
  answer.before(form);
  if (input.value === memory.get()) compare();
}

// The guess stands above what answers it.
function askGuess(box, memory, answered) {
  const [form, input] = field(_`Your guess:`, memory, "text"), said = line("said"), output = outputBelow(box);
  form.className = "guess";
  const repeat = () => {
    const guess = memory.get(), printed = guess && readings(guess).length ? askedFor(box, output) : undefined;
    said.textContent = printed ? _`You said ${guess}. It printed ${printed}.` : guess ? _`You said: ${guess}` : "";
  };
  input.addEventListener("input", () => input.setCustomValidity(""));
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!input.value.trim()) {
      input.setCustomValidity(_`Write a guess first.`);
      return input.reportValidity();
    }
    memory.set(input.value.trim());
    repeat();
    answered();
    if (said.getBoundingClientRect().bottom > innerHeight) said.scrollIntoView({ block: "center" });
  };
  box.append(form);
  (output ?? form).before(said);
  repeat();
  if (output) new MutationObserver(repeat).observe(output, { childList: true, subtree: true }); // the reader has run the listing
}

// The number that a prediction of class "last" asks for: the last that the listing below it prints, unless that ends in an error.
function askedFor(box, output) {
  return box.matches(".last") && !output?.querySelector(".traceback") ? output?.textContent.match(/[-−]?\d[\d,]*(\.\d+)?(e[-+]?\d+)?/g)?.at(-1) : undefined;
}

// The outputs that answer a question: the first one below it in its section, or, if it has the class covers-2, the first two.
function outputsBelow(box) {
  const count = Number(box.className.match(/covers-(\d)/)?.[1] ?? 1), outputs = [];
  for (let next = box.nextElementSibling; next && outputs.length < count; next = next.nextElementSibling) {
    const output = next.matches(".cell:not(.added)") && next.querySelector(":scope > .cell_output");
    if (output) outputs.push(output);
  }
  return outputs;
}

const outputBelow = (box) => outputsBelow(box)[0];

// Cover what answers a question, unless the reader wants nothing covered. Returns a function that uncovers it for good.
function cover(box, memory) {
  const outputs = outputsBelow(box), [output] = outputs, lid = made("div", { className: "cover" });
  if (!output || memory.get() !== undefined) return () => {};
  let isOver = false;
  const again = button(_`Cover the answers`, () => coversNothing.set());
  const open = () => {
    [lid, again].forEach((one) => one.remove());
    outputs.forEach((one) => one.classList.remove("covered"));
  };
  const uncover = () => {
    isOver = true;
    open();
  };
  const draw = () => {
    open();
    if (coversNothing.get()) return box.append(again);
    outputs.forEach((one) => one.classList.add("covered"));
    output.before(lid);
  };
  again.className = "cover-again";
  const lines = output.querySelector("img") ? 0 : output.textContent.trim().split("\n").length;
  const what = !lines ? _`The figure` : lines > 1 ? _`${lines} printed lines` : _`1 printed line`;
  lid.append(made("span", {}, _`${what}, after your guess`), button(_`Show it`, () => {
    memory.set("");
    uncover();
  }), button(_`Never cover`, () => coversNothing.set("yes")));
  queueMicrotask(draw); // the form is in the box then
  watch(({ kind }) => kind === "no covers" && !isOver && draw());
  outputs.forEach(({ parentElement: cell }) => cell.addEventListener("wanted", uncover, { once: true }));
  return uncover;
}

// Let the box of a question, as it is in the page, take an answer. kept: the memory of it; drawn: which of its draws it gets.
export function askIn(box, kept = memoryOf(thingOf(box, HERE)), drawn = drawOf(box, kept)) {
  const memory = draw(box, kept, drawn % drawsOf(box).length);
  const answered = box.matches(".predict") ? cover(box, memory) : () => {};
  const answer = box.querySelector(":scope > details");
  const list = answer?.previousElementSibling;
  if (box.matches(".sketch") && outputBelow(box)) {
    import("./sketch.js").then(({ askCurve }) => askCurve(box, outputBelow(box), memory, answered))
      .catch(() => askGuess(box, memory, answered)); // it did not arrive
  } else if (!answer) askGuess(box, memory, answered);
  else if (list.matches("ol")) askChoice(list, answer, memory, answered);
  else askNumber(answer, memory, answered);
}

questionsIn(document).forEach((box) => askIn(box));
for (const table of document.querySelectorAll(".trace")) { // run/table.js knows what is written there
  table.addEventListener("keydown", ({ key }) => key === "Enter" && table.closest(".cell").querySelector(".run")?.click());
}

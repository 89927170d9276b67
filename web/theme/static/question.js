// Interactive questions: choices become buttons, each with its reason; a number is compared; a guess is stored. What answers a
// "Predict first" is covered until then.
// The reader's answers stay in this browser. tools/book/question_boxes.py describes the form of a question.

// A key of kept.js. `tried` notes a try at the question.
const stored = (key) => ({
  get: () => kept(key),
  set: (value) => keep(key, value),
  tried: (said, right) => noteTry(key, said, right),
});

const keyOf = (box, path) => `answer ${path} ${box.textContent.replace(/\s+/g, " ").trim().slice(0, 300)}`;
const questionsIn = (page) => [...page.querySelectorAll(".admonition.question, .admonition.predict")];
const coversNothing = stored("covers nothing");

function line(className) {
  const made = document.createElement("div");
  made.className = className;
  made.setAttribute("role", "status");
  return made;
}

function askChoice(list, reasons, memory, answered) {
  const items = [...list.children];
  const says = line("reason");
  list.classList.add("choices");
  const choose = (i) => {
    const right = reasons[i].textContent.trim().startsWith("Right");
    items.forEach((item, k) => {
      item.firstChild.setAttribute("aria-pressed", k === i);
      if (k === i) item.dataset.answer = right ? "right" : "wrong";
    });
    says.replaceChildren(...[...reasons[i].cloneNode(true).childNodes]);
    items[i].append(says);
    return right;
  };
  items.forEach((item, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...(item.querySelector(":scope > p:only-child") ?? item).childNodes);
    button.setAttribute("aria-pressed", false);
    button.onclick = () => {
      memory.set(i);
      memory.tried(button.textContent, choose(i));
      answered();
    };
    item.replaceChildren(button);
  });
  const before = items.findIndex((_, i) => String(i) === memory.get());
  if (before >= 0) choose(before);
}

// The numbers that a reader may mean, none if it is no number: "1,500" is 1500 or, with a decimal comma, 1.5; "50%" is 50 or 0.5;
// "1/64" is a fraction.
function readings(given) {
  const [, above, below] = given.match(/^([^/]+)\/([^/]+)$/) ?? [];
  if (below) return readings(above).flatMap((a) => readings(below).map((b) => a / b)).filter(Number.isFinite);
  const text = given.replace(/\s|%\s*$/g, "").replace("−", "-");
  const isGrouped = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(text);
  const texts = [isGrouped ? text.replaceAll(",", "") : text, text.replace(",", ".")];
  const numbers = texts.map((digits) => (/\d/.test(digits) ? Number(digits) : NaN)).filter(Number.isFinite);
  return given.includes("%") ? numbers.flatMap((number) => [number, number / 100]) : numbers;
}

// Whether one of the numbers is the answer, "2.30", "203,530", "about 0.3" or "0.8 to 0.9". A decimal answer allows for rounding to its
// digits.
function isRight(numbers, answer) {
  const bounds = answer.match(/[-−]?\d[\d,]*(\.\d+)?/g);
  const [low, high = low] = bounds.map((bound) => Number(bound.replaceAll(",", "").replace("−", "-")));
  const decimals = bounds[0].split(".")[1]?.length;
  const slack = bounds.length > 1 ? 0 : answer.startsWith("about") ? Math.abs(low) / 10 : decimals ? 0.5 * 10 ** -decimals : 0;
  return numbers.some((number) => number >= low - slack - 1e-12 && number <= high + slack + 1e-12);
}

function field(label, value, numeric) {
  const form = document.createElement("form");
  form.innerHTML = `<label><span></span> <input autocomplete="off"></label>`;
  form.querySelector("span").textContent = label;
  Object.assign(form.querySelector("input"), { value: value ?? "", inputMode: numeric ? "decimal" : "text" });
  return form;
}

function askNumber(answer, memory, answered) {
  const expected = answer.querySelector("strong").textContent;
  const form = field("Your number:", memory.get(), true);
  const says = line("reason");
  form.insertAdjacentHTML("beforeend", '<button>Compare</button>');
  const compare = () => {
    const given = form.querySelector("input").value.trim();
    if (!given) return false;
    const numbers = readings(given), right = isRight(numbers, expected);
    form.dataset.answer = right ? "right" : "wrong";
    says.textContent = numbers.length === 0 ? "That is not a number." : right ? "Right. Unfold the answer to see why." : "No. Try another, or unfold the answer.";
    return right;
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const given = form.querySelector("input").value.trim();
    memory.set(given);
    if (readings(given).length) memory.tried(given, compare());
    else compare();
    answered();
  };
  form.append(says);
  answer.before(form);
  compare();
}

// The guess stands above what answers it.
function askGuess(box, memory, answered) {
  const form = field("Your guess:", memory.get(), false), said = line("said");
  const input = form.querySelector("input");
  form.className = "guess";
  form.insertAdjacentHTML("beforeend", "<button>Compare</button>");
  const output = outputBelow(box);
  const repeat = () => {
    const guess = memory.get(), printed = guess && readings(guess).length ? askedFor(box, output) : undefined;
    said.textContent = printed ? `You said ${guess}. It printed ${printed}.` : guess ? `You said: ${guess}` : "";
  };
  form.onsubmit = (event) => {
    event.preventDefault();
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
    const output = next.matches(".cell") && next.querySelector(":scope > .cell_output");
    if (output) outputs.push(output);
  }
  return outputs;
}

const outputBelow = (box) => outputsBelow(box)[0];

// Cover what answers a question, unless the reader wants nothing covered. Returns a function that uncovers it for good.
function cover(box, memory) {
  const outputs = outputsBelow(box), [output] = outputs, made = document.createElement("div"), over = new AbortController();
  if (!output || memory.get() !== null) return () => {};
  const button = (text, onclick) => Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick });
  const choose = (nothing) => () => {
    coversNothing.set(nothing);
    dispatchEvent(new Event("covering"));
  };
  const again = button("Cover the answers", choose());
  const open = () => {
    [made, again].forEach((one) => one.remove());
    outputs.forEach((one) => one.classList.remove("covered"));
  };
  const uncover = () => {
    over.abort();
    open();
  };
  const draw = () => {
    open();
    if (coversNothing.get()) return box.append(again);
    outputs.forEach((one) => one.classList.add("covered"));
    output.before(made);
  };
  again.className = "cover-again";
  made.className = "cover";
  made.append(button("Show it", () => {
    memory.set("");
    uncover();
  }), button("Never cover", choose("yes")));
  queueMicrotask(draw); // the form is in the box then
  addEventListener("covering", draw, { signal: over.signal });
  new ResizeObserver(() => (made.style.height = `${output.offsetHeight}px`)).observe(output);
  outputs.forEach(({ parentElement: cell }) => cell.addEventListener("wanted", uncover, { signal: over.signal }));
  return uncover;
}

const SKETCH = document.currentScript.src.replace("question.js", "sketch.js");

// Let the box of a question, as it is in the page, take an answer. memory: where that is kept.
function askIn(box, memory = stored(keyOf(box, HERE))) {
  const uncover = box.matches(".predict") ? cover(box, memory) : () => {};
  const answered = () => {
    uncover();
    dispatchEvent(new Event("answered")); // theme.js counts what is right
  };
  const answer = box.querySelector(":scope > details");
  const list = answer?.previousElementSibling;
  if (box.matches(".sketch") && outputBelow(box)) {
    import(SKETCH).then(({ askCurve }) => askCurve(box, outputBelow(box), memory, answered))
      .catch(() => askGuess(box, memory, answered)); // from a folder browsers load no module
  } else if (!answer) askGuess(box, memory, answered);
  else if (list.matches("ol")) askChoice(list, [...answer.querySelectorAll(":scope > ol > li")], memory, answered);
  else askNumber(answer, memory, answered);
}

questionsIn(document).forEach((box) => askIn(box));

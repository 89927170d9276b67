// The buttons of a page's listings, and its draggable numbers. The first press loads everything else: session.js and its modules.
// This is no module, because browsers load none from a folder, and the page must explain there that it can't run.
"use strict";

const cells = [...document.querySelectorAll(".cell")].filter((cell) => cell.querySelector(":scope > .cell_input"));
const EDIT = `edit of ${HERE} `; // with the original text of a listing, the key of its edit
const isEdit = (key) => key?.startsWith(EDIT);
const saved = keptKeys().some((key) => isEdit(key) || (key.startsWith("mine ") && document.querySelector(".slot")));
const hasDragged = kept("has dragged") !== null;
const DECIMAL = { useGrouping: false, maximumFractionDigits: 20 }; // ARIA allows no exponent
// Matches the code before a number whose minus is a sign, not an operator.
const SIGNED = /(^|[^\w)\]}.\s]|\b(and|assert|elif|else|if|in|is|not|or|return|while|yield))\s*-$/;
const NUMBER = ".highlight:not(.editing) [role=spinbutton]";

let session, loading;

function load() {
  loading ??= Promise.all([import("./session.js"), loadStyle()]).then(([module]) => {
    return (session = module.open(cells, { bar, runAll, say, button, markNumbers, EDIT }));
  }).catch((error) => {
    loading = undefined;
    sayWhy(error);
  });
  return loading;
}

const sayWhy = (error) => say("failed", `${explain(error)} The text can be read as it is.`);

// The style of what these scripts show.
function loadStyle() {
  const link = document.querySelector("link[href*='run/run.css']").cloneNode();
  link.href = link.href.replace("run.css", "running.css");
  document.head.append(link);
  return new Promise((resolve) => (link.onload = link.onerror = resolve));
}

function explain(error) {
  if (location.protocol === "file:") return "The listings run in pages that come from a web server, not from a folder.";
  if (error instanceof TypeError && /import|module/i.test(error.message)) {
    return "The scripts that run the listings did not arrive. Check the connection and reload this page.";
  }
  console.error(error);
  return `A mistake in this page's own script (${error.message}). Please report it.`;
}

const wanted = new Map(); // what was pressed before the scripts arrived, by button

// Run listing i, or all; the same button stops the run that it has started.
async function press(event, run, i, all = false) {
  if (event.detail > 1) return; // the second press of a double click
  if (session) return session.press(i, all);
  const isFirst = wanted.size === 0;
  if (!wanted.delete(run)) wanted.set(run, [i, all]);
  run.toggleAttribute("data-busy", wanted.has(run));
  say(...(wanted.size ? ["loading", "Loading the scripts that run the listings."] : ["stopped", "Stopped."]));
  if (!isFirst) return;
  await load();
  for (const [button, request] of wanted) {
    button.removeAttribute("data-busy");
    session?.request(...request);
  }
  wanted.clear();
}

function button(text, label, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  made.onclick = press;
  return made;
}

function addRow(cell, i) {
  const row = document.createElement("div");
  row.className = "run-row";
  const run = button("Run", `Run listing ${i + 1}`, (event) => press(event, run, i));
  run.className = "run";
  const edit = button("Edit", `Edit listing ${i + 1}`, async () => (await load())?.listings[i].editor.open());
  edit.className = "edit";
  const state = document.createElement("span");
  state.className = "run-state";
  state.textContent = `Listing ${i + 1}`;
  row.append(run, edit, ...slotButtons(cell, i), state);
  cell.querySelector(".cell_input").append(row);
  const block = cell.querySelector(".highlight");
  block.onclick = async (event) => { // a click into the code; one on a number goes to the block, which has the pointer
    if (!event.target.closest("textarea") && getSelection().isCollapsed && !session?.listings[i].numbers.wasDragged) {
      (await load())?.listings[i].editor.open(event);
    }
  };
  block.onmousedown = (event) => { // dragging must not select text
    if (!event.target.closest(NUMBER)) return;
    event.preventDefault();
    getSelection().removeAllRanges();
  };
  block.onpointerdown = async (event) => {
    const number = event.target.closest(NUMBER);
    if (!number || event.button) return;
    block.setPointerCapture(event.pointerId);
    (await load())?.listings[i].numbers.drag(event, number);
  };
  block.onkeydown = async (event) => {
    const number = event.target.closest(NUMBER), numbers = [...block.querySelectorAll(NUMBER)];
    const place = numbers.indexOf(number), steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: numbers.length - 1 }[event.key];
    if (!number || event.altKey || event.ctrlKey || event.metaKey || (steps ?? next) === undefined) return;
    event.preventDefault();
    if (steps) (await load())?.listings[i].numbers.nudge(place, steps);
    else numbers[next]?.focus();
  };
  markNumbers(block, i + 1);
  const named = block.querySelector(".named");
  if (named && !hasDragged) state.before(dragHint(named.textContent));
}

// A slot shows the function that the reader writes; the book's is one press away.
function slotButtons(cell, i) {
  if (!cell.classList.contains("slot")) return [];
  const help = button("Help", `Help with listing ${i + 1}`, async () => (await load())?.listings[i].slot.help());
  const book = button("The book's", `The book's function in listing ${i + 1}`, async () => {
    book.setAttribute("aria-expanded", cell.classList.toggle("shown"));
    (await load())?.listings[i].slot.bookShown();
  });
  book.setAttribute("aria-expanded", "false");
  return [help, book];
}

// The Tab key stops at the first number of a listing; left and right move to the others, up and down change them.
// A number is read out with its sign, and after the code to its left. The one that the text names, after the code in the
// template, is underlined.
function markNumbers(block, n) {
  const named = block.closest(".cell").querySelector(".drag")?.content.textContent;
  let before = "", tabIndex = 0;
  for (const node of block.querySelector("pre").childNodes) {
    const text = node.textContent, value = Number(text.replaceAll("_", ""));
    if (node.matches?.(".mi, .mf") && Number.isFinite(value) && !/[box]/i.test(text)) { // neither imaginary nor hexadecimal
      const line = before.split("\n").at(-1).trim();
      node.setAttribute("role", "spinbutton");
      node.setAttribute("aria-label", `A number of listing ${n}${line && `, after ${line}`}`);
      node.setAttribute("aria-valuenow", (SIGNED.test(before.trimEnd()) ? -value : value).toLocaleString("en", DECIMAL));
      Object.assign(node, { tabIndex, title: "Drag it, or press the arrow keys" });
      if (named && before.replace(/-$/, "").endsWith(named)) node.classList.add("named");
      tabIndex = -1;
    }
    before += node.textContent;
  }
}

// Until a reader has dragged a number once, a listing with a number that the text names says how.
function dragHint(number) {
  const hint = document.createElement("span");
  hint.className = "drag-hint";
  hint.textContent = `↔ drag the ${number}`;
  return hint;
}

// The bar at the lower edge, hidden until a listing runs. Screen readers announce its line when it changes.
const bar = document.createElement("section");
bar.className = "run-bar";
bar.setAttribute("aria-label", "Running the listings");
bar.innerHTML = '<p role="status" aria-live="polite"></p>';

function say(state, text, shown = true) {
  const line = bar.querySelector("p");
  line.dataset.runState = state;
  line.textContent = text;
  bar.classList.toggle("shown", shown);
}

// Say which of the reader's own functions the listings of this page get from utils (see mine.js), with a way back to the book's.
function sayWhatIsMine() {
  const keys = keptKeys();
  const mine = keys.filter((key) => key.startsWith("mine ")).map((key) => key.slice(5));
  const imports = cells.map((cell) =>
    cell.querySelector(".highlight").textContent.match(/^from utils import (\([^)]*\)|.*)/gm)).join();
  const isHere = (name) => document.getElementById(`write-${name.replace(/[ _]/g, "-")}`); // its slot
  const used = mine.filter((name) => isHere(name) || new RegExp(`\\b${name}\\b`).test(imports)).sort();
  if (!used.length) return;
  const line = document.createElement("p"), isOff = keys.includes("the book's network");
  line.className = "remark";
  line.textContent = isOff
    ? "The listings of this page use the book's functions, not yours. "
    : `The listings of this page use your own ${used.join(", ")}. `;
  line.append(button(isOff ? "Use mine" : "Use the book's", "", async () => (await import("./mine.js")).switchOff()));
  document.querySelector("article h1")?.after(line);
}

const runAll = document.querySelector(".run-all");
runAll.onclick = (event) => press(event, runAll, cells.length - 1, true);
document.addEventListener("keydown", (event) => { // a held Enter key presses once
  if (event.repeat && event.key === "Enter" && event.target.matches("button")) event.preventDefault();
});
addEventListener("storage", ({ key }) => isEdit(key) && load()); // an edit in another tab
cells.forEach(addRow);
sayWhatIsMine();
document.body.append(bar);
if (saved) load();
const showLink = () => /^#edit=/.test(location.hash) && import("./link.js").then((link) => link.show(load, say, button)).catch(sayWhy);
addEventListener("hashchange", showLink);
showLink();
if (document.getElementById("yours") && location.protocol !== "file:") import("./yours.js").then(({ makeList }) => makeList(load));

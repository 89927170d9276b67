// The buttons of a page's listings, and its draggable numbers. Everything else (session.js and its modules) is loaded on the first
// press. This is no module, because browsers load no modules from a folder, and the page must explain there that it can't run.
"use strict";

const script = new URL(document.currentScript.src);
const cells = [...document.querySelectorAll(".cell")].filter((cell) => cell.querySelector(":scope > .cell_input"));
const saved = (() => {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(`listing ${location.pathname} `));
  } catch {
    return false; // storage is blocked
  }
})();
const NUMBER = ".highlight:not(.editing) > pre > :is(.mi, .mf)";

let session, loading;

function load() {
  loading ??= import(new URL(`session.js${script.search}`, script)).then((module) => {
    session = module.open(cells, { bar, runAll, say, button, markNumbers });
    return session;
  }).catch((error) => {
    loading = undefined;
    say("failed", reason(error));
  });
  return loading;
}

function reason(error) {
  if (location.protocol === "file:") return "The listings run in pages that come from a web server, not from a folder. The text can be read as it is.";
  if (error instanceof TypeError && /import|module/i.test(error.message)) return "The scripts that run the listings did not arrive. Check the connection and reload this page. The text can be read as it is.";
  console.error(error);
  return `A mistake in this page's own script (${error.message}). Please report it. The text can be read as it is.`;
}

// Run listing i, or all; the same button stops the run that it has started. The second press of a double click is ignored.
const pressed = new Map(); // when, by button
let wanted; // the press that waits for the scripts

async function press(run, i, all = false) {
  const now = performance.now();
  if (now - (pressed.get(run) ?? -Infinity) < 500) return;
  pressed.set(run, now);
  if (session) return session.press(i, all);
  wanted = wanted === run ? undefined : run;
  document.querySelectorAll(".run, .run-all").forEach((other) => other.toggleAttribute("data-busy", other === wanted));
  if (!wanted) return say("stopped", "Stopped.");
  say("loading", "Loading the scripts that run the listings.");
  if ((await load()) && wanted === run) session.press(i, all);
  else run.removeAttribute("data-busy");
  wanted = undefined;
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
  const run = button("Run", `Run listing ${i + 1}`, () => press(run, i));
  run.className = "run";
  const edit = button("Edit", `Edit listing ${i + 1}`, async () => (await load())?.listings[i].edit());
  edit.className = "edit";
  const state = document.createElement("span");
  state.className = "run-state";
  state.textContent = `Listing ${i + 1}`;
  row.append(run, edit, state);
  cell.querySelector(".cell_input").append(row);
  const block = cell.querySelector(".highlight");
  block.onclick = async (event) => { // a click into the code
    if (event.target.closest("pre") && getSelection().isCollapsed && !session?.listings[i].wasMoved) (await load())?.listings[i].edit(event);
  };
  block.onmousedown = (event) => event.target.closest(NUMBER) && event.preventDefault(); // dragging must not select text
  block.onpointerdown = async (event) => {
    const number = event.target.closest(NUMBER);
    if (!number || event.button) return;
    block.setPointerCapture(event.pointerId);
    (await load())?.listings[i].drag(event, number);
  };
  block.onkeydown = async (event) => {
    const number = event.target.closest(NUMBER), numbers = [...block.querySelectorAll(NUMBER)];
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key], way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!number || !(step || way)) return;
    event.preventDefault();
    const place = numbers.indexOf(number);
    if (way) numbers[place + way]?.focus();
    else (await load())?.listings[i].nudge(place, step);
  };
  markNumbers(block, i + 1);
}

// The Tab key stops at the first number of a listing; left and right move to the others, up and down change them.
function markNumbers(block, n) {
  block.querySelectorAll(":scope > pre > :is(.mi, .mf)").forEach((number, i) => {
    number.tabIndex = i ? -1 : 0;
    number.setAttribute("role", "spinbutton");
    number.setAttribute("aria-label", `A number of listing ${n}`);
    number.setAttribute("aria-valuenow", number.textContent);
    number.title = "Drag it, or press the arrow keys";
  });
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

const runAll = document.querySelector(".run-all");
runAll.onclick = () => press(runAll, cells.length - 1, true);
cells.forEach(addRow);
document.body.append(bar);
if (saved) load();

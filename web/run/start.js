// The buttons beside a page's listings. Everything behind them (page.js, and what that loads) comes with the first press.
// No module, so that a page opened from a folder, where a browser loads none, can say that it can't run.
"use strict";

const script = new URL(document.currentScript.src);
const cells = [...document.querySelectorAll(".cell")].filter((cell) => cell.querySelector(":scope > .cell_input"));
const saved = (() => {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(`listing ${location.pathname} `));
  } catch {
    return false; // a browser that keeps nothing for this page
  }
})();

let page;

async function load() {
  try {
    page ??= (await import(new URL(`page.js${script.search}`, script))).open(cells, { bar, runAll, say, button });
    return page;
  } catch {
    say("failed", location.protocol === "file:" ? "The listings run in pages that come from a web server, not from a folder. The text can be read as it is."
      : "What runs the listings did not arrive. Check the connection and load this page anew. The text can be read as it is.");
  }
}

// Run listing i, or all; the same button stops what it has started.
async function runOrStop(i, all = false) {
  const loaded = await load();
  if (loaded?.isBusy(all ? undefined : i)) loaded.stop();
  else loaded?.run(i, all);
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
  const run = button("Run", `Run listing ${i + 1}`, () => runOrStop(i));
  run.className = "run";
  const edit = button("Edit", `Edit listing ${i + 1}`, async () => (await load())?.edit(i));
  edit.className = "edit";
  const state = document.createElement("span");
  state.className = "run-state";
  state.textContent = `Listing ${i + 1}`;
  row.append(run, edit, state);
  cell.querySelector(".cell_input").append(row);
}

// The bar at the lower edge, out of sight until something runs. Its line is read aloud when it changes.
const bar = document.createElement("section");
bar.className = "run-bar";
bar.setAttribute("aria-label", "Running the listings");
bar.innerHTML = '<p role="status" aria-live="polite"></p>';

function say(state, text) {
  const line = bar.querySelector("p");
  line.dataset.runState = state;
  line.textContent = text;
  bar.classList.add("shown");
}

const runAll = document.querySelector(".run-all");
runAll.onclick = () => runOrStop(cells.length - 1, true);
cells.forEach(addRow);
document.body.append(bar);
if (saved) load();

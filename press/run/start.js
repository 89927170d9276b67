// The buttons of a page's listings, and its draggable numbers. The first press loads everything else: session.js and its modules.

import { addStyle, BOOK, button, made, slotOf, tokens, whenSeen } from "../page/dom.js";
import { all, get, HERE, watch } from "../page/kept.js";

const cells = [...document.querySelectorAll(".cell")].filter((cell) => cell.querySelector(":scope > .cell_input") && !cell.matches(".tag_skip-execution"));
const isEdit = ({ kind, page }) => ["edit", "draft", "listing", "listing draft"].includes(kind) && page === HERE;
const edits = () => all().filter(([thing, { value }]) => isEdit(thing) && value !== undefined).map(([thing]) => thing);
const codeOf = (cell) => cell.querySelector(".cell_input .highlight").textContent;
const mine = all("function").filter(([, { value }]) => value !== undefined).map(([{ about }]) => about);
const named = cells.map(codeOf).join("\n").match(/(?<=^(def|class) )\w+/gm) ?? [];
const own = new RegExp(`\\b(${[...named, ...mine, "$^"].join("|")})\\b`); // the functions and classes of the page's listings, and the reader's
const saved = edits().length || (mine.length && document.querySelector(".slot"));
// Matches the code before a number whose minus is a sign, not an operator.
const SIGNED = /(^|[^\w)\]}.\s]|\b(and|assert|elif|else|if|in|is|not|or|return|while|yield))\s*-$/;
const NUMBER = ".highlight:not(.editing) [role=spinbutton]";

document.documentElement.dataset.script ??= ""; // theme.js has set it, where the theme is that of the press
let session, loading;

function load() {
  loading ??= Promise.all([import("./session.js"), addStyle("run/running.css")]).then(async ([module]) => {
    const opened = module.open(cells, { bar, runAll, say, markNumbers });
    if (edits().some(({ kind }) => kind.startsWith("listing"))) await withAdded(opened);
    return (session = opened);
  }).catch((error) => {
    loading = undefined;
    sayWhy(error);
  });
  return loading;
}

// The reader's own listings among those of the session.
const withAdded = async (session) => (await import("./added.js")).open(session, addRow);
const added = async () => {
  const session = await load();
  return session && withAdded(session).catch(sayWhy);
};

const sayWhy = (error) => say("failed", _`${explain(error)} The text can be read as it is.`);

function explain(error) {
  if (error instanceof TypeError && /import|module/i.test(error.message)) {
    return _`The scripts that run the listings did not arrive. Check the connection and reload this page.`;
  }
  console.error(error);
  return _`A mistake in this page's own script (${error.message}). Please report it.`;
}

const wanted = new Map(); // what was pressed before the scripts arrived, by button

// Run the listing of a cell, or without one all; the same button stops the run that it has started.
async function press(event, run, cell) {
  if (event.detail > 1) return; // the second press of a double click
  if (session) return session.press(cell);
  const isFirst = !wanted.size;
  if (!wanted.delete(run)) wanted.set(run, cell);
  run.toggleAttribute("data-busy", wanted.has(run));
  say(...(wanted.size ? ["loading", _`Loading the scripts that run the listings.`] : ["stopped", _`Stopped.`]));
  if (!isFirst) return;
  await load();
  for (const [button, cell] of wanted) {
    button.removeAttribute("data-busy");
    session?.request(cell);
  }
  wanted.clear();
}

function addRow(cell, number) {
  const run = button(_`Run`, (event) => press(event, run, cell), _`Run listing ${number}`);
  const listing = async () => (await load())?.of(cell);
  const open = async (event) => {
    import("./editor.js").catch(() => {}); // beside the others; who opens it says so if it does not arrive
    (await listing())?.editor.open(event);
  };
  const edit = button(_`Edit`, () => open(), _`Edit listing ${number}`);
  const add = button("+", async () => (await added())?.addBelow(cell), _`Add a listing below listing ${number}`);
  const step = button(_`Step`, async () => (await load())?.step(cell), _`Step through listing ${number}`);
  const state = made("span", { className: "run-state", textContent: _`Listing ${number}` });
  for (const [name, one] of Object.entries({ run, edit, add, step })) one.className = name;
  step.hidden = !own.test(codeOf(cell)) || cell.matches(".slot:not(.read)");
  add.append(made("span", { textContent: _` Code` }));
  const row = made("div", { className: "run-row" }, run, edit, add, step, ...slotButtons(cell, number, listing)), bar = cell.querySelector(".slot-bar");
  (bar ?? row).append(state);
  if (bar) bar.nextElementSibling.after(row);
  else cell.querySelector(".cell_input").append(row);
  const block = cell.querySelector(".cell_input .highlight");
  block.onclick = (event) => { // a click into the code; one on a number goes to the block, which has the pointer
    if (!event.target.closest(".editor") && getSelection().isCollapsed && !session?.of(cell).numbers.wasDragged) open(event);
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
    (await listing())?.numbers.drag(event, number);
  };
  block.onkeydown = async (event) => {
    const number = event.target.closest(NUMBER), numbers = [...block.querySelectorAll(NUMBER)];
    const place = numbers.indexOf(number), steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: numbers.length - 1 }[event.key];
    if (!number || event.altKey || event.ctrlKey || event.metaKey || (steps ?? next) === undefined) return;
    event.preventDefault();
    if (steps) (await listing())?.numbers.nudge(place, steps);
    else numbers[next]?.focus();
  };
  markNumbers(block, number);
  const named = block.querySelector(".named");
  if (named && !get({ kind: "has dragged" })) state.before(dragHint(named.textContent));
}

// A slot shows the function that the reader writes; the book's is one press away. One that is there to read shows the book's,
// and its writing is one press away.
function slotButtons(cell, number, listing) {
  if (!cell.classList.contains("slot")) return [];
  const write = button(_`Write it yourself`, async () => {
    cell.classList.remove("read");
    (await listing())?.editor.open();
  }, _`Write the function in listing ${number} yourself`);
  write.className = "write";
  const help = button(_`Help`, async () => (await listing())?.slot.openHelp(), _`Help with listing ${number}`);
  const book = button(_`The book's`, async () => {
    book.ariaExpanded = cell.classList.toggle("shown");
    (await listing())?.slot.showBook();
  }, _`The book's function in listing ${number}`);
  book.ariaExpanded = false;
  return cell.classList.contains("read") ? [write, help, book] : [help, book];
}

const FEW = 30, NEAR = new RegExp(`(?:^|(?<=[\\s(\\[,]))\\S.{0,${FEW - 1}}$`); // characters of the code to the left that are read out
const LONG_LINE = 1000; // characters, of which the rest is not looked at: this is done at each key

// The Tab key stops at the first number of a listing; left and right move to the others, up and down change them.
// A number is read out with its sign, and after the code to its left. The one that the text names, after the code in the
// template, is underlined.
function markNumbers(block, n) {
  const named = block.closest(".cell").querySelector(".drag")?.content.textContent;
  let before = "", tabIndex = 0;
  for (const node of tokens(block.querySelector("pre"))) {
    const text = node.textContent, value = Number(text.replaceAll("_", ""));
    if (node.matches?.(".mi, .mf") && Number.isFinite(value) && !/[box]/i.test(text)) { // neither imaginary nor hexadecimal
      const line = before.split("\n").at(-1).trim(), near = line.match(NEAR)?.[0] ?? line.slice(-FEW);
      node.setAttribute("role", "spinbutton");
      node.setAttribute("aria-label", near ? _`A number of listing ${n}, after ${near}` : _`A number of listing ${n}`);
      node.setAttribute("aria-valuenow", decimal(SIGNED.test(before.trimEnd()) ? -value : value));
      Object.assign(node, { tabIndex, title: _`Drag it, or press the arrow keys` });
      if (named && before.replace(/-$/, "").endsWith(named)) node.classList.add("named");
      tabIndex = -1;
    }
    before = (before + node.textContent).slice(-LONG_LINE);
  }
}

// A number as ARIA takes it, without an exponent. Making a formatter takes as long as all else here, and hardly a page needs one.
const decimal = (value) => /e/.test(value)
  ? new Intl.NumberFormat("en", { useGrouping: false, maximumFractionDigits: 20 }).format(value) : String(value);

// Until a reader has dragged a number once, a listing with a number that the text names says how.
const dragHint = (number) => made("span", { className: "drag-hint", textContent: _`↔ drag the ${number}` });

// The bar at the lower edge, hidden until a listing runs. Screen readers announce its line when it changes.
const line = made("p", { role: "status", ariaLive: "polite" });
const bar = made("section", { className: "run-bar", ariaLabel: _`Running the listings` }, line);

export function say(state, text, shown = true) {
  line.dataset.runState = state;
  line.textContent = text;
  bar.classList.toggle("shown", shown);
}

// Say which of the reader's own functions the listings of this page get from its package (see functions.js), with a way back to the book's.
function sayWhatIsMine() {
  const imports = cells.map((cell) => codeOf(cell).match(new RegExp(`^from ${BOOK.package} import (\\([^)]*\\)|.*)`, "gm"))).join();
  const used = mine.filter((name) => slotOf(name) || new RegExp(`\\b${name}\\b`).test(imports)).sort();
  if (!used.length) return;
  const isOff = get({ kind: "the book's functions" }) !== undefined;
  const says = isOff ? _`The listings of this page use the book's functions, not yours. ` : _`The listings of this page use your own ${used.join(", ")}. `;
  const other = button(isOff ? _`Use mine` : _`Use the book's`, async () => (await import("./functions.js")).switchOff());
  document.querySelector("article h1")?.after(made("p", { className: "remark" }, says, other));
}

const runAll = document.querySelector(".run-all") ?? document.createElement("button"); // the first page has none
runAll.onclick = (event) => press(event, runAll);
document.addEventListener("keydown", (event) => { // a held Enter key presses once
  if (event.repeat && event.key === "Enter" && event.target.matches("button")) event.preventDefault();
});
watch((thing, isElsewhere) => isElsewhere && isEdit(thing) && (thing.kind === "listing" ? added() : load())); // an edit in another tab
addEventListener("click", (event) => { // the notebook of the page goes with what the reader has changed and added
  const link = event.target.closest?.("a[download][href$='.ipynb']");
  if (!link || !edits().length) return;
  event.preventDefault();
  Promise.all([import("./notebook.js"), load()]).then(([notebook, session]) => session && notebook.save(link, session.listings, say)).catch(sayWhy);
});
cells.forEach((cell, i) => addRow(cell, i + 1));
sayWhatIsMine();
document.body.append(bar);
if (saved) load();
export const showLink = () => /^#edit=/.test(location.hash) && import("./link.js").then((link) => link.show(load, say)).catch(sayWhy);
addEventListener("hashchange", showLink);
showLink();
const list = document.getElementById("yours"), showList = () => import("./function_list.js").then(({ makeList }) => makeList(load));
if (list) mine.length ? showList() : whenSeen(list, showList, "300px");

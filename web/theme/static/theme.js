// The theme switch, marks for chapters that were read or done, copy buttons, the current heading. Without this script everything can be read.

const root = document.documentElement;
root.dataset.script = "";
try {
  if (localStorage.theme) root.dataset.theme = localStorage.theme;
  takeAlong(location.pathname);
} catch {} // storage is blocked

// What a reader left on a chapter stays with it when it gets another number, as 15_diagnose became 17_diagnose. What was left on
// the first page by its short address goes to its long one (kept.js).
function takeAlong(here) {
  for (const key of Object.keys(localStorage)) {
    const path = key.match(/\S+\/\d\d_\w+\.html/)?.[0], isHere = path && unnumbered(path) === unnumbered(here);
    const moved = isHere ? key.replace(path, here) : key.replace(/^((?:when )?(?:answer|edit of|verdict on) \S*\/) /, "$1index.html ");
    if (moved === key) continue;
    if (localStorage.getItem(moved) === null) localStorage.setItem(moved, localStorage.getItem(key));
    localStorage.removeItem(key);
  }
}

function unnumbered(path) {
  return path.replace(/\d\d_(?=\w+\.html)/, "");
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.theme = root.dataset.theme;
  } catch {}
}

function addCopyButton(input) {
  const code = input.querySelector("pre");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.onclick = async () => answerOn(button, (await copied(code)) ? "Copied" : "Selected: copy it by key");
  (input.querySelector(".run-row") ?? input).append(button);
}

// Let a button say for two seconds what has come of its press.
function answerOn(button, words) {
  button.dataset.words ??= button.textContent;
  button.textContent = words;
  setTimeout(() => (button.textContent = button.dataset.words), 2000);
}

// If the browser denies access to the clipboard, select the code, and try the old way of copying.
async function copied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return document.execCommand("copy");
  }
}

// Put a link to this page with a fragment into the clipboard. Where that is denied, it stands in the address bar.
async function copyLink(button, fragment) {
  const address = location.href.split("#")[0] + fragment;
  try {
    await navigator.clipboard.writeText(address);
    answerOn(button, "Copied");
  } catch {
    history.replaceState(null, "", address);
    answerOn(button, "It is in the address bar");
  }
}

// What this browser keeps, as a file (course.js, which a browser loads only from a server).
const { search: EDITION_OF_SCRIPTS } = new URL(document.currentScript.src);
async function openMyCourse({ currentTarget: button }) {
  const says = button.nextElementSibling;
  says.textContent = "";
  try {
    (await import(`./course.js${EDITION_OF_SCRIPTS}`)).open(button.dataset.edition);
  } catch (error) {
    says.textContent = location.protocol === "file:" ? "My course opens in a page from a web server, not from a folder."
      : error.name === "SecurityError" ? "This browser allows no storage here, so it keeps nothing of yours."
      : "The script of My course did not arrive. Check the connection and reload this page.";
  }
}

// A history goes when all is forgotten. This tab then shows nothing of it either. It begins at its top: its end has not been read.
function forgottenElsewhere({ key, newValue }) {
  if (key?.startsWith("when ") && newValue === null) location.replace(location.pathname + location.search);
}

// What was answered wrong at first comes back (again.js).
function askAgain() {
  if (keptKeys().some((key) => key.startsWith("answer "))) {
    import(`./again.js${EDITION_OF_SCRIPTS}`).then(({ offer }) => offer()).catch(() => {}); // from a folder browsers load no module
  }
}

// A chapter counts as read once its end has been in view; the contents then show a ring beside it. On the first page, "Begin" leads
// on to the chapter after the last one that was read.
function markWhatWasRead() {
  const links = [...document.querySelectorAll(".contents a")], chapters = links.filter(({ pathname }) => pathname.includes("/chapters/"));
  const begin = [...document.querySelectorAll(".home main a")].find((link) => link.href === chapters[0].href);
  const draw = () => {
    links.forEach((link) => link.classList.toggle("read", kept(`read ${link.pathname}`) !== null));
    const next = chapters[chapters.findLastIndex((link) => link.matches(".read")) + 1];
    if (!begin || !next || next === chapters[0]) return;
    begin.href = next.href;
    begin.textContent = `Continue with ${next.firstChild.textContent}`;
  };
  draw();
  addEventListener("storage", draw);
  const end = document.querySelector(".turn"), here = links.find((link) => link.ariaCurrent);
  if (!end || !here) return;
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    keep(`read ${here.pathname}`, "yes");
    draw();
  }).observe(end);
}

// A chapter's tick is earned: by its questions, by its tasks, which the book leaves unanswered, and by the functions to be written
// in it. What was once done stays done. Only the tab in which something was done counts it; others draw what is kept.
function countWhatIsDone() {
  const here = document.querySelector(".contents [aria-current]"), questions = [...document.querySelectorAll(".admonition.question")];
  const tasks = [...document.querySelectorAll(".cell:has(.run-row)")]
    .filter((cell) => cell.querySelector(":scope > .cell_output")?.textContent.includes("Not answered yet"));
  const slots = here?.dataset.slots?.split(",") ?? [], total = questions.length + tasks.length + slots.length;
  if (!total) return markWhatIsDone();
  const kind = total === tasks.length && total > 1 ? "problems" : "questions, tasks and functions", key = `done ${here.pathname}`;
  const line = document.createElement("p"), says = document.createElement("span"), go = document.createElement("button");
  line.className = "done-here";
  says.setAttribute("role", "status");
  Object.assign(go, { type: "button", textContent: "Show the next" });
  line.append(says, " ", go);
  document.querySelector(".turn")?.before(line);

  const missing = () => [
    ...questions.filter((box) => !box.querySelector("[data-answer=right]")),
    ...tasks.filter((cell) => cell.dataset.verdict !== "right"),
    ...slots.filter((name) => kept(`mine ${name}`) === null).map((name) => document.getElementById(`write-${name.replace(/[ _]/g, "-")}`)),
  ];
  const draw = () => {
    const done = Math.min(Math.max(parseInt(kept(key) ?? 0), total - missing().length), total);
    says.textContent = `Done in this chapter: ${done} of ${total} ${kind}.`;
    go.hidden = done === total;
    markWhatIsDone();
  };
  const count = () => {
    const done = total - missing().length;
    if (done > parseInt(kept(key) ?? 0)) keep(key, `${done} of ${total} ${kind}`);
    draw();
  };
  go.onclick = () => {
    const [first] = missing().sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
    first.scrollIntoView({ block: "center" });
    first.querySelector("button, input").focus({ preventScroll: true });
  };
  for (const event of ["answered", "mine"]) addEventListener(event, count);
  addEventListener("storage", draw);
  count();
}

function markWhatIsDone() {
  for (const link of document.querySelectorAll(".contents a")) {
    const said = kept(`done ${link.pathname}`) ?? "", [done, total] = said.match(/\d+/g) ?? [];
    link.classList.toggle("done", Boolean(total) && Number(done) >= Number(total));
    link.querySelector(".problems")?.remove();
    if (!said.endsWith("problems")) continue;
    link.append(Object.assign(document.createElement("span"), { className: "problems", textContent: said }));
  }
}

// How many of a chapter's functions the reader has written stands beside it in the contents (run/mine.js keeps them).
function countWhatIsWritten() {
  for (const link of document.querySelectorAll(".contents [data-slots]")) {
    const names = link.dataset.slots.split(",");
    const written = names.filter((name) => kept(`mine ${name}`) !== null).length;
    link.querySelector(".yours")?.remove();
    if (written) link.append(Object.assign(document.createElement("span"), { className: "yours", textContent: `${written}/${names.length}`, title: "functions that are yours" }));
  }
}

// Boxes that overflow get a tab stop, so that they can be scrolled by keyboard; others have none.
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

// Mark the current section in the list of headings.
function followHeadings(links) {
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const isAtEnd = scrollY + innerHeight >= root.scrollHeight - 4; // where the last sections can't reach the top
    const current = isAtEnd ? headings.length - 1 : headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < 120);
    links.forEach((link, i) => (i === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}

addEventListener("DOMContentLoaded", () => {
  document.querySelector(".theme-switch").onclick = switchTheme;
  document.querySelector(".my-course").onclick = openMyCourse;
  const contents = document.querySelector(".contents"), here = contents.querySelector("[aria-current]");
  const showHere = () => here && (contents.scrollTop = here.offsetTop - contents.clientHeight / 2);
  contents.addEventListener("toggle", showHere); // on a phone they open
  showHere();
  document.querySelectorAll('.cell_input, [class^="highlight-"]:not(.cell *)').forEach(addCopyButton);
  document.querySelectorAll("pre, .scrolls").forEach((box) => sizes.observe(box));

  const toc = document.querySelector(".toc details");
  if (toc) {
    const wide = matchMedia("(min-width: 80rem)");
    const fit = () => (toc.open = wide.matches);
    wide.onchange = fit;
    fit();
    followHeadings([...toc.querySelectorAll("li li a")]);
  }

  const more = document.querySelector(".more");
  if (more) addEventListener("click", (event) => more.contains(event.target) || (more.open = false));
  markWhatWasRead();
  countWhatIsDone();
  askAgain();
  if (location.protocol !== "file:") { // from a folder browsers load no module
    const help = (event) => import(`./lost.js${EDITION_OF_SCRIPTS}`).then(({ point }) => point(event)).catch(() => {});
    for (const event of ["pointerover", "focusin"]) document.querySelector("article").addEventListener(event, help, { once: true });
  }
  countWhatIsWritten();
  addEventListener("storage", forgottenElsewhere);
  for (const event of ["mine", "storage"]) addEventListener(event, countWhatIsWritten);
  addEventListener("keydown", (event) => {
    const search = document.querySelector("header input");
    if (event.key === "/" && !event.target.closest("input, textarea, [contenteditable]")) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && more?.open) {
      more.open = false;
      more.firstElementChild.focus();
    }
  });
});

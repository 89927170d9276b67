// The theme and its switch, copy buttons, the present heading, and what scrolls. It is no module, because it sets the theme before
// anything is drawn, and because browsers load no modules from a folder: there a page has this script alone.

const root = document.documentElement, FOLDER = location.protocol === "file:";
root.dataset.script = FOLDER ? "folder" : "";
try {
  if (localStorage.theme) root.dataset.theme = localStorage.theme;
} catch {} // storage is blocked

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
  const code = input.querySelector("pre"), button = document.createElement("button");
  Object.assign(button, { type: "button", className: "copy", textContent: _`Copy` });
  button.onclick = async () => {
    button.textContent = (await copied(code)) ? _`Copied` : _`Selected: copy it by key`;
    setTimeout(() => (button.textContent = _`Copy`), 2000);
  };
  (input.querySelector(".run-row") ?? input).append(button);
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

// Boxes that overflow get a tab stop, so that they can be scrolled by keyboard; others have none.
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const BOXES = "pre, .scrolls";
const observeBoxes = (part) => [part, ...(part.querySelectorAll?.(BOXES) ?? [])].filter((box) => box.matches?.(BOXES)).forEach((box) => sizes.observe(box));

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

// What a page from a folder says in the place of buttons that need modules.
const ELSEWHERE = {
  ".run-all": _`The listings run in pages that come from a web server, not from a folder.`,
  ".my-course": _`My course opens in a page from a web server, not from a folder.`,
};

addEventListener("DOMContentLoaded", () => {
  document.querySelector(".theme-switch").onclick = switchTheme;
  const contents = document.querySelector(".contents"), here = contents.querySelector("[aria-current]");
  const showHere = () => here && (contents.scrollTop = here.offsetTop - contents.clientHeight / 2);
  contents.addEventListener("toggle", showHere); // on a phone they open
  document.querySelectorAll('.cell_input, [class^="highlight-"]:not(.cell *)').forEach(addCopyButton);
  observeBoxes(document);
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(observeBoxes))) // what a listing prints
    .observe(document.querySelector("main"), { childList: true, subtree: true });

  const toc = document.querySelector(".toc details");
  if (toc) {
    const wide = matchMedia("(min-width: 80rem)");
    const fit = () => (toc.open = wide.matches);
    wide.onchange = fit;
    fit();
  }
  showHere(); // after all that changes the page, which is then laid out once
  if (toc) followHeadings([...toc.querySelectorAll("li li a")]);

  const more = document.querySelector(".more");
  if (more) addEventListener("click", (event) => more.contains(event.target) || (more.open = false));
  addEventListener("keydown", (event) => {
    const search = document.querySelector("header input");
    if (event.key === "/" && !event.target.closest("input, textarea, .editor")) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && more?.open) {
      more.open = false;
      more.firstElementChild.focus();
    }
  });
  if (FOLDER) for (const [button, sentence] of Object.entries(ELSEWHERE)) document.querySelector(button)?.replaceWith(sentence);
});

// What the pages do beyond HTML: remember dark or light, copy code, follow the headings. Without it all is there to read.

const root = document.documentElement;
root.dataset.script = "";
try {
  if (localStorage.theme) root.dataset.theme = localStorage.theme;
} catch {} // a browser that keeps nothing for this page

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.theme = root.dataset.theme;
  } catch {}
}

function addCopyButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.onclick = async () => {
    await navigator.clipboard.writeText(block.querySelector("pre").textContent);
    button.textContent = "Copied";
    button.classList.add("done");
    setTimeout(() => {
      button.textContent = "Copy";
      button.classList.remove("done");
    }, 2000);
  };
  block.append(button);
}

// What is wider than its place can be scrolled by keyboard, and only then takes a stop of the Tab key.
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

// The heading under which the reader is, marked in the list of headings.
function followHeadings(links) {
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const current = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top < 120);
    links.forEach((link, i) => (i === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}

addEventListener("DOMContentLoaded", () => {
  document.querySelector(".theme-switch").onclick = switchTheme;
  document.querySelectorAll(".cell_input .highlight").forEach(addCopyButton);
  document.querySelectorAll("pre, .scrolls").forEach((box) => sizes.observe(box));

  const toc = document.querySelector(".toc details");
  if (toc) {
    const wide = matchMedia("(min-width: 80rem)");
    const fit = () => (toc.open = wide.matches);
    wide.onchange = fit;
    fit();
    followHeadings([...toc.querySelectorAll("li li a")]);
  }

  addEventListener("beforeprint", () => document.querySelectorAll("article details").forEach((details) => (details.open = true)));
  addEventListener("keydown", (event) => {
    const search = document.querySelector("header input");
    if (event.key === "/" && !event.target.closest("input, textarea, [contenteditable]")) {
      event.preventDefault();
      search.focus();
    }
  });
});

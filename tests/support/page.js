// What tests ask of a page. page.py calls these functions in it.

const all = (selector) => [...document.querySelectorAll(selector)];

// From the first moment

function observeShift() { // how far the layout shifts, as `shift`
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}

function observeTheme() { // the theme when the body begins, as `atFirst`
  new MutationObserver(() => {
    if (document.body && !window.atFirst) window.atFirst = document.documentElement.dataset.theme ?? "none yet";
  }).observe(document, { childList: true, subtree: true });
}

// A page that has been loaded

function transferred() { // the bytes for the page and all that it requested
  const entries = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  return entries.reduce((sum, entry) => sum + entry.transferSize, 0);
}

function figures() {
  return all("article img").map((image) => ({
    alt: image.alt,
    opens: image.closest("div.opening") !== null, // it is there a second time
    fixed: image.hasAttribute("width") && image.hasAttribute("height"),
    drawn: image.naturalWidth > 0,
    width: image.width,
    animation: image.closest(".animation") !== null,
  }));
}

function untouchable() { // touch targets below 44 px. A switch is touched by its label; links within text are exempt
  const targets = all("button, summary, input, .contents a, .toc a, .turn a, .foot a, .more a");
  return targets.filter((element) => element.checkVisibility()).map((element) => element.closest("label") ?? element)
    .filter((element) => shorterSide(element) < 44).map((element) => element.outerHTML);
}

function faded() { // how many copy buttons can't be seen, as where they wait for the mouse
  return all(".copy").filter((copy) => getComputedStyle(copy).opacity !== "1").length;
}

function visited() { // all that test_pages asks of a page as it was loaded
  const links = (selector) => all(selector).map((link) => [link.textContent, link.href]);
  return {
    bytes: transferred(), shift, figures: figures(), titles: all("article h1").length, sideways: sideways(),
    menu: links(".more a"), foot: links(".foot a"), untouchable: untouchable(),
    faded: faded(),
  };
}

function sideways() { // how much wider the page is than the screen
  return document.documentElement.scrollWidth - innerWidth;
}

function shorterSide(element) {
  const { width, height } = element.getBoundingClientRect();
  return Math.min(width, height);
}

function shorterSides(selector) {
  return all(selector).map(shorterSide);
}

function wronglyFocusable() { // boxes that scroll sideways and can't be focused, and the others that can
  return all("pre, .scrolls")
    .filter((box) => box.checkVisibility() && (box.scrollWidth > box.clientWidth) !== (box.tabIndex === 0))
    .map((box) => box.textContent);
}

function hiddenAnswers() {
  return all("details.admonition > :not(summary)")
    .filter((part) => !part.checkVisibility() || part.getBoundingClientRect().height === 0).length;
}

// Formulas

function unfolded(judged) { // all that test_pages asks of a page with everything unfolded, and nothing covered before a guess
  all(".covered").forEach((output) => output.classList.remove("covered"));
  all("details:not(.more)").forEach((details) => { details.open = true; });
  const formulas = all("article math"), signs = markNewSigns(judged);
  const visible = formulas.filter((formula) => formula.checkVisibility({ visibilityProperty: true }) && formula.getBoundingClientRect().width);
  return {
    sideways: sideways(), count: formulas.length, visible: visible.length, torn: torn(), prose: prose(),
    signs, new: signs.length - judged.length,
  };
}

function markNewSigns(judged) { // with data-first: the first sign of each kind. Returns the kinds in `judged` and these
  const seen = new Set(judged);
  for (const sign of all("article :is(mi, mo, mn, mtext)")) {
    const { fontFamily, fontStyle, fontWeight } = getComputedStyle(sign);
    const kind = [sign.textContent, fontFamily, fontStyle, fontWeight].join();
    sign.toggleAttribute("data-first", !seen.has(kind));
    seen.add(kind);
  }
  return [...seen];
}

function torn() { // how many formulas a line break parts from their punctuation
  return all("article math:not([display=block])").filter((formula) => {
    const after = formula.nextSibling, mark = document.createRange();
    if (!/^[.,;:!?)]/.test(after?.data ?? "")) return false;
    mark.setStart(after, 0);
    mark.setEnd(after, 1);
    return mark.getBoundingClientRect().left < formula.getBoundingClientRect().left;
  }).length;
}

function prose() { // a page's text without code
  const article = document.querySelector("article").cloneNode(true);
  article.querySelectorAll("pre, code").forEach((code) => code.remove());
  return article.textContent;
}

// The focus

// By an outline, or, as a handle of a picture in the hand, by the colour of its rim.
function isMarked(element) {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return true;
  return [...element.querySelectorAll(".knob, .box")].some((rim) => getComputedStyle(rim).stroke === focusColour());
}

function focusColour() { // as it is computed
  const probe = document.createElement("i");
  document.body.append(probe);
  probe.style.color = "var(--focus)";
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function focus() {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const bar = element.closest("header, .skip, .contents") ? 0 : document.querySelector("header").offsetHeight;
  return {
    what: element.outerHTML.slice(0, 200),
    stop: element.dataset.stop,
    // A radio button may show its focus at its label.
    marked: [element, element.nextElementSibling].some((part, i) => (!i || element.matches("[type=radio]")) && isMarked(part)),
    inView: box.bottom > bar && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}

// The promises of promises.py. `part`: a selector

const inside = (part) => all(part).flatMap((one) => [one, ...one.querySelectorAll("*")]);
const begin = (element) => element.outerHTML.slice(0, 200);

function moving() { // what moves by itself, glides, or makes the page glide
  const glides = ({ transitionDuration, scrollBehavior }) => transitionDuration !== "0s" || scrollBehavior === "smooth";
  const gliding = all("*").filter((element) => glides(getComputedStyle(element)));
  const animations = document.getAnimations().filter((one) => one instanceof CSSAnimation); // a transition may have begun before
  return [...gliding, ...animations.map(({ effect }) => effect.target)].map(begin);
}

function tooWide(part) { // what lies beyond the right edge of the window, and can't be scrolled there in a box of its own
  const scrolls = (element) => element && element !== document.body
    && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  const page = document.documentElement.scrollWidth > innerWidth ? [document.documentElement] : [];
  const beyond = (element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 0.5;
  return [...page, ...inside(part).filter((element) => beyond(element) && !scrolls(element.parentElement))].map(begin);
}

function tabStops(part) { // numbers what the Tab key should reach in each element of the part: [[0, 1, 2], [3], ...]
  const comesAndGoes = ":is(h1, h2, h3, .question, .predict) > .lost";
  const isStop = (element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true })
    && !element.matches(comesAndGoes)
    && (element.type !== "radio" || element === (radio(element, ":checked") ?? radio(element)));
  const radio = ({ name }, state = "") => document.querySelector(`[name="${name}"]${state}`); // of its group
  let count = 0;
  return all(part).map((one) => [one, ...one.querySelectorAll("*")].filter(isStop).map((stop) => (stop.dataset.stop = String(count++))));
}

function standBefore([part, i]) { // so that Tab goes to the first stop in the part's element i. From then on `reached` is what Tab reaches
  window.reached = [];
  document.onkeyup = () => reached.push(focus());
  const place = Object.assign(document.createElement("i"), { tabIndex: -1 });
  all(part)[i].prepend(place);
  place.focus();
  place.remove();
}

function isLeft(part) {
  return document.activeElement === document.body || !all(part).some((one) => one.contains(document.activeElement));
}

function unseenChoices(part) { // what is chosen, and looks in forced colours as another that is not
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => `border${side}`);
  const names = [...sides.flatMap((side) => [`${side}Style`, `${side}Width`, `${side}Color`]), "outlineStyle", "outlineColor",
    "backgroundColor", "color", "fontWeight", "webkitTextStrokeWidth", "textDecorationLine"];
  const look = (element) => JSON.stringify([names.map((name) => getComputedStyle(element)[name]),
    ...["::before", "::after"].map((pseudo) => getComputedStyle(element, pseudo).content)]);
  const isNative = (element) => element.matches("input") && getComputedStyle(element).appearance !== "none" && shorterSide(element) > 8;
  const shown = (element) => (element.matches("input") ? element.nextElementSibling : element);
  const kinds = [["[aria-pressed=true]", "[aria-pressed=false]"], ["[aria-selected=true]", "[aria-selected=false]"],
    ["a[aria-current]", "a:not([aria-current])"], ["input:checked", "input:not(:checked)"], ["[data-answer] > button", ":not([data-answer]) > button"]];
  return kinds.flatMap(([chosen, other]) => inside(part).filter((element) => element.matches(chosen) && !isNative(element)).filter((element) => {
    const group = element.closest("fieldset, ol, ul, nav, [role=group]") ?? element.parentElement;
    const others = [...group.querySelectorAll(other)].filter((one) => one.className === element.className);
    return others.some((one) => look(shown(one)) === look(shown(element)));
  })).map(begin);
}

// What axe looks at

// Contrast is checked on one element for each combination of colours and font, a look: a page has thousands of texts, but few looks.
function markNewLooks([part, judged]) { // one element of each that isn't in `judged`. Returns those that another page needn't judge
  const seen = new Set(judged);
  all("[data-look]").forEach((element) => element.removeAttribute("data-look"));
  for (const element of inside(part)) {
    const written = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!written || element.closest("math, svg") || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element), look = [color, fontSize, fontWeight];
    for (let around = element; around; around = around.parentElement) {
      const { backgroundColor, opacity, position } = getComputedStyle(around);
      look.push([backgroundColor, opacity, position].join().replace("rgba(0, 0, 0, 0),1,static", ""));
    }
    const key = look.filter(Boolean).join(";");
    if (!seen.has(key)) element.dataset.look = seen.size;
    seen.add(key);
  }
  return [...seen].filter((look) => !/absolute|fixed/.test(look)); // these may lie over anything
}

// axe can't measure contrast over a picture, nor of what is scrolled out of sight in the lists beside the text, nor does it know that
// an animation shows only a part of its image; and what waits until it is near gets its tab stops only then.
// Until document.adoptedStyleSheets is empty again, a style helps it.
function helpAxe() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { background-image: none !important; content-visibility: visible !important }
    .contents, .toc { height: auto !important; max-height: none !important; overflow: visible !important }
    .animation img { inset: 0 !important; width: 100% !important; height: 100% !important }`);
  document.adoptedStyleSheets = [sheet];
}

// A page's code has thousands of highlighted words in some twenty colours: keep one word of each, so that axe is fast.
function keepEachColourOnce() {
  const seen = new Set();
  for (const word of all(".highlight span")) {
    if (seen.has(word.className)) word.replaceWith(word.textContent);
    seen.add(word.className);
  }
}

// The demonstration and the pictures in the hand

const modules = (...paths) => Promise.all(paths.map((path) => import(document.querySelector("[rel=modulepreload]").href.replace("page/dom", path))));

async function rebuildDemo() {
  const [{ demo }] = await modules("demo/pad");
  delete document.documentElement.dataset.theme;
  history.replaceState(history.state, "", location.pathname); // it has what was drawn
  window.firstBrush ??= demo.state.brush;
  Object.assign(demo.state, { brush: firstBrush, cursor: { row: 14, column: 14 } });
  demo.show(document.querySelector("#demo"));
}

// [probabilities, hidden] of each image, the hidden activations of the first 50 only; as JSON, because Playwright takes numbers one by one
async function forwardInDemo([epoch, images]) {
  const [{ demo }, { cut, forward, unpack }] = await modules("demo/pad", "demo/network"), params = unpack(demo.weights[epoch]);
  const bytes = Float32Array.from(atob(images), (letter) => letter.charCodeAt(0) / 255);
  return JSON.stringify(cut(bytes, 784).map((pixels) => forward(pixels, params))
    .map(({ hidden, probabilities }, i) => [probabilities, i < 50 ? hidden : []]));
}

function collectAnnouncements() { // what a screen reader hears, as `announced`
  window.announced = [];
  const status = document.querySelector("#demo .demo-said");
  new MutationObserver(() => announced.push(status.textContent)).observe(status, { childList: true });
}

async function showInHandAgain(name) { // in its first state
  const [{ show }, { picture }] = await modules("hand/kit", `hand/${name}`);
  show(document.querySelector(`figure [data-hand=${name}]`), picture);
}

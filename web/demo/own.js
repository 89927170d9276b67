// The reader's own clothes: a photograph becomes a picture of the demonstration, step by step and by hand, and twenty are kept. Loaded
// when the reader asks for it. Nothing of a photograph leaves the device.

import { addStyle, button, made } from "../page/dom.js";
import { all, set, watch } from "../page/kept.js";
import images from "./images.js";
import { bytesOf, forward } from "./network.js";
import { read, squareOf, steps, Unread } from "./photo.js";

const MOST = 20;
const { names } = images;
const STEPS = { // of photo.js
  square: _`square`, inverted: _`inverted`, "background off": _`background off`, stretched: _`stretched`,
  "28 x 28": "28 × 28",
};
const RANGES = { // in percent, the last in grey levels
  size: _`size`, across: _`from the left`, down: _`from the top`, take_off: _`background taken off`,
};
const AT_FIRST = { size: 100, across: 50, down: 50, take_off: 20, inverted: undefined, stretched: true };

let panel; // the one of this page

// Shows the panel in the demonstration `pad`, and takes a file, if there is one.
export async function open(pad, file) {
  await addStyle("demo/own.css"); // before the look at whether it is there: a second press may come meanwhile
  if (!panel?.element.isConnected) {
    panel = build(pad);
    pad.find(".demo-network").before(panel.element);
    pad.find(".demo-network").after(panel.table);
  }
  pad.find(".demo-verdict").scrollIntoView({ block: "nearest" }); // the panel is below it
  if (file) await panel.take(file);
  else panel.element.querySelector("button").focus({ preventScroll: true });
}

function build(pad) {
  let photo, by, given, chosen; // its grey levels; what is changed by hand; the pixels that the pad got from here; the kept one on the pad
  const says = made("p", { role: "status" }), shown = made("ol", { className: "own-steps" });
  const table = made("div", { className: "own-kept", role: "region", ariaLabel: _`Your own clothes that are kept` });
  const say = (words) => (says.textContent = words);

  // --- A photograph ---

  async function take(file) {
    try {
      photo = await read(file);
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      return say(error.message);
    }
    by = { ...AT_FIRST };
    hand.hidden = keep.hidden = false;
    say("");
    follow();
  }

  function follow() {
    const way = steps(photo, by), image = way["28 x 28"];
    by.inverted ??= "inverted" in way;
    for (const [name, input] of Object.entries(inputs)) input[input.type === "range" ? "value" : "checked"] = by[name];
    shown.replaceChildren(stepOf(_`photograph`, photo, squareOf(photo, by)), ...Object.entries(way).map(([name, values]) => {
      const side = Math.sqrt(values.length);
      return stepOf(STEPS[name], { width: side, height: side, values });
    }));
    give(Float32Array.from(image, (value) => value / 255));
    say(image.some((value) => value > 0) ? "" : _`Nothing is left of it: take less off, or change what is inverted.`);
  }

  // Puts pixels on the pad. What the reader has put there since can be had back by undo.
  function give(pixels) {
    if (!given || given.some((value, i) => value !== pad.state.pixels[i])) pad.remember();
    given = pixels.slice();
    choose();
    pad.put(pixels, true);
  }

  const picker = (options) => made("input", { type: "file", accept: "image/*", hidden: true, ...options, onchange: ({ target }) => {
    const [file] = target.files;
    if (file) take(file).then(() => (target.value = ""));
  } });
  const files = picker(), camera = picker();
  camera.setAttribute("capture", "environment");
  const from = made("p", { className: "own-from" }, button(_`choose a file`, () => files.click()), " ",
    Object.assign(button(_`use the camera`, () => camera.click()), { className: "own-camera" }), files, camera,
    made("span", { textContent: _` or paste or drop one here. It stays on this device.` }));

  // --- By hand ---

  let frame;
  const change = (name, value) => {
    by[name] = value;
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      follow();
    });
  };
  const range = (name) => made("input", { type: "range", min: name === "size" ? 20 : 0, max: 100, oninput: ({ target }) => change(name, Number(target.value)) });
  const box = (name) => made("input", { type: "checkbox", onchange: ({ target }) => change(name, target.checked) });
  const inputs = { ...Object.fromEntries(Object.keys(RANGES).map((name) => [name, range(name)])), inverted: box("inverted"), stretched: box("stretched") };
  const labels = Object.entries(inputs).map(([name, input]) => made("label", {}, input, made("span", { textContent: RANGES[name] ?? STEPS[name] })));
  const hand = made("fieldset", { className: "own-hand", hidden: true }, made("legend", { className: "demo-unseen", textContent: _`Change it by hand` }), ...labels);

  // --- The twenty ---

  const label = made("select", {}, made("option", { value: "", textContent: _`choose` }), ...names.map((name, value) => made("option", { value, textContent: name })));
  const keep = made("p", { className: "own-keep", hidden: true }, made("label", {}, _`It is: `, label), " ", button(_`keep it`, () => {
    if (label.value === "") return say(_`Choose what it is, then keep it.`);
    if (kept().length >= MOST) return say(_`${MOST} are kept. Remove one, then keep this.`);
    const pixels = btoa(Array.from(pad.state.pixels, (value) => String.fromCharCode(Math.round(255 * value))).join(""));
    set({ kind: "clothes", about: new Date().toJSON() }, { label: Number(label.value), pixels });
    label.value = "";
    say(_`Kept in this browser, with all that My course saves.`);
  }));
  const remove = button(_`remove it`, () => {
    const thing = chosen;
    choose();
    set(thing, undefined);
    say(_`Removed.`);
    (table.querySelector("button") ?? from.querySelector("button")).focus();
  });

  // Marks the kept one that is on the pad, or none.
  function choose(thing) {
    chosen = thing;
    for (const one of table.querySelectorAll(".own-one")) one.ariaPressed = one.dataset.about === thing?.about;
    remove.hidden = !thing;
  }

  function tabulate() {
    const ours = kept().map((one) => ({ ...one, guess: pad.argmax(forward(one.pixels, pad.state.params).probabilities) }));
    const rows = names.map((name, value) => [name, ours.filter((one) => one.label === value)]).filter(([, own]) => own.length);
    const right = (some) => some.filter((one) => one.guess === one.label).length;
    const focused = document.activeElement?.dataset.about;
    table.hidden = !ours.length;
    table.replaceChildren(made("table", {},
      made("caption", {}, _`Of your own, `, made("b", { textContent: _`${right(ours)} of ${ours.length}` }), _` are right:`),
      made("thead", {}, made("tr", {}, ...[_`it is`, _`yours`, _`right`, _`taken for`].map((textContent) =>
        made("th", { scope: "col", textContent })))),
      made("tbody", {}, ...rows.map(([name, own]) => made("tr", {}, made("th", { scope: "row", textContent: name }),
        made("td", {}, ...own.map(thumb)), made("td", { textContent: _`${right(own)} of ${own.length}` }), made("td", { textContent: takenFor(own) }))))), remove);
    choose(ours.some(({ thing }) => thing.about === chosen?.about) ? chosen : undefined);
    if (focused) table.querySelector(`[data-about="${focused}"]`)?.focus();
  }

  function takenFor(own) {
    const wrong = own.filter((one) => one.guess !== one.label).map((one) => names[one.guess]);
    return [...new Set(wrong)].map((name) => `${name} ${wrong.filter((other) => other === name).length}`).join(", ");
  }

  function thumb({ thing, pixels, label, guess }) {
    const canvas = made("canvas", { width: 28, height: 28 }), isWrong = guess !== label;
    pad.drawImage(canvas, pixels);
    const one = button("", () => {
      give(pixels.slice());
      choose(thing);
    }, isWrong ? _`Your ${names[label]}, taken for ${names[guess]}` : _`Your ${names[label]}`);
    one.className = `own-one${isWrong ? " demo-missed" : ""}`;
    one.dataset.about = thing.about;
    one.append(canvas);
    return one;
  }

  watch(({ kind }) => kind === "clothes" && tabulate());
  new MutationObserver(tabulate).observe(pad.find(".demo-body"), { attributeFilter: ["data-epoch"] }); // another network
  tabulate();
  return { element: made("section", { className: "own", ariaLabel: _`Your own clothes` }, from, says, shown, hand, keep), table, take };
}

// The clothes that are kept, in order: [{thing, label, pixels}], pixels from 0 to 1.
function kept() {
  return all("clothes").filter(([, { value }]) => value).map(([thing, { value: { label, pixels } }]) =>
    ({ thing, label, pixels: new Float32Array(bytesOf(pixels)).map((value) => value / 255) }));
}

// A picture of a step, with the square that is cut out of it.
function stepOf(name, { width, height, values }, square) {
  const canvas = made("canvas", { width, height }), context = canvas.getContext("2d"), image = context.createImageData(width, height);
  new Uint32Array(image.data.buffer).set(Uint32Array.from(values, (value) => 0xff000000 + 0x010101 * value));
  context.putImageData(image, 0, 0);
  if (square) {
    const line = Math.max(1, Math.round(Math.min(width, height) / 40));
    Object.assign(context, { lineWidth: line, strokeStyle: "#ffb000" });
    context.strokeRect(square.left + line / 2, square.top + line / 2, square.side - line, square.side - line);
  }
  return made("li", {}, canvas, made("span", { textContent: name }));
}

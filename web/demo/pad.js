// The demonstration's page: choose or draw an image, and see the network's prediction.

import { copyLink } from "../page/dom.js";
import { choose, forgetNetwork, inUse, networks, rename, watchNetworks } from "../page/networks.js";
import { drawThreads, light, MOTION, pushes, unitAt, wallOf, weightsOf } from "./drawing.js";
import images from "./images.js";
import { bytesOf, cut, forward, inflate, inflated, unpack } from "./network.js";
import trained from "./weights-10.js";

const hasFiles = ({ dataTransfer }) => dataTransfer.types.includes("Files");
const BOOKS = [0, 1, 3, 10]; // epochs
const examples = cut(new Float32Array(await inflate(images.pixels)).map((value) => value / 255), 784);
const signed = (number) => number.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" }).replace("-", "−");

export const demo = {

  weights: { 10: await inflated(trained) }, // by epoch; the others are loaded when they are wanted
  epochs: [...BOOKS],
  past: [],                    // earlier states of the pad, for undo
  future: [],                  // those that were undone, for redo

  state: {
    pixels: new Float32Array(784),
    image: null,               // the number of the chosen image, null for a blank start
    edited: false,             // whether the reader has drawn on it
    isPhoto: false,            // whether it comes from the reader's photograph
    epoch: 10,
    trained: 10,               // the one that was looked at last, but 0
    params: null,              // of that epoch
    brush: "broad",
    cursor: { row: 14, column: 14 },
    unit: null,                // the hidden unit that is looked at
    asked: 0,                  // the one that was looked at last
  },

  /** Builds the page inside `place` and shows the first image. */
  show(place) {
    const { names, labels } = images;
    place.querySelectorAll(":scope > :not(.admonition-title)").forEach((element) => element.remove());
    place.insertAdjacentHTML("beforeend", this.html(names, labels));
    this.find = (selector) => place.querySelector(selector);
    this.findAll = (selector) => [...place.querySelectorAll(selector)];
    this.findAll(".demo-thumb canvas").forEach((canvas, i) => this.drawImage(canvas, examples[i]));
    this.listen();
    this.useEpoch(this.takeYours() ? "yours" : 10);
    watchNetworks((isChoice) => this.changeYours(isChoice));
    this.choose(labels.indexOf(9));
    this.forget();
    this.takeDrawing(location.hash);
  },

  /** Adds the reader's network, if there is one, as the last position of the slider, and says which of them it is. */
  takeYours() {
    const yours = inUse(), [newest, ...others] = networks().reverse();
    const options = networks().reverse().map(({ name }) => new Option(name, name, false, name === yours.name));
    this.weights.yours = yours?.network;
    this.epochs = yours ? [...BOOKS, "yours"] : [...BOOKS];
    this.find(".demo-newest").hidden = !others.length || yours.name !== newest.name;
    this.find(".demo-epochs input").max = this.epochs.length - 1;
    this.find(".demo-marks").innerHTML = this.epochs.map((epoch) => `<span>${epoch}</span>`).join("");
    this.find(".demo-yours").hidden = !yours;
    this.find(".demo-yours select").replaceChildren(...options);
    this.drawCurve(yours?.network.curve ?? []);
    return yours;
  },

  /** The accuracy after each epoch of the reader's network, from the lowest to the highest. It grows while a listing trains. */
  drawCurve(curve) {
    const svg = this.find(".demo-curve"), shares = curve.map(([, share]) => share), low = Math.min(...shares), high = Math.max(...shares);
    const [first] = curve[0] ?? [], [last] = curve.at(-1) ?? [];
    const points = curve.map(([epoch, share]) => `${100 * (epoch - first) / (last - first)} ${28 - 26 * (share - low) / (high - low || 1)}`);
    svg.toggleAttribute("hidden", curve.length < 2);
    svg.firstChild.setAttribute("d", curve.length < 2 ? "" : `M${points.join("L")}`);
    svg.ariaLabel = _`Right of all test images after each epoch: ${shares.map((share) => (100 * share).toFixed(1)).join(", ")} %`;
  },

  /** A listing has reached another epoch, or the reader has chosen, renamed or removed one. An epoch does not take away what is looked at. */
  changeYours(isChoice) {
    const wasYours = this.state.epoch === "yours";
    if (this.takeYours()) (isChoice || wasYours) && this.useEpoch("yours");
    else if (wasYours) this.useEpoch(10);
  },

  /** Asks for another name of the network in use. */
  rename() {
    const given = prompt(_`A name for this network; without one it is called by its training. A network with a name stays; of the others the oldest goes when there are more than five.`, inUse().name);
    if (given !== null && !rename(inUse(), given)) alert(_`Another network has this name.`);
  },

  remove() {
    const { name } = inUse();
    if (!confirm(_`Remove the network "${name}" from this browser? In a file that you saved it stays.`)) return;
    forgetNetwork(inUse());
    this.find(this.takeYours() ? ".demo-yours select" : ".demo-epochs input").focus();
  },

  html(names, labels) {
    const words = { fine: _`fine`, broad: _`broad`, erase: _`erase` };
    const brushes = Object.keys(words).map((brush) => `
      <label><input type="radio" name="demo-brush" value="${brush}" ${brush === this.state.brush ? "checked" : ""}><span>${words[brush]}</span></label>`);
    const bars = names.map((name) => `
      <li><span class="demo-mark"></span><span class="demo-name">${name}</span>
        <span class="demo-bar"><span></span></span><span class="demo-number"></span></li>`);
    const thumb = (i) => `
      <label class="demo-thumb"><input type="radio" name="demo-image" value="${i}"><canvas width="28" height="28"></canvas></label>`;
    const groups = names.map((name, label) => `
      <div class="demo-class"><span aria-hidden="true">${name}</span>
        ${labels.map((of, i) => (of === label ? thumb(i) : "")).join("")}</div>`);
    return `
      <div class="demo-body">
        <p class="demo-damaged" hidden>${_`The link is damaged or was cut off, so its drawing is not here. Copy it again where it comes from.`}</p>
        <p class="demo-verdict"></p>
        <div class="demo-network">
          <div class="demo-input">
            <p class="demo-head"><b>${_`Draw on it`}</b> ${_`784 pixels`}</p>
            <div class="demo-pad">
              <canvas width="28" height="28" tabindex="0" role="application" aria-label="${_`Drawing area, 28 by 28 pixels`}"
                aria-describedby="demo-help"></canvas>
              <span class="demo-cursor"></span>
              <span class="demo-ghost"></span>
            </div>
          </div>
          <div class="demo-tools">
            <fieldset class="one-of"><legend class="demo-unseen">${_`Brush`}</legend>${brushes.join("")}</fieldset>
            <button type="button" class="demo-undo">${_`undo`}</button>
            <button type="button" class="demo-redo">${_`redo`}</button>
            <button type="button" class="demo-clear">${_`clear`}</button>
          </div>
          <div class="demo-gap"><p><b>W1</b> <span>&nbsp;</span></p><svg class="demo-threads" aria-hidden="true"></svg></div>
          <div class="demo-hidden">
            <p class="demo-head"><b>${_`What it looks for`}</b> <span class="demo-units"></span> ${_`hidden units`}<span class="demo-as">${_`, each drawn as its weights`}</span></p>
            <div class="demo-wall"><canvas tabindex="0" role="slider" aria-label="${_`Hidden units`}" aria-valuemin="1"></canvas><span class="demo-ring" hidden></span></div>
          </div>
          <div class="demo-gap"><p><b>W2</b> <span>&nbsp;</span></p><svg class="demo-threads" aria-hidden="true"></svg></div>
          <div class="demo-output">
            <p class="demo-head"><b>${_`What it says`}</b> <span>${_`10 probabilities`}</span></p>
            <ul>${bars.join("")}</ul>
          </div>
          <p class="demo-active"></p>
        </div>
        <div class="demo-top">
          <p class="demo-try">
            <button type="button" class="demo-sleeves">${_`Paint sleeves on a t-shirt`}</button>
            <button type="button" class="demo-before"></button>
            <button type="button" class="demo-nothing">${_`Show it nothing`}</button></p>
          <div class="demo-training">
            <label class="demo-epochs">${_`Trained for`}
              <span><input type="range" min="0" max="3" step="1" value="3"><span class="demo-marks" aria-hidden="true"></span></span>
              <output>${_`10 epochs`}</output></label>
            <button type="button" class="demo-play">${_`Play`}</button>
          </div>
          <p class="demo-yours" hidden><label>${_`yours`} <select></select></label> <span class="demo-newest">${_`the newest of these`}</span>
            <svg class="demo-curve" viewBox="0 0 100 30" preserveAspectRatio="none" role="img"><path/></svg>
            <button type="button" class="demo-rename">${_`rename`}</button> <button type="button" class="demo-remove">${_`remove`}</button></p>
          <p class="demo-score"></p>
        </div>
        <fieldset class="demo-images"><legend>${_`Test images to choose from`} <span>${_`(with a cross: the network is wrong)`}</span></legend>
          <div class="demo-classes">${groups.join("")}</div></fieldset>
        <div class="demo-over">
          <button type="button" class="demo-own">${_`photograph your own`}</button>
          <button type="button" class="demo-link">${_`copy a link`}</button>
          <label>${_`draw over`} <select><option value="">${_`nothing`}</option>
            ${names.map((name, label) => `<option value="${label}">${name}</option>`).join("")}</select></label>
          <details class="demo-help"><summary>${_`How to draw, and how to ask a unit`}</summary>
            <p id="demo-help">${_`Draw on the input with mouse, finger or pen: paint sleeves on a t-shirt, or clear it and draw a bag;`}
            <i>${_`draw over`}</i> ${_`shows you the mean of four. By keyboard: arrow keys move, space paints, Shift with an arrow
            key draws a line, Delete erases, Ctrl Z undoes, Ctrl Y does it again.`}</p>
            <p>${_`Each hidden unit is drawn as its 784 weights: purple where a bright pixel speaks for it, orange where one speaks against
            it, and the stronger the more it says. Point at one, touch it, or move there with the arrow keys: its weights lie over your
            drawing, and each answer shows what the unit adds to its score. Dashed threads take away.`}</p></details>
        </div>
        <p class="demo-unseen demo-said" role="status"></p>
      </div>`;
  },

  listen() {
    const pad = this.find(".demo-pad canvas");
    pad.addEventListener("pointerdown", (event) => this.press(event));
    pad.addEventListener("pointerenter", (event) => event.buttons === 1 && this.press(event));   // a stroke from outside
    pad.addEventListener("pointermove", (event) => this.drag(event));
    pad.addEventListener("lostpointercapture", () => this.release());
    pad.addEventListener("keydown", (event) => this.key(event));
    for (const button of [".demo-clear", ".demo-nothing"]) this.find(button).addEventListener("click", () => this.clear());
    this.find(".demo-sleeves").addEventListener("click", () => this.paintSleeves());
    this.find(".demo-before").addEventListener("click", () => this.showTraining(this.state.epoch === 0 ? this.state.trained : 0));
    const wall = this.find(".demo-wall canvas");
    wall.addEventListener("pointermove", (event) => this.look(unitAt(event, this.state.params.b1.length)));
    wall.addEventListener("pointerdown", (event) => this.look(unitAt(event, this.state.params.b1.length)));
    wall.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.look(null)); // a finger has left at once
    wall.addEventListener("focus", () => this.state.unit ?? this.look(this.state.asked));
    wall.addEventListener("blur", () => this.look(null));
    wall.addEventListener("keydown", (event) => this.lookByKey(event));
    new ResizeObserver(() => this.refresh()).observe(this.find(".demo-network"));
    const drawWall = () => {
      if (!this.state.params) return;
      this.wall = wallOf(this.state.params); // in the colours of the light or dark page
      this.refresh();
    };
    new MutationObserver(drawWall).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").onchange = drawWall;
    this.find(".demo-undo").addEventListener("click", () => this.step(this.past, this.future));
    this.find(".demo-redo").addEventListener("click", () => this.step(this.future, this.past));
    this.find(".demo-body").addEventListener("keydown", (event) => this.undoByKey(event));
    this.find(".demo-play").addEventListener("click", () => this.play());
    this.find(".demo-yours select").addEventListener("change", ({ target }) => choose(target.value));
    this.find(".demo-rename").addEventListener("click", () => this.rename());
    this.find(".demo-remove").addEventListener("click", () => this.remove());
    this.find(".demo-over select").addEventListener("change", () => this.drawGhost());
    this.find(".demo-link").addEventListener("click", ({ target }) => copyLink(target, this.asFragment()));
    addEventListener("hashchange", () => this.takeDrawing(location.hash));
    this.find(".demo-own").addEventListener("click", () => this.photograph());
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault()); // beside it too: a browser would leave the page
    addEventListener("drop", (event) => hasFiles(event) && this.photograph(event, event.dataTransfer.files));
    document.onpaste = (event) => event.clipboardData.files.length && this.photograph(event, event.clipboardData.files);
    this.find(".demo-epochs input").addEventListener("input", ({ target }) => this.showTraining(this.epochs[target.value]));
    this.find(".demo-body").addEventListener("change", ({ target }) => {
      if (target.name === "demo-brush") this.state.brush = target.value;
      if (target.name !== "demo-image") return;
      this.remember();
      this.choose(Number(target.value));
      this.sayVerdict();
    });
  },

  // --- actions of the reader ---

  /** Shows an image of the test set on the pad, or a blank one for null. */
  choose(i) {
    const blank = i === null;
    Object.assign(this.state, { image: i, edited: false, isPhoto: false, pixels: blank ? new Float32Array(784) : examples[i].slice() });
    this.arrives = true;
    this.markChosen();
    this.refresh();
  },

  clear() {
    this.remember();
    this.choose(null);
    this.sayVerdict();
  },

  async showTraining(epoch) {
    this.stopPlaying();
    await this.useEpoch(epoch);
    this.sayVerdict();
  },

  /** Paints long sleeves on the first t-shirt, row by row, which a trained network takes for a pullover. */
  async paintSleeves() {
    if (this.state.epoch === 0) await this.showTraining(this.state.trained);
    this.remember();
    this.choose(0);
    const painting = this.state.pixels; // until something else is on the pad
    for (let row = 6; row < 27; row++) {
      if (MOTION.matches) await new Promise((done) => { setTimeout(done, row === 6 ? 500 : 45); });
      if (this.state.pixels !== painting) return;
      const inwards = row < 9 ? 2 : 0; // at the shoulders
      for (const column of [2, 3, 4, 5]) painting[28 * row + column + inwards] = painting[28 * row + 27 - column - inwards] = 1;
      this.state.edited = true;
      this.refresh();
    }
    this.markChosen();
    this.sayVerdict();
  },

  /** Shows what a hidden unit looks for and says, or none for null. */
  look(unit) {
    if (unit === this.state.unit) return;
    this.state.unit = unit;
    this.state.asked = unit ?? this.state.asked;
    this.drawGhost();
    this.refresh();
  },

  lookByKey(event) {
    const count = this.state.params.b1.length, side = Math.ceil(Math.sqrt(count)), unit = this.state.unit ?? this.state.asked;
    const to = { ArrowLeft: unit - 1, ArrowRight: unit + 1, ArrowUp: unit - side, ArrowDown: unit + side, Home: 0, End: count - 1 }[event.key];
    if (event.key === "Escape") this.look(null);
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();   // the page must not scroll
    this.look(to < 0 || to >= count ? unit : to);
  },

  markChosen() {
    const { image, edited } = this.state;
    this.findAll("[name=demo-image]").forEach((input) => { input.checked = !edited && image !== null && Number(input.value) === image; });
  },

  present() {
    const { pixels, image, edited, isPhoto } = this.state;
    return { pixels: pixels.slice(), image, edited, isPhoto };
  },

  /** Saves the state of the pad for undo. */
  remember() {
    this.past.push(this.present());
    this.future = [];
    this.markSteps();
  },

  /** Undo, from the past to the future, or redo. */
  step(from, to) {
    if (from.length === 0) return;
    to.push(this.present());
    Object.assign(this.state, from.pop());
    this.markSteps();
    this.markChosen();
    this.refresh();
    this.sayVerdict();
  },

  /** The picture as the part of an address that no server sees: a byte for each pixel, in base64. */
  asFragment() {
    const bytes = Array.from(this.state.pixels, (pixel) => String.fromCharCode(Math.round(255 * pixel)));
    return `#drawing=${btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
  },

  /** Shows the picture of such a fragment; a damaged one is said to be so. */
  takeDrawing(fragment) {
    if (!fragment.startsWith("#drawing=")) return;
    const [, text] = fragment.match(/^#drawing=([\w-]{1046})[^\w-]{0,2}$/) ?? [], damaged = this.find(".demo-damaged");
    damaged.hidden = Boolean(text);
    if (!text) return this.say(() => damaged.textContent);
    const bytes = bytesOf(text.replaceAll("-", "+").replaceAll("_", "/"));
    this.remember();
    this.put(Float32Array.from(bytes, (byte) => byte / 255));
  },

  /** Puts a picture of the reader's on the pad. */
  put(pixels, isPhoto = false) {
    Object.assign(this.state, { image: null, edited: true, isPhoto, pixels });
    this.markChosen();
    this.refresh();
    this.sayVerdict();
  },

  /** Shows what makes a picture of a photograph, and gives it the first of the files that an event brings. */
  async photograph(event, files = []) {
    event?.preventDefault();
    try {
      const { open } = await import("./own.js");
      await open(this, files[0]);
    } catch (error) {
      console.error(error);
      this.find(".demo-verdict").textContent = _`This could not be loaded. Press the button to try again.`;
    }
  },

  /** A button without use is disabled. If it has the focus, the pad gets it, so that the keys still work. */
  markSteps() {
    for (const [button, steps] of [[".demo-undo", this.past], [".demo-redo", this.future]]) {
      const element = this.find(button), isFocused = element === document.activeElement;
      element.disabled = steps.length === 0;
      if (element.disabled && isFocused) this.find(".demo-pad canvas").focus({ preventScroll: true });
    }
  },

  forget() {
    this.past = [];
    this.future = [];
    this.markSteps();
  },

  undoByKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) this.step(this.future, this.past);
    else this.step(this.past, this.future);
  },

  /** Shows the network after each number of epochs in turn, for a second; a second press stops it. */
  async play() {
    if (this.playing) return this.stopPlaying();
    const mine = this.playing = {}; // a later press begins another one
    this.find(".demo-play").textContent = _`Stop`;
    for (const epoch of this.epochs) {
      await this.useEpoch(epoch);
      if (epoch !== this.epochs.at(-1)) await new Promise((done) => { setTimeout(done, 1000); });
      if (this.playing !== mine) return;
    }
    this.stopPlaying();
    this.sayVerdict();
  },

  stopPlaying() {
    this.playing = null;
    this.find(".demo-play").textContent = _`Play`;
  },

  /** Shows over the pad, for the reader's eyes only, the weights of the unit that is looked at, or the mean of the four images of a class. */
  drawGhost() {
    const { unit, params } = this.state, label = this.find(".demo-over select").value, ghost = this.find(".demo-ghost");
    const own = examples.filter((_, i) => images.labels[i] === Number(label)), canvas = document.createElement("canvas"), mean = new ImageData(28, 28);
    for (let i = 0; i < 784; i++) mean.data.set([255, 176, 0, own.reduce((sum, pixels) => sum + pixels[i], 0) / own.length * 115], 4 * i);
    canvas.width = canvas.height = 28;
    canvas.getContext("2d").putImageData(unit === null ? mean : weightsOf(params.W1[unit]), 0, 0);
    ghost.style.backgroundImage = unit === null && label === "" ? "" : `url(${canvas.toDataURL()})`;
  },

  /** Switches to the network after `epoch` epochs, whose weights are loaded on first use. */
  async useEpoch(epoch) {
    this.state.epoch = epoch;
    const slider = this.find(".demo-epochs input");
    slider.value = this.epochs.indexOf(epoch);
    slider.ariaValueText = this.find(".demo-epochs output").value = this.nameOf(epoch);
    try {
      this.weights[epoch] ??= await inflated((await import(`./weights-${epoch}.js`)).default);
    } catch {
      this.find(".demo-verdict").textContent = _`These weights could not be loaded. Move the slider to try again.`;
      return;
    }
    if (this.state.epoch !== epoch) return;   // another epoch was chosen meanwhile
    const params = this.state.params = unpack(this.weights[epoch]), count = params.b1.length;
    if (this.state.unit >= count) this.state.unit = null;
    this.state.asked = Math.min(this.state.asked, count - 1);
    this.drawGhost();
    this.wall = wallOf(params);
    this.arrives = true;
    this.state.trained = epoch || this.state.trained;
    this.find(".demo-before").textContent = epoch === 0 ? _`After its training` : _`Before its training`;
    this.find(".demo-body").dataset.epoch = epoch;
    this.markThumbs();
    this.refresh();
  },

  /**
   * Puts what was drawn into the page's own address, so that it is there again after a reload and by the Back key. A photograph
   * isn't: whoever sends the address on need not know that it has the picture. After a pause, because Safari allows few changes.
   */
  keepInAddress() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => {
      const { edited, isPhoto } = this.state, { pathname, search, hash } = location;
      if (edited && !isPhoto) history.replaceState(history.state, "", this.asFragment());
      else if (hash.startsWith("#drawing=")) history.replaceState(history.state, "", pathname + search);
    }, 300);
  },

  /** A position of the slider in words: "3 epochs", or "yours, 10 epochs" for the network that the reader has trained. */
  nameOf(epoch) {
    const count = epoch === "yours" ? this.weights.yours.epochs : epoch;
    const words = count === undefined ? [] : [count === 1 ? _`1 epoch` : _`${count} epochs`];
    return [...(epoch === "yours" ? [_`yours`] : []), ...words].join(", ");
  },

  press(event) {
    if (this.drawing) return;
    event.target.setPointerCapture(event.pointerId);
    this.drawing = true;
    this.remember();
    this.state.last = this.pixelAt(event);
    this.paint(this.state.last);
  },

  /** Paints along the line from the pointer's last position, which may be several pixels away. */
  drag(event) {
    if (!event.target.hasPointerCapture(event.pointerId)) return;
    const from = this.state.last, to = this.pixelAt(event);
    const steps = Math.ceil(Math.hypot(to.row - from.row, to.column - from.column)) * 2 || 1;
    for (let k = 1; k <= steps; k++) {
      const along = (a, b) => a + (b - a) * k / steps;
      this.paint({ row: along(from.row, to.row), column: along(from.column, to.column) });
    }
    this.state.last = to;
  },

  release() {
    this.drawing = false;
    this.sayVerdict();
  },

  pixelAt({ clientX, clientY, target }) {
    const box = target.getBoundingClientRect();
    return { row: (clientY - box.top) / box.height * 28 - 0.5, column: (clientX - box.left) / box.width * 28 - 0.5 };
  },

  key(event) {
    const cursor = this.state.cursor;
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    const moved = down || right, erase = event.key === "Delete" || event.key === "Backspace", paints = event.key === " ";
    if (event.ctrlKey || event.metaKey || event.altKey || !(moved || erase || paints)) return;
    event.preventDefault();   // the page must not scroll
    cursor.row = Math.min(Math.max(cursor.row + down, 0), 27);
    cursor.column = Math.min(Math.max(cursor.column + right, 0), 27);
    if (erase || paints || event.shiftKey) this.remember();
    if (erase) this.paint(cursor, "erase");
    else if (paints || event.shiftKey) this.paint(cursor);
    else this.say(() => _`Row ${cursor.row + 1}, column ${cursor.column + 1}`);
    this.placeCursor();
  },

  /** Paints a soft round dab: full at its centre, fading over its last pixel. */
  paint({ row, column }, brush = this.state.brush) {
    const radius = brush === "fine" ? 0.8 : 1.8, pixels = this.state.pixels;
    for (let i = 0; i < 784; i++) {
      const distance = Math.hypot(Math.floor(i / 28) - row, i % 28 - column);
      const ink = Math.min(Math.max(radius + 0.5 - distance, 0), 1);
      const value = brush === "erase" ? Math.min(pixels[i], 1 - ink) : Math.max(pixels[i], ink);
      pixels[i] = Math.round(255 * value) / 255;   // 256 shades, as in the data set
    }
    this.state.edited = true;
    this.markChosen();
    this.refresh();
    this.sayVerdict();
  },

  // --- display ---

  /** Schedules one render before the next frame, even if called several times. */
  refresh() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.state.params) this.render();
    });
  },

  render() {
    const { pixels, params, unit } = this.state, { hidden, probabilities } = forward(pixels, params);
    this.drawImage(this.find(".demo-pad canvas"), pixels);
    this.placeCursor();
    this.keepInAddress();
    light(this.find(".demo-wall canvas"), this.wall, hidden);
    this.drawBars(probabilities, unit === null ? null : pushes(unit, hidden, params));
    this.sayUnits(hidden);
    drawThreads(this.find(".demo-network"), { hidden, probabilities, params, unit, arrives: this.arrives });
    this.arrives = false;
    this.find(".demo-verdict").innerHTML = this.verdict(probabilities);
  },

  /** White on black, like the images of the data set. */
  drawImage(canvas, pixels) {
    const context = canvas.getContext("2d"), image = context.createImageData(28, 28);
    pixels.forEach((value, i) => image.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i));
    context.putImageData(image, 0, 0);
  },

  placeCursor() {
    const { row, column } = this.state.cursor, style = this.find(".demo-cursor").style;
    style.top = `${row / 28 * 100}%`;
    style.left = `${column / 28 * 100}%`;
  },

  /** Says what the unit that is looked at says, or how many say something. */
  sayUnits(hidden) {
    const { unit, asked } = this.state, wall = this.find(".demo-wall canvas"), ring = this.find(".demo-ring");
    const side = Math.ceil(Math.sqrt(hidden.length)), active = hidden.filter((value) => value > 0).length;
    const count = _`${active} of ${hidden.length} say something`, said = unit === null ? count : this.unitSays(unit, hidden);
    this.find(".demo-units").textContent = hidden.length;
    this.findAll(".demo-gap span").forEach((span, i) => { span.textContent = ([784, 10][i] * hidden.length).toLocaleString("en"); });
    this.find(".demo-active").textContent = said;
    Object.assign(wall, { ariaValueMax: hidden.length, ariaValueNow: asked + 1, ariaValueText: said });
    ring.hidden = unit === null;
    Object.assign(ring.style, { width: `${100 / side}%`, left: `${100 / side * (unit % side)}%`, top: `${100 / side * Math.floor(unit / side)}%` });
  },

  unitSays(unit, hidden) {
    const added = pushes(unit, hidden, this.state.params), name = (push) => images.names[added.indexOf(push)];
    const [most, least] = [Math.max(...added), Math.min(...added)];
    return hidden[unit] === 0 ? _`Unit ${unit + 1} is silent: little of what it looks for is there.`
      : _`Unit ${unit + 1} says ${hidden[unit].toFixed(1)}: most for ${name(most)}, ${signed(most)}, and most against ${name(least)}, ${signed(least)}.`;
  },

  /** The probabilities, and beside them as numbers these, or what a unit adds to each score. */
  drawBars(probabilities, added) {
    const guess = this.argmax(probabilities), truth = this.truth();
    this.find(".demo-output .demo-head span").textContent = added ? _`what unit ${this.state.unit + 1} adds to each score` : _`10 probabilities`;
    this.findAll(".demo-output li").forEach((row, label) => {
      row.classList.toggle("demo-guess", label === guess);
      row.classList.toggle("demo-truth", label === truth);
      row.querySelector(".demo-bar span").style.transform = `scaleX(${probabilities[label].toFixed(4)})`;
      row.querySelector(".demo-number").textContent = added ? signed(added[label]) : this.percent(probabilities[label]);
    });
  },

  verdict(probabilities) {
    const { image, edited, isPhoto } = this.state, { names } = images;
    const guess = this.argmax(probabilities), truth = this.truth();
    const sentence = _`The network says <b>${names[guess]}</b>, ${this.percent(probabilities[guess])}.`;
    if (truth !== null) {
      return truth === guess ? _`${sentence} <span class="demo-right">Right.</span>`
        : _`${sentence} <span class="demo-wrong">Wrong: the label is ${names[truth]}.</span>`;
    }
    return `${sentence} <span>${isPhoto ? _`Your photograph.` : image !== null ? _`You changed the image.` : !edited ? _`The image is blank.`
      : this.isOutline() ? _`Fill it: it knows no outlines.` : _`It is a drawing.`}</span>`;
  },

  /** Whether the strokes enclose as much empty space as they cover: the pixels that can't be reached from the edge. */
  isOutline() {
    const free = [...this.state.pixels].map((value) => value < 0.3), ink = free.filter((is) => !is).length;
    const next = free.map((_, i) => i).filter((i) => i < 28 || i >= 756 || i % 28 === 0 || i % 28 === 27);
    while (next.length) {
      const i = next.pop();
      if (!free[i]) continue;
      free[i] = false;
      next.push(i - 28, i + 28, ...(i % 28 > 0 ? [i - 1] : []), ...(i % 28 < 27 ? [i + 1] : []));
    }
    return free.filter(Boolean).length > 0.5 * ink;
  },

  /** Marks the test images that the present network classifies wrongly, and counts the others. */
  markThumbs() {
    const { names, labels } = images, { epoch, params } = this.state;
    const guesses = examples.map((pixels) => this.argmax(forward(pixels, params).probabilities));
    this.findAll(".demo-thumb").forEach((thumb, i) => {
      const wrong = guesses[i] !== labels[i];
      thumb.classList.toggle("demo-missed", wrong);
      thumb.firstElementChild.setAttribute("aria-label",
        `${names[labels[i]]} ${i % 4 + 1}${wrong ? _`, taken for ${names[guesses[i]]}` : ""}`);
    });
    const right = guesses.filter((guess, i) => guess === labels[i]).length;
    const { accuracy } = this.weights[epoch];   // unknown for a network that the reader has trained without measuring it
    this.find(".demo-score").innerHTML = _`Right on <b>${right}</b> of the ${labels.length} images below`
      + (accuracy === undefined ? "" : _` and <b>${this.percent(accuracy)}</b> of all 10,000 test images`);
  },

  /** The label of the image on the pad, or null if the reader has drawn on it. */
  truth() {
    return this.state.image === null || this.state.edited ? null : images.labels[this.state.image];
  },

  argmax(values) {
    return values.indexOf(Math.max(...values));
  },

  percent(share) {
    return `${(100 * share).toFixed(1)}\u00a0%`;
  },

  sayVerdict() {
    this.say(() => this.find(".demo-verdict").textContent);
  },

  /** Announces a text to screen readers, after a pause in the reader's actions; a stroke has no pauses, however slow it is. */
  say(text) {
    clearTimeout(this.timer);
    if (!this.drawing) this.timer = setTimeout(() => { this.find(".demo-said").textContent = text(); }, 800);
  },
};

export const show = (place) => demo.show(place);

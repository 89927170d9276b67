// What a listing prints and draws, in the place of its stored output.

const CLASSES = { stdout: "stream", stderr: "stream stderr", result: "text_plain", error: "traceback" };

export function makeOutput(listing) {
  let place = listing.cell.querySelector(":scope > .cell_output");
  const stored = place ? [...place.childNodes] : [];
  const figures = stored.flatMap((node) => (node.querySelectorAll ? [...node.querySelectorAll("img")] : []));
  let waiting = [], timer, old, drawn;

  listing.startOutput = () => {
    if (!place) {
      place = document.createElement("div");
      place.className = "cell_output";
      listing.cell.append(place);
    }
    place.classList.add("old"); // until something comes in its place
    old = true;
    drawn = 0;
  };

  // In batches, for a listing that prints faster than a page can be drawn.
  listing.addOutput = (kind, text) => {
    const last = waiting.at(-1);
    if (last?.kind === kind && kind.startsWith("std")) last.text += text;
    else waiting.push({ kind, text });
    timer ??= setTimeout(draw, 40);
  };

  listing.finishOutput = () => {
    draw();
    if (old) clear();
  };

  listing.restoreOutput = () => {
    place?.replaceChildren(...stored);
    place?.classList.remove("old");
  };

  function clear() {
    place.replaceChildren();
    place.classList.remove("old");
    old = false;
  }

  function draw() {
    clearTimeout(timer);
    timer = undefined;
    if (old && waiting.length) clear();
    for (const { kind, text } of waiting) {
      if (kind === "figure") place.append(figure(text));
      else if (CLASSES[kind]) addText(kind, text);
    }
    waiting = [];
  }

  function addText(kind, text) {
    let block = place.lastElementChild;
    if (!kind.startsWith("std") || block?.dataset.kind !== kind) {
      block = document.createElement("div");
      block.className = `output ${CLASSES[kind]}`;
      block.dataset.kind = kind;
      block.innerHTML = '<div class="highlight"><pre></pre></div>';
      place.append(block);
    }
    block.querySelector("pre").append(text);
  }

  // As a picture of its own, which can't run a script; under the caption of the one that it replaces.
  function figure(svg) {
    const was = figures[drawn++];
    const img = document.createElement("img");
    img.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    img.alt = !was ? "A figure that this listing has drawn, without a description."
      : listing.code === listing.original ? was.alt : `Drawn by the edited listing. The original's figure: ${was.alt}`;
    const size = svg.match(/<svg[^>]* width="([\d.]+)pt"/), tall = svg.match(/<svg[^>]* height="([\d.]+)pt"/);
    if (size && tall) [img.width, img.height] = [size[1] * 4 / 3, tall[1] * 4 / 3].map(Math.round);
    const frame = was?.closest("figure");
    if (!frame) {
      const block = document.createElement("div");
      block.className = "output image_svg";
      block.append(img);
      return block;
    }
    const copy = frame.cloneNode(true);
    copy.querySelector("img").replaceWith(img);
    return copy;
  }
}

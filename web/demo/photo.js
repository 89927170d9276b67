// A photograph on its way to an image as the network knows them, step by step. utils/photo.py takes the same steps in Python. Both reckon
// in whole numbers, so that both get the same image from the same pixels.

const LEAST = 28, ENOUGH = 140; // a photograph whose shorter side has twice ENOUGH pixels or more is made smaller first
const AT_ONCE = 2e6; // pixels that are looked at together, because a phone has little room for them

export class Unread extends Error {} // its message is a sentence for the reader

// The grey levels of a file, {width, height, values}. Raises Unread.
export async function read(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    const isHeic = /hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name);
    throw new Unread(isHeic ? _`This browser can't read HEIC: save the photograph as JPEG, or take it with the button.`
      : _`This file can't be read as a picture: it is damaged, or of a kind that this browser doesn't know.`);
  }
  const { width, height } = bitmap, k = Math.max(1, Math.floor(Math.min(width, height) / ENOUGH));
  try {
    if (Math.min(width, height) < LEAST) throw new Unread(_`A photograph has at least ${LEAST} pixels in each direction, and this has ${width} × ${height}.`);
    return smaller(bitmap, k);
  } finally {
    bitmap.close();
  }
}

// The mean of each block of k × k pixels, as seen by an eye: green counts most. What is transparent lies on white.
function smaller(bitmap, k) {
  const width = Math.floor(bitmap.width / k), height = Math.floor(bitmap.height / k), values = new Uint8Array(width * height);
  const rows = Math.min(height, Math.max(1, Math.floor(AT_ONCE / bitmap.width / k)));
  const canvas = Object.assign(document.createElement("canvas"), { width: width * k, height: rows * k });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top), sums = new Float64Array(width * count);
    context.fillStyle = "white";
    context.fillRect(0, 0, width * k, count * k);
    context.drawImage(bitmap, 0, top * k, width * k, count * k, 0, 0, width * k, count * k);
    const { data } = context.getImageData(0, 0, width * k, count * k);
    for (let y = 0, i = 0; y < count * k; y++) {
      for (let x = 0; x < width * k; x++, i += 4) {
        sums[Math.floor(y / k) * width + Math.floor(x / k)] += Math.floor((299 * data[i] + 587 * data[i + 1] + 114 * data[i + 2] + 500) / 1000);
      }
    }
    values.set(sums.map((sum) => Math.floor((sum + Math.floor(k * k / 2)) / (k * k))), width * top);
  }
  return { width, height, values };
}

// The square of {width, height} that is cut out: as large as `size` percent of the shorter side, `across` and `down` percent from the left
// and the top of what room there is.
export function squareOf({ width, height }, { size, across, down }) {
  const side = Math.max(LEAST, Math.floor(Math.min(height, width) * size / 100));
  return { side, left: Math.floor((width - side) * across / 100), top: Math.floor((height - side) * down / 100) };
}

// Each step by its name, square pictures of bytes; the last is "28 x 28". by: what can be changed by hand, as in utils/photo.py.
export function steps(grey, by) {
  const { side, left, top } = squareOf(grey, by), at = (i) => (top + Math.floor(i / side)) * grey.width + left + i % side;
  let square = Uint8Array.from({ length: side * side }, (_, i) => grey.values[at(i)]);
  const made = { square };
  if (by.inverted ?? border(square, side) >= 128) square = made.inverted = square.map((value) => 255 - value);
  const ground = border(square, side) + by.take_off;
  square = made["background off"] = square.map((value) => Math.max(value - ground, 0));
  if (by.stretched) {
    const brightest = Math.max(1, square.slice().sort()[Math.floor(side * side * 99 / 100)]); // of 100 pixels one may be brighter
    square = made.stretched = square.map((value) => Math.min(Math.floor(value * 255 / brightest), 255));
  }
  made["28 x 28"] = shrunk(square, side);
  return made;
}

// The grey level in the middle of those of the outermost pixels, in order.
function border(square, side) {
  const outermost = square.filter((_, i) => i < side || i >= side * (side - 1) || i % side === 0 || i % side === side - 1).sort();
  return outermost[Math.floor(outermost.length / 2)];
}

// The mean of the part of a square that lies in each of 28 × 28. A pixel is 28 parts wide, and so many lie in one of 28 as it has pixels.
function shrunk(square, side) {
  const sums = new Float64Array(28 * 28), shares = Array.from({ length: side }, (_, pixel) => {
    const first = Math.floor(pixel * 28 / side), inFirst = Math.min(28, (first + 1) * side - 28 * pixel);
    return inFirst < 28 ? [[first, inFirst], [first + 1, 28 - inFirst]] : [[first, 28]];
  });
  square.forEach((value, i) => {
    if (value === 0) return;
    for (const [row, high] of shares[Math.floor(i / side)]) {
      for (const [column, wide] of shares[i % side]) sums[28 * row + column] += value * high * wide;
    }
  });
  return Uint8Array.from(sums, (sum) => Math.floor((sum + Math.floor(side * side / 2)) / (side * side)));
}

// The course's network in JavaScript, one image at a time: utils/network.py, with loops instead of NDArrays.

/** Inflated weights of weights-N.js, or those that the reader has trained, as numbers. W1 and W2 are lists of columns, one for each unit of their layer. */
export function unpack(stored) {
  const numbers = ({ scale, bytes, whole = new Int8Array(bytesOf(bytes).buffer) }) => {
    const scaled = new Float32Array(whole.length);
    for (let i = 0; i < whole.length; i++) scaled[i] = scale * whole[i];
    return scaled;
  };
  const [W1, b1, W2, b2] = [stored.W1, stored.b1, stored.W2, stored.b2].map(numbers);
  return { W1: cut(W1, 784), b1, W2: cut(W2, b1.length), b2 };
}

/** What weights-N.js exports, with the whole numbers of each array in the place of the text that holds them. */
export async function inflated({ accuracy, ...arrays }) {
  const parts = Object.entries(arrays).map(async ([name, { scale, packed }]) => [name, { scale, whole: new Int8Array((await inflate(packed)).buffer) }]);
  return { accuracy, ...Object.fromEntries(await Promise.all(parts)) };
}

/** The bytes in a text in base64. A loop takes a tenth of the time of Uint8Array.from with a function. */
export function bytesOf(text) {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** The bytes that tools/demonstration.py has packed into a text. */
export async function inflate(text) {
  const bytes = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(bytes).arrayBuffer());
}

/** Splits an array into pieces of `size`. */
export function cut(array, size) {
  return Array.from({ length: array.length / size }, (_, i) => array.slice(size * i, size * (i + 1)));
}

/** x W + b: for each unit, the sum of its inputs times its weights, plus its bias. */
function layer(x, W, b) {
  return W.map((column, j) => {
    let sum = b[j];
    for (let i = 0; i < x.length; i++) sum += x[i] * column[i];
    return sum;
  });
}

const relu = (x) => x.map((value) => Math.max(value, 0));

function softmax(scores) {
  const largest = Math.max(...scores);   // subtracted so that exp does not overflow
  const e = scores.map((score) => Math.exp(score - largest));
  const sum = e.reduce((a, b) => a + b);
  return e.map((value) => value / sum);
}

/** The activations of the hidden layer and the probabilities of the classes for 784 pixels between 0 and 1. */
export function forward(pixels, { W1, b1, W2, b2 }) {
  const hidden = relu(layer(pixels, W1, b1));
  return { hidden, probabilities: softmax(layer(hidden, W2, b2)) };
}

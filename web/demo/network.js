// The course's network in JavaScript, one image at a time: what utils/network.py does with NDArrays, written as loops.
"use strict";

Object.assign(mlpDemo, {

  /** The numbers in one line of letters: each letter is a whole number, "B" is 0 and "C" is 1, and counts so many steps. */
  dequantise(letters, step) {
    return Float32Array.from(letters, (letter) => (letter.charCodeAt(0) - 66) * step);
  },

  /** The parameters of weights-N.js as numbers. W1 and W2 are lists of columns, one for each unit of their layer. */
  unpack({ W1, b1, W2, b2 }) {
    const numbers = ({ values, step }) => Float32Array.from(values, (value) => value * step);
    const rows = numbers(W2);   // one after the other, 10 numbers each
    return {
      W1: W1.letters.map((line) => this.dequantise(line, W1.step)),
      b1: numbers(b1),
      W2: b2.values.map((_, j) => rows.filter((_, k) => k % b2.values.length === j)),
      b2: numbers(b2),
    };
  },

  /** x W + b: for each unit, the sum of its inputs times its weights, plus its bias. */
  layer(x, W, b) {
    return W.map((column, j) => {
      let sum = b[j];
      for (let i = 0; i < x.length; i++) sum += x[i] * column[i];
      return sum;
    });
  },

  relu(x) {
    return x.map((value) => Math.max(value, 0));
  },

  softmax(scores) {
    const largest = Math.max(...scores);   // taken out so that exp does not overflow
    const e = scores.map((score) => Math.exp(score - largest));
    const sum = e.reduce((a, b) => a + b);
    return e.map((value) => value / sum);
  },

  /** From 784 pixels between 0 and 1 to the activations of the hidden layer and the probabilities of the classes. */
  forward(pixels, { W1, b1, W2, b2 }) {
    const hidden = this.relu(this.layer(pixels, W1, b1));
    const probabilities = this.softmax(this.layer(hidden, W2, b2));
    return { hidden, probabilities };
  },
});

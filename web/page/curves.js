// The curves that readers draw before a listing prints them, by the class of the box above it.

import { plug } from "./plugs.js";

plug("curves", () => ({
  "test-accuracy": {
    name: _`test accuracy`, over: _`epoch`, pattern: /epoch +(\d+).*test[^\d\n]*([\d.]+)/g, ticks: [0.8, 0.82, 0.84, 0.86, 0.88, 0.9], digits: 3,
  },
  "validation-loss": {
    name: _`validation loss`, over: _`epoch`, pattern: /epoch +(\d+).*validation: loss ([\d.]+)/g, ticks: [0, 0.25, 0.5, 0.75, 1], digits: 2,
  },
}));

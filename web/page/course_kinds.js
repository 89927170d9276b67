// What this course keeps of a reader that no other book does, for the file of My course.

import { plug } from "./plugs.js";
import { isNetwork } from "./networks.js";

const isClass = (value) => Number.isInteger(value) && value >= 0 && value < 10;
const isImage = (value) => typeof value === "string" && /^[A-Za-z0-9+/]{1046}==$/.test(value); // 784 bytes, as demo/own.js keeps them

plug("kinds", ({ hasOnly, isDate, isLabel }) => ({
  network: { about: isLabel, value: isNetwork },
  "network chosen": { value: isLabel },
  clothes: { about: isDate, value: (value) => hasOnly(value, { label: isClass, pixels: isImage }) },
}));
plug("keeps", () => _`the networks that you named or trained last, the pictures of your own clothes, `);

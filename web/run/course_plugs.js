// What this course does while listings run: a network that they train is kept, the one in use is there for chapter 7, and once all functions
// are the reader's, the whole network is shown.

import { inUse, keepTrained } from "../page/networks.js";
import { isOff } from "./functions.js";
import { plug } from "../page/plugs.js";

const FILE = "mynetwork.npz"; // as use_network writes the reader's
let network; // the reader's that Python has, if it has one

plug("starts", () => {
  network = isOff() ? undefined : inUse();
  return network ? [["use_network", [JSON.stringify(network.network)]]] : [];
});

// A network after an epoch. What comes from Python may be forged.
plug("heard", (kind, text) => {
  if (kind !== "network") return false;
  try {
    keepTrained(JSON.parse(text));
  } catch {}
  return true;
});

plug("doubts", (codes) => (network && codes.some((code) => code.includes(FILE)) ? _` It looks into your network, ${network.name}.` : ""));

plug("otherDigits", () => _` The book's are MXNet's; in the page the course's own engine computes, which adds in another order, and in training `
  + _`such a difference grows.`);

plug("isRight", (name, code) => {
  const done = name === "softmax_cross_entropy" ? "log_softmax" : name;
  return code.includes(`.${done}(`) ? _` But nd.${done} does all of it. Write it without.` : "";
});

// If the script does not arrive, another page says so, too.
plug("allWritten", (place, alone) => import("./whole.js").then(({ showWhole }) => showWhole(place, alone), () => {}));

// The fonts that pages load, as subsets of those in npm's packages: without hinting, with the characters that the course uses. A test
// tells when a formula needs one that is missing.

import { readFile, writeFile } from "node:fs/promises";
import subset from "subset-font";

const CHARACTERS = { // as ranges of Unicode
  iosevka: "20-7E A0 A7 B0-B3 B7 D7 E0 E9 2013-2014 2018-2019 201C-201D 2026 2190 2192 2194 2212 25B6 2713 2717",
  "stix-two-math":
    "20-7E A0 AC AF B1 B7 D7 F7 2C6 391-3A1 3A3-3C9 3D1 3D5 3F5 2016 2026 2032-2033 2061 2063 2102 210E 2112 2115 211D 2124 212C " +
    "2130-2131 2190-2194 21A6 21D2 21D4 2200 2202-2205 2207-2209 220B-220C 220F 2211-2213 2217-2218 221A 221D-221E 2223 2225 2227-222B " +
    "223C-223D 2248 2260-2261 2264-2265 226A-226B 2282-2283 2286-2287 2295 2297 2299 22A4-22A5 22C5 22EE-22F1 2308-230B 23DE-23DF " +
    "27E8-27E9 1D400-1D454 1D456-1D467 1D49C 1D49E-1D49F 1D4A2 1D4A5-1D4A6 1D4A9-1D4AC 1D4AE-1D4B5 1D53C 1D6C2-1D6DA 1D6FC-1D71B " +
    "1D7CE-1D7D7 1D7D9",
};

function inRanges(ranges) {
  const pairs = ranges.split(" ").map((range) => range.split("-").map((code) => parseInt(code, 16)));
  return pairs.flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i))).join("");
}

for (const [name, ranges] of Object.entries(CHARACTERS)) {
  const font = await readFile(`node_modules/@fontsource/${name}/files/${name}-latin-400-normal.woff2`);
  const small = await subset(font, inRanges(ranges), { targetFormat: "woff2", keepFeatures: [], noHinting: true });
  await writeFile(`../theme/static/${name}.woff2`, small);
}

/**
 * The pictures of `moved.py`, computed and styled by the page's modules: prints what differs, but
 * for digits, which are counted: functions and sums are rounded otherwise here.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { readArray } from "../../nbgrad/widgets/static/arrays.js";
import { Program } from "../../nbgrad/widgets/static/program.js";
import { styled } from "../../nbgrad/widgets/static/template.js";

const DIGITS = /[+−-]?\d+(\.\d+)?(e[+−-]?\d+)?/g;
const NAMES = ["text", "class", "since", "until", "width", "tint", "title", "cells"];
const found = { styles: 0, digits: 0, flips: [] };

const arrays = (moved) =>
  Object.fromEntries(Object.entries(moved).map(([label, json]) => [label, readArray(json)]));
const words = ([text, look, since, until, , , title]) =>
  [text, look, since, until, title].join("\n").replace(DIGITS, "#");

for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const { name, program, moves } = JSON.parse(line);
  const engine = moves.length && new Program(program);
  for (const { inputs, seeds, stopped, view } of moves) {
    const trace = engine.run({ inputs: arrays(inputs), seeds: arrays(seeds), stopped });
    const { styles } = styled(view, trace);
    for (const [id, python] of Object.entries(view.styles)) {
      const page = NAMES.map((each) => styles[id]?.[each]);
      found.styles++;
      if (words(page) !== words(python)) {
        found.flips.push({ name, view: view.name, id, page, python });
      } else if (page[0] !== python[0]) {
        found.digits++;
      }
    }
  }
}
console.log(JSON.stringify(found));

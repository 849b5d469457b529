/**
 * Runs kernels of the page on cases that Python wrote: `node run_kernels.js cases.json found.json`.
 *
 * A case is `[type, operands, attributes]`; what is found for it, a list of arrays, or an error's
 * message.
 */

import { readFileSync, writeFileSync } from "node:fs";

import { readArray } from "../../nbgrad/widgets/static/arrays.js";
import { KERNELS } from "../../nbgrad/widgets/static/program.js";

const [, , from, to] = process.argv;
const cases = JSON.parse(readFileSync(from, "utf-8"));

function written({ dtype, shape, data }) {
  const elements = [...data].map((each) => (Number.isFinite(each) ? each : String(each)));
  return { dtype, shape, elements };
}

function outcome([type, operands, attributes]) {
  try {
    const found = KERNELS[type](operands.map(readArray), attributes);
    return [found].flat().map(written);
  } catch (error) {
    return error.message;
  }
}

writeFileSync(to, JSON.stringify({ types: Object.keys(KERNELS), found: cases.map(outcome) }));

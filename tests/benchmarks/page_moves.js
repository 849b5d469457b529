/**
 * Times moves in the page: reads programs from a file, a line of JSON each, and prints the seconds
 * of the fastest of many moves of each, from the inputs to the Trace.
 */

import { readFileSync } from "node:fs";

import { Program } from "../../nbgrad/widgets/static/program.js";

const ROUNDS = 300;

const lines = readFileSync(process.argv[2], "utf-8").trim().split("\n");
const found = lines.map((line) => {
  const program = new Program(JSON.parse(line));
  const times = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    program.run();
    return performance.now() - began;
  });
  return Math.min(...times) / 1000;
});
console.log(JSON.stringify(found));

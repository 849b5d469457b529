/**
 * The page's engine against Python: reads the lines that `cases.py` writes, from a file or as they
 * come, and prints a line of JSON, `{graphs, moves, refused, calls, inexact, styles, flips,
 * mismatches}`.
 */

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { compareCase, tally } from "./comparing.js";

const path = process.argv[2] ?? "-";
const input = path === "-" ? process.stdin : createReadStream(path);
for await (const line of createInterface({ input })) compareCase(JSON.parse(line));
process.stdout.write(`${JSON.stringify(tally)}\n`);

/**
 * The numbers of `written_numbers.py`, written again by the page's module: prints what differs.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { everyDigit, short } from "../../nbgrad/widgets/static/numbers.js";

let count = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const [dtype, number, room, text, digits] = JSON.parse(line);
  const found = [short(Number(number), room), everyDigit(Number(number), dtype)];
  if (found[0] !== text || found[1] !== digits) {
    console.log(JSON.stringify({ dtype, number, room, page: found, python: [text, digits] }));
  }
  count++;
}
console.log(JSON.stringify({ count }));

/**
 * The styles of `styles.py`, made again by the page's modules: prints what differs.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { styled } from "../../nbgrad/widgets/static/template.js";
import { Trace } from "../../nbgrad/widgets/static/trace.js";

const NAMES = ["text", "class", "since", "until", "width", "tint", "title", "cells"];

let count = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const { name, trace: json, views } = JSON.parse(line);
  const trace = Trace.fromJson(json);
  for (const view of views) {
    const { styles } = styled(view, trace);
    for (const [id, python] of Object.entries(view.styles)) {
      const page = NAMES.map((each) => styles[id]?.[each]);
      if (JSON.stringify(page) !== JSON.stringify(python)) {
        console.log(JSON.stringify({ name, view: view.name, id, page, python }));
      }
      count++;
    }
  }
}
console.log(JSON.stringify({ count }));

/**
 * The styles of `styles.py`, made again by the page's modules: prints what differs.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { factsOf } from "../../nbgrad/widgets/static/facts.js";
import { FORMS } from "../../nbgrad/widgets/static/forms.js";
import "../../nbgrad/widgets/static/map_forms.js";
import "../../nbgrad/widgets/static/overview_forms.js";
import "../../nbgrad/widgets/static/road_forms.js";
import { Trace } from "../../nbgrad/widgets/static/trace.js";

const NAMES = ["text", "class", "since", "until", "width", "tint", "title", "cells"];

let count = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) {
  const { name, trace, rules, styles } = JSON.parse(line);
  const facts = factsOf(Trace.fromJson(trace), rules);
  rules.forEach(([id, form, of, options], n) => {
    if (!FORMS[form]) return;
    const found = FORMS[form](facts, of, options);
    const asList = NAMES.map((each) => found[each]);
    if (JSON.stringify(asList) !== JSON.stringify(styles[n])) {
      console.log(JSON.stringify({ name, id, form, page: asList, python: styles[n] }));
    }
    count++;
  });
}
console.log(JSON.stringify({ count }));

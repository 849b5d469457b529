/** The code lines of the page, for `test_code_line.py`: reads cases from a file, writes JSON. */
import { readFileSync, writeFileSync } from "node:fs";

const STATIC = new URL("../../nbgrad/widgets/static/", import.meta.url);
const { codeLine } = await import(new URL("code_line.js", STATIC));
const { Trace } = await import(new URL("trace.js", STATIC));

const [input, output] = process.argv.slice(2);
const lines = JSON.parse(readFileSync(input, "utf8")).map(
  ({ call, trace, stopped }) => codeLine(call, Trace.fromJson(trace), stopped).text,
);
writeFileSync(output, JSON.stringify(lines));

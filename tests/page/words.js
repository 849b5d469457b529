/**
 * What the page says of traces, for `test_words.py`: reads cases from a file, writes JSON.
 */
import { readFileSync, writeFileSync } from "node:fs";

const STATIC = new URL("../../nbgrad/widgets/static/", import.meta.url);
const load = (name) => import(new URL(name, STATIC));
const { cellTable } = await load("microscope.js");
const { short } = await load("numbers.js");
const { textOfParts } = await load("line_parts.js");
const { HINTS, stepLine } = await load("step_line.js");
const { folded } = await load("folding.js");
const { Trace } = await load("trace.js");
const { comparedLines, firstChanged, whyLine } = await load("why.js");
const words = await load("words.js");

const every = (object, f) => Object.fromEntries(Object.entries(object).map(f));

function said({ trace, whole, cells, folds }) {
  const run = Trace.fromJson(trace);
  const steps = run.steps.map((_, index) => index + 1);
  return {
    headline: words.headline(run),
    sentences: steps.map((k) => textOfParts(stepLine(run, k))),
    end: words.endLine(run),
    lines: steps.map((k) => stepLine(run, k)),
    why: every(Object.fromEntries(run.nodes.map(({ id }) => [id, id])), ([id]) => [id, whyLine(run, id)]),
    compared: whole ? compared(Trace.fromJson(whole), run) : null,
    cells: cells.map(([node, index, lane]) => table(run, node, index, lane)),
    folded: folds.map((each) => seenWith(each, run)),
  };
}

function compared(whole, run) {
  const changed = firstChanged(whole, run);
  return { changed, lines: whole.xs.map((x) => comparedLines(whole, run, x)) };
}

function table(run, node, index, lane) {
  const { value, rest, ...others } = cellTable(run, node, index, lane);
  return { ...others, value: number(value), rest: [rest.count, short(rest.total)] };
}

const number = (x) => (Number.isFinite(x) ? x : String(x));
const numbers = (array) => array && [array.dtype, array.shape, [...array.data].map(number)];

/** The trace with some folds. */
function seenWith(folds, run) {
  const { trace, clock } = folded(run, folds);
  const lines = trace.steps.map((_, index) => textOfParts(stepLine(trace, index + 1)));
  return { clock, lines, nodes: trace.nodes.map(nodeOf), edges: trace.edges.map(edgeOf) };
}

const nodeOf = ({ id, expression, op_type, adjoint }) => [id, expression, op_type, adjoint.at];

function edgeOf({ id, source, target, cause, local, contribution }) {
  const rule = local && [local.symbol, local.formula, local.is_factor, numbers(local.value), local.uses];
  return [id, source, target, cause, rule, numbers(contribution)];
}

const [input, output] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(input, "utf8"));
const found = { hints: HINTS, said: cases.map(said) };
writeFileSync(output, JSON.stringify(found));

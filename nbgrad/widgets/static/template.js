// @ts-check
/**
 * Templates: a scene, and the rules by which any trace of its graph gives it its styles.
 * `nbgrad/picture/template.py` in the page.
 *
 * @import {Rule} from "./facts.js"
 * @import {Fold} from "./folding.js"
 * @import {Options, Style} from "./forms.js"
 * @import {Trace} from "./trace.js"
 */

import { factsOf } from "./facts.js";
import { folded } from "./folding.js";
import { FORMS } from "./forms.js";
import "./map_forms.js";
import "./overview_forms.js";
import "./road_forms.js";
import "./term_forms.js";

/** The styles of a view's scene with the numbers of a trace of its graph.
 *
 * `seen` is the trace with its folds, and `clock` says for each number of its steps how many of the
 * whole trace's have then happened.
 * @type {(view: {rules: readonly Rule[], folds: readonly Fold[][]}, trace: Trace) =>
 *        {styles: Record<string, Style>, steps: number, seen: Trace, clock: number[]}} */
export function styled({ rules, folds }, trace) {
  const { trace: seen, clock } = folded(trace, folds);
  return { styles: stylesOf(rules, seen, clock), steps: trace.steps.length, seen, clock };
}

/** The styles of a scene with the numbers of a trace that is folded as the scene is.
 * @type {(rules: readonly Rule[], seen: Trace, clock: number[]) => Record<string, Style>} */
export function stylesOf(rules, seen, clock) {
  const facts = factsOf(seen, rules);
  /** @type {Record<string, Style>} */
  const styles = {};
  for (const [key, form, of, options = {}] of rules) {
    const style = FORMS[form]?.(facts, of, /** @type {Options} */ (options));
    if (!style) throw new Error(`There is no form '${form}'.`);
    styles[key] = retimed(style, clock);
  }
  return styles;
}

/** A style of a folded trace, timed by the steps of the whole one.
 * @type {(style: Style, clock: number[]) => Style} */
function retimed(style, clock) {
  const since = timeOfStep(style.since, clock);
  const until = timeOfStep(style.until, clock);
  return since === style.since && until === style.until ? style : { ...style, since, until };
}

/** The step of the whole trace at which a step of its folded trace has happened.
 * @type {(k: number, clock: number[]) => number} */
function timeOfStep(k, clock) {
  return clock[k] ?? (k === clock.length ? (clock.at(-1) ?? 0) + 1 : k);
}

/**
 * Mistakes that the check of types has to find. Should it miss one, TypeScript says so itself:
 * an error that is expected and does not come is an error.
 *
 * @param {import("../../../nbgrad/widgets/static/store.js").Model} model
 */
export function mistakes(model) {
  // @ts-expect-error: no trait has this name
  model.get("stepp");
  // @ts-expect-error: a step is a number
  model.set("step", "3");
  // @ts-expect-error: Python sends no colour for an element
  model.get("patch").n0?.colour;
  // @ts-expect-error: the page may have no such element
  document.querySelector("b").textContent;
  // @ts-expect-error: there may be fewer fields
  model.get("fields")[3].key;
}

// @ts-check
/** "Why?": who clicks an adjoint is shown the sum that it is, and clicking it again leads back. */

/**
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 */

const ASKABLE = new Set(["adjoint", "path sum", "no map"]);

/** @type {(store: Store, picture: Picture) => void} */
export function handleWhy(store, picture) {
  let ids = new Map();
  store.on(["view"], () => {
    const asked = store.view.rules.filter(
      ([, form, , options]) => ASKABLE.has(form) || options?.lane === "adjoint",
    );
    ids = new Map(asked.map(([id, , of]) => [id, of]));
    for (const id of ids.keys()) picture.elements.get(id)?.element.setAttribute("data-askable", "");
  });
  picture.element.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    const node = ids.get(target?.getAttribute("data-id") ?? "");
    if (node && !store.isAsking) toggleWhy(store, node);
  });
  store.observe(["step"], () => store.why && store.setWhy(null));
}

/** @type {(store: Store, node: string) => void} */
export function toggleWhy(store, node) {
  store.setWhy(store.why === node ? null : node);
}

// @ts-check
/**
 * "Why?": who clicks an adjoint is shown the sum that it is, and clicking it again leads back. The
 * cells of an array are clicked to see what made them, so there no second click leads back.
 */

/**
 * @import {Picture} from "./picture.js"
 * @import {Store} from "./store.js"
 */

const ASKABLE = new Set(["adjoint", "path sum", "no map", "map", "cell number"]);

/** @type {(store: Store, picture: Picture) => void} */
export function handleWhy(store, picture) {
  /** @type {Map<string, {node: string, isArray: boolean}>} */
  let adjoints = new Map();
  store.on(["view"], () => {
    adjoints = new Map(
      store.view.rules.flatMap(([id, form, node, options]) => {
        const isAsked = ASKABLE.has(form) && (options?.lane ?? "adjoint") === "adjoint";
        return isAsked ? [[id, { node, isArray: options?.lane !== undefined }]] : [];
      }),
    );
    for (const id of adjoints.keys()) {
      picture.elements.get(id)?.element.setAttribute("data-askable", "");
    }
  });
  picture.element.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    const found = adjoints.get(target?.getAttribute("data-id") ?? "");
    if (!found || store.isAsking) return;
    if (found.isArray) store.setWhy(found.node);
    else store.toggleWhy(found.node);
  });
  store.observe(["step"], () => store.why && store.setWhy(null));
}

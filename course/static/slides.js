// @ts-check
/**
 * What slides need beside reveal.js: they fit the screen, and share the keys with explorers.
 */
(() => {
  const Reveal = /** @type {any} */ (globalThis).Reveal;
  const HEIGHT = 720;
  const NOTCH = 0.97;
  /** How large a picture may be, is where room is given out, and is at least. */
  const PICTURE = { most: 1.45, usual: 1.2, least: 1 };

  /** @type {(tag: string, name: string) => HTMLElement} */
  function create(tag, name) {
    return Object.assign(document.createElement(tag), { className: name });
  }

  // Too long a slide is several ---------------------------------------------------------------

  /** @param {HTMLElement} section */
  function split(section) {
    const content = /** @type {HTMLElement} */ (section.querySelector(":scope > .content"));
    const parts = /** @type {HTMLElement[]} */ ([...content.querySelectorAll(":scope > .part")]);
    content.style.setProperty("--picture", String(PICTURE.usual));
    const places = parts.map(({ offsetTop, offsetHeight }) => ({
      top: offsetTop,
      bottom: offsetTop + offsetHeight,
    }));
    content.style.removeProperty("--picture");
    const room = HEIGHT - 20;
    let start = 0; // where on the long slide the short one begins
    let target = content;
    let last = section;
    parts.forEach((part, i) => {
      const { top, bottom } = places[i] ?? { top: 0, bottom: 0 };
      if (i > 0 && bottom - start > room && part.offsetHeight > 0) {
        target = create("div", "content");
        target.append(/** @type {Node} */ (content.querySelector(".running")).cloneNode(true));
        const next = create("section", "");
        const notes = section.querySelector(".notes");
        next.append(target, ...(notes ? [notes.cloneNode(true)] : []));
        last.after(next);
        last = next;
        start = top - 70; // below its margin and its heading
        part.classList.remove("fragment"); // it is a slide by itself
      }
      if (target !== content) target.append(part);
    });
  }

  /**
   * A prediction is revealed by the next fragment, or by one of its own.
   * @param {Element} content
   */
  function prepareReveals(content) {
    let isOpen = false;
    for (const part of content.querySelectorAll(":scope > .part")) {
      if (isOpen && part.matches(".fragment")) {
        part.classList.add("reveals");
        isOpen = false;
      }
      isOpen ||= part.querySelector("[data-hidden=adjoints]") !== null;
    }
    if (isOpen) content.append(create("span", "fragment reveals"));
  }

  const slides = /** @type {HTMLElement} */ (document.querySelector(".slides"));
  slides.classList.add("measured");
  for (const section of slides.querySelectorAll(":scope > section")) {
    split(/** @type {HTMLElement} */ (section));
  }
  slides.classList.remove("measured");
  for (const content of slides.querySelectorAll(".content")) prepareReveals(content);

  const ready = Reveal.initialize({
    width: 1280,
    height: HEIGHT,
    margin: 0,
    center: false,
    hash: true,
    slideNumber: "c/t",
    controls: false,
    transition: "none",
    plugins: [/** @type {any} */ (globalThis).RevealNotes],
  });

  // Fitting -----------------------------------------------------------------------------------

  /** Pictures get smaller first, then everything. @param {HTMLElement} content */
  function fit(content) {
    for (let turn = 0; turn < 60 && isTooHigh(content); turn += 1) {
      const picture = Number(getComputedStyle(content).getPropertyValue("--picture"));
      const hasPicture = content.querySelector(".shown") !== null;
      if (hasPicture && picture > PICTURE.least) {
        content.style.setProperty("--picture", String(Math.max(PICTURE.least, picture * NOTCH)));
      } else {
        const zoom = Number(content.style.zoom || 1) * NOTCH;
        content.style.zoom = String(zoom);
        content.style.width = `${1280 / zoom}px`;
      }
    }
  }

  /** What is on a slide has changed: it is large again. @param {HTMLElement} content */
  function refit(content) {
    content.removeAttribute("style");
    fit(content);
  }

  /** @param {HTMLElement} content */
  function isTooHigh(content) {
    return content.offsetHeight * Number(content.style.zoom || 1) > HEIGHT;
  }

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) fit(/** @type {HTMLElement} */ (target));
  });
  for (const content of slides.querySelectorAll(".content")) observer.observe(content);

  // Predictions -------------------------------------------------------------------------------

  /**
   * Show or hide the numbers of the explorers on a slide, as their key h does.
   * @type {(fragment: Element, isHidden: boolean) => void}
   */
  function setHidden(fragment, isHidden) {
    const explorers = "[data-hidden=adjoints] .nbgrad-explorer";
    for (const root of fragment.closest("section")?.querySelectorAll(explorers) ?? []) {
      if ((root.querySelector(".predictions") !== null) === isHidden) continue;
      root.dispatchEvent(new KeyboardEvent("keydown", { key: "h", cancelable: true }));
    }
  }

  /** @type {(event: string, isHidden: boolean) => void} */
  function followFragments(event, isHidden) {
    Reveal.on(event, (/** @type {{fragments: Element[]}} */ { fragments }) => {
      for (const each of fragments) if (each.matches(".reveals")) setHidden(each, isHidden);
    });
  }
  followFragments("fragmentshown", false);
  followFragments("fragmenthidden", true);

  // Keys --------------------------------------------------------------------------------------

  /** What a clicker sends turns the slide, wherever the focus is. */
  const TURNS = new Map([
    ["PageDown", () => Reveal.next()],
    ["PageUp", () => Reveal.prev()],
  ]);
  document.addEventListener(
    "keydown",
    (event) => {
      const turn = TURNS.get(event.key);
      if (!turn) return;
      event.preventDefault();
      event.stopPropagation();
      turn();
    },
    { capture: true },
  );

  // An explorer that has the focus takes → and others, until Esc, where it closes nothing.
  slides.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !leave()) return;
    event.stopPropagation();
  });
  Reveal.on("slidechanged", leave);

  /** Give the keys back to the slides. */
  function leave() {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement || focused instanceof SVGElement)) return false;
    focused.blur();
    return focused !== document.body;
  }

  Object.assign(globalThis, { talk: { refit, ready } });
})();

// @ts-check
/**
 * The live picture. Python paints it once and computes every number; this module applies small
 * patches to it, shows the step that was asked for, and reports what the learner did.
 *
 * Nothing is loaded from anywhere, and no mathematics happens here.
 *
 * @typedef {{inputs: Record<string, Entry[]>, seeds: Record<string, Entry[]>,
 *            stopped: string[], opened: string[], step: number, fields: Field[],
 *            svg: string, links: Link[], groups: Group[], switches: Switch[],
 *            patch: Record<string, Style>, steps: number, panel: string, code: string,
 *            summary: string, message: string, wrong: string, answered: number}} Traits
 *   What is shared with Python; `shared_state.py` says what each of them means.
 * @typedef {string | number} Entry  what a field holds: text, if Python is to say what is wrong
 * @typedef {{key: string, kind: "input" | "seed", shape: number[], min: number, max: number,
 *            step: number}} Field
 * @typedef {[edge: string, source: string, target: string]} Link
 * @typedef {{name: string, words: string, open: boolean, exit: string, members: string[]}} Group
 * @typedef {{id: string, label: string}} Switch
 * @typedef {{text?: string, class?: string, since?: number, until?: number, width?: number,
 *            tint?: number, title?: string, cells?: (number | null)[]}} Style  of one element; `svg.py` says how to apply it
 * @typedef {`change:${keyof Traits}`} ChangeEvent
 * @typedef {{get<Name extends keyof Traits>(name: Name): Traits[Name],
 *            set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void,
 *            save_changes(): void,
 *            on(event: ChangeEvent, callback: () => void): void,
 *            off(event: ChangeEvent, callback: () => void): void}} Model  what anywidget gives
 */

// How the cells of a map are painted: see `shapes.py`.
const INFINITE = 1000;
const DARK = 62; // from this tint on, in per cent, a dash is light
const DIGIT = 7.6; // the width of a digit
const SCROLL_MARGIN = 40; // what is shown around a card that the picture scrolls to
const PLAY_INTERVAL_MS = 1100; // time to read one step
const ANSWER_TIMEOUT_MS = 5000; // a kernel that is busy may take this long
const ANNOUNCE_DELAY_MS = 600; // a screen reader hears where a drag ends, not all on its way
const NO_ANSWER = "No kernel answers, so the picture shows what was before. Run the cell again.";
const CARD = "[data-node][tabindex]"; // a node that can be stopped or unfolded
// With the focus on a control, JupyterLab would take an arrow key for its own, and "x" for "cut
// this cell"; it looks for this attribute on the focused element itself.
const SUPPRESS_SHORTCUTS = "data-lm-suppress-shortcuts";

/** @param {{model: Model, el: HTMLElement}} context */
export function render({ model, el }) {
  const controller = new AbortController();
  const page = new Page(model, controller.signal);
  const picture = new Picture(page);
  const steps = createStepControls(page);
  const explanation = createElement("div", { class: "explanation" });
  const code = createCode(page);
  explanation.append(createPanel(page), createMessage(page));

  el.classList.add("nbgrad", "nbgrad-explorer");
  el.append(
    createGroupButtons(page), // above the picture, whose height changes with every click
    picture.element,
    createElement(
      "div",
      { class: "rows" },
      createRow("inputs", createFields(page, "input")),
      createRow("grad_ys", createFields(page, "seed")),
    ),
    createElement("div", { class: "row" }, createStopCheckboxes(page), steps.element),
    explanation,
    code,
    createAnnouncement(page),
  );
  preventShrinking(explanation, page);
  preventShrinking(code, page);

  page.observe(["svg"], () => picture.mount());
  page.observe(["patch", "stopped"], () => picture.applyPatch());
  page.observe(["step"], () => (picture.showStep(), picture.scrollToActiveElement()));
  handlePointer(picture);
  handleCardKeys(picture);
  handlePageKeys(el, steps, page);
  return () => {
    controller.abort();
    el.replaceChildren();
    el.classList.remove("nbgrad", "nbgrad-explorer");
  };
}

/** The traits, and what a learner can do to them, whether by mouse, by key or by check box. */
class Page {
  /**
   * @param {Model} model
   * @param {AbortSignal} signal  aborted when the page is closed; ends every listener and timer
   */
  constructor(model, signal) {
    this.model = model;
    this.signal = signal;
    /** Called after every change that Python has to answer. */
    this.onRequest = () => {};
  }

  /**
   * Call back at once, and after every change of one of these traits.
   * @param {(keyof Traits)[]} names
   * @param {() => void} callback
   */
  observe(names, callback) {
    for (const name of names) {
      this.model.on(`change:${name}`, callback);
      this.signal.addEventListener("abort", () => this.model.off(`change:${name}`, callback));
    }
    callback();
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   * @param {Traits[Name]} value
   */
  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
    if (name !== "step") this.onRequest(); // every step is here already
  }

  /** The step after the last one shows everything, with nothing at work. */
  get finalStep() {
    return this.model.get("steps") + 1;
  }

  get step() {
    return Math.min(this.model.get("step"), this.finalStep);
  }

  /** @param {number} step */
  seek(step) {
    this.set("step", Math.max(0, Math.min(step, this.finalStep)));
  }

  /** @type {(trait: "inputs" | "seeds", key: string, entries: Entry[]) => void} */
  setEntries(trait, key, entries) {
    this.set(trait, { ...this.model.get(trait), [key]: entries });
  }

  /** @param {string} node */
  toggleStop(node) {
    this.toggle("stopped", node);
  }

  /** @param {Group | undefined} group */
  toggleGroup(group) {
    if (group) this.toggle("opened", group.name);
  }

  /** @type {(trait: "stopped" | "opened", item: string) => void} */
  toggle(trait, item) {
    const items = new Set(this.model.get(trait));
    if (!items.delete(item)) items.add(item);
    this.set(trait, [...items]);
  }

  /**
   * The folded group that a card stands for, or else the innermost open one around it.
   * @param {string} node
   */
  findGroup(node) {
    const around = this.model.get("groups").filter(({ members }) => members.includes(node));
    const folded = around.find(({ open }) => !open);
    return folded ?? around.sort((a, b) => a.members.length - b.members.length)[0];
  }
}

// The picture -----------------------------------------------------------------------------------

/** What Python has painted, changed by the latest patch, at the current step. */
class Picture {
  /** @param {Page} page */
  constructor(page) {
    const attributes = { class: "picture", role: "group", "aria-label": "picture" };
    this.page = page;
    this.element = createElement("div", attributes);
    /** @type {Map<string, PaintedElement>} */
    this.elements = new Map();
    /** @type {string[]} */
    this.patched = [];
  }

  /** Show what Python has painted anew; the focus stays on its card, or the card around it. */
  mount() {
    const { element, page } = this;
    const focused = focusedInside(element)?.getAttribute("data-node");
    element.innerHTML = page.model.get("svg");
    /** @type {NodeListOf<SVGElement>} */
    const found = element.querySelectorAll("[data-id]");
    this.elements.clear();
    for (const each of found) this.elements.set(each.dataset.id ?? "", new PaintedElement(each));
    this.patched = [];
    makeCardsInteractive(element, page);
    // Whoever has no mouse scrolls from card to card; where there are none, the picture itself.
    if (!this.cards.length) element.tabIndex = 0;
    this.applyPatch();
    if (!focused) return;
    this.focusCard(this.findCard(focused) ?? this.findCard(page.findGroup(focused)?.exit));
  }

  /** A patch leads from what was painted, not from the patch before it. */
  applyPatch() {
    const patch = this.page.model.get("patch");
    for (const id of this.patched) if (!(id in patch)) this.elements.get(id)?.apply({});
    for (const [id, style] of Object.entries(patch)) this.elements.get(id)?.apply(style);
    this.patched = Object.keys(patch);
    this.showStep();
    const stopped = this.page.model.get("stopped");
    for (const card of this.cards) {
      if (card.hasAttribute("aria-expanded")) continue; // its click does not stop but unfolds
      card.setAttribute("aria-pressed", String(stopped.includes(nodeOf(card))));
    }
  }

  showStep() {
    for (const element of this.elements.values()) element.showStep(this.page.step);
  }

  get cards() {
    return /** @type {NodeListOf<SVGElement>} */ (this.element.querySelectorAll(CARD));
  }

  /** @param {string | undefined} node */
  findCard(node) {
    return [...this.cards].find((card) => nodeOf(card) === node);
  }

  /**
   * The picture scrolls to the card, and the notebook around it stays where it is.
   * @param {SVGElement | undefined} card
   */
  focusCard(card) {
    card?.focus({ preventScroll: true });
    if (card) this.scrollTo(card);
  }

  scrollToActiveElement() {
    const active = this.element.querySelector(".halo:not([data-away], .off)");
    if (active) this.scrollTo(active);
  }

  /**
   * Scroll as little as is needed to show an element and a little around it.
   * @param {Element} element
   */
  scrollTo(element) {
    const frame = this.element.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    const top = scrollDistance(box.top - frame.top, box.bottom - frame.bottom);
    const left = scrollDistance(box.left - frame.left, box.right - frame.right);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (top || left) this.element.scrollBy({ top, left, behavior: still ? "instant" : "smooth" });
  }
}

/** One element of the picture, which remembers how it was painted. */
class PaintedElement {
  /** @param {SVGElement} element */
  constructor(element) {
    this.element = element;
    this.textNode = findTextNode(element);
    /** @type {SVGRectElement | null} */
    this.rect = element.querySelector(":scope > rect:not([data-id])");
    this.x = Number(this.rect?.getAttribute("x"));
    this.cells = element.querySelector(":scope > .cells");
    this.original = {
      text: this.textNode?.nodeValue ?? "",
      class: element.getAttribute("class") ?? "",
      since: Number(element.dataset.since ?? 0),
      until: Number(element.dataset.until ?? Infinity),
      width: Number(this.rect?.getAttribute("width") ?? element.style.strokeWidth),
      tint: Number(element.style.fillOpacity),
      title: element.querySelector(":scope > title")?.textContent ?? "",
      cells: this.cells?.innerHTML ?? "",
    };
    this.since = this.original.since;
    this.until = this.original.until;
  }

  /**
   * What a style does not mention is as it was painted.
   * @param {Style} style
   */
  apply(style) {
    const { element, textNode, rect } = this;
    const wanted = { ...this.original, ...style };
    if (textNode && textNode.nodeValue !== wanted.text) textNode.nodeValue = wanted.text;
    if (element.getAttribute("class") !== wanted.class) element.setAttribute("class", wanted.class);
    this.since = wanted.since;
    this.until = wanted.until;
    if (this.cells && rect) {
      const { cells, text } = wanted;
      this.cells.innerHTML =
        typeof cells === "string" ? cells : paintCells(cells, frameOf(rect, element), !text);
      turnText(element, frameOf(rect, element), text);
    } else if (rect) {
      this.setRectWidth(rect, wanted.width);
    } else {
      element.style.strokeWidth = wanted.width ? String(wanted.width) : "";
      element.style.fillOpacity = wanted.tint ? String(wanted.tint) : "";
    }
    setTitle(element, wanted.title);
  }

  /**
   * A pill of another width keeps its middle, or its right end where the text ends there.
   * @param {SVGRectElement} rect
   * @param {number} width
   */
  setRectWidth(rect, width) {
    const difference = this.original.width - width;
    const keepsEnd = this.textNode?.parentElement?.getAttribute("text-anchor") === "end";
    rect.setAttribute("x", String(this.x + (keepsEnd ? difference : difference / 2)));
    rect.setAttribute("width", String(width));
  }

  /** @param {number} step */
  showStep(step) {
    this.element.toggleAttribute("data-away", step < this.since || step >= this.until);
  }
}

/**
 * The text of an element itself, not of one inside: before the tail of a header, inside a chip.
 * @param {SVGElement} element
 */
function findTextNode(element) {
  const own = ":scope > text:not([data-id])";
  const text = element.tagName === "text" ? element : element.querySelector(own);
  if (text && text.firstChild?.nodeType !== Node.TEXT_NODE) text.prepend("");
  return text?.firstChild;
}

/**
 * The place of a map, and how many cells are in a row.
 * @type {(rect: SVGRectElement, element: SVGElement) => Frame}
 * @typedef {{x: number, y: number, width: number, height: number, columns: number}} Frame
 */
function frameOf(rect, element) {
  const { x, y, width, height } = rect;
  return {
    x: x.baseVal.value,
    y: y.baseVal.value,
    width: width.baseVal.value,
    height: height.baseVal.value,
    columns: Number(element.dataset.columns),
  };
}

/**
 * The cells of a map, as `shapes.map_parts` has them: a path for each tint, then the dashes.
 * @type {(cells: (number | null)[], frame: Frame, isDashed: boolean) => string}
 */
function paintCells(cells, frame, isDashed) {
  const width = frame.width / frame.columns;
  const height = (frame.height * frame.columns) / cells.length;
  /** @type {Map<string, string>} */
  const paths = new Map(["solid", "dash", "light"].map((part) => [`class="${part}"`, ""]));
  const tints = new Map();
  cells.forEach((cell, n) => {
    const x = frame.x + (n % frame.columns) * width;
    const y = frame.y + Math.floor(n / frame.columns) * height;
    const outline = `M${x},${y} h${width} v${height} h${-width}z`;
    const [middle, level] = [x + width / 2, y + height / 2];
    const add = (/** @type {string} */ part, /** @type {string} */ line) =>
      paths.set(`class="${part}"`, paths.get(`class="${part}"`) + line);
    if (cell === null || Math.abs(cell) === INFINITE) {
      add("solid", outline);
      add("light", glyph(cell, middle, level, Math.min(width, height)));
    } else if (cell) {
      tints.set(Math.abs(cell), (tints.get(Math.abs(cell)) ?? "") + outline);
      const half = Math.min(4, 0.28 * width);
      const dash = `M${middle - half},${level} h${2 * half}`;
      if (cell < 0 && isDashed) add(-cell > DARK ? "light" : "dash", dash);
    }
  });
  const tinted = [...tints].map(([tint, path]) => [`fill-opacity="${tint / 100}"`, path]);
  const parts = [...tinted, ...paths].filter(([, path]) => path);
  return parts.map(([look, path]) => `<path ${look} d="${path}"/>`).join("");
}

/**
 * A cross for what is not a number, and ∞ in six strokes with its sign.
 * @type {(cell: number | null, x: number, y: number, size: number) => string}
 */
function glyph(cell, x, y, size) {
  const r = 0.3 * size;
  if (cell === null) return `M${x - r},${y - r} l${2 * r},${2 * r} m${-2 * r},0 l${2 * r},${-2 * r}`;
  const half = cell < 0 ? 0.8 * r : 1.2 * r;
  const sign = cell < 0 ? `M${x - 1.4 * r},${y} h${0.6 * r}` : "";
  const turns = [-1, 0, -0.5, -0.5, 0.5, 0.5, 1, 0, 0.5, -0.5, -0.5, 0.5, -1, 0];
  const start = cell < 0 ? x + 0.4 * r : x;
  return `${sign}M${turns.map((turn, n) => (n % 2 ? y : start) + turn * half).join(" ")}`;
}

/**
 * The number that a map holds everywhere runs upwards where there is no room across.
 * @type {(element: SVGElement, frame: Frame, text: string) => void}
 */
function turnText(element, { x, y, width, height }, text) {
  const isTurned = width < DIGIT * text.length && width < height;
  const turn = isTurned ? `rotate(-90 ${x + width / 2} ${y + height / 2})` : "";
  element.querySelector(":scope > text")?.setAttribute("transform", turn);
}

/** @type {(element: SVGElement, text: string) => void} */
function setTitle(element, text) {
  const current = element.querySelector(":scope > title");
  if (text === (current?.textContent ?? "")) return;
  current?.remove();
  if (!text) return;
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = text;
  element.prepend(title);
}

/**
 * How far to scroll along one direction; of what is larger than the frame, its beginning is shown.
 * @param {number} start  from the frame's start to the element's
 * @param {number} end  from the frame's end to the element's
 */
function scrollDistance(start, end) {
  const before = start - SCROLL_MARGIN;
  return before < 0 ? before : Math.max(0, Math.min(end + SCROLL_MARGIN, before));
}

// Cards that can be stopped or unfolded ---------------------------------------------------------

/** @param {Element} card */
function nodeOf(card) {
  return card.getAttribute("data-node") ?? "";
}

/** @type {(picture: HTMLElement, page: Page) => void} */
function makeCardsInteractive(picture, page) {
  for (const { id, label } of page.model.get("switches")) {
    const card = picture.querySelector(`[data-node="${id}"]`);
    if (!card) continue; // it is inside a folded group, and stopped
    const group = page.findGroup(id);
    const isFolded = group && !group.open;
    const action = isFolded ? `unfold ${group.words}` : "stop the gradient here";
    card.setAttribute("tabindex", "0");
    card.setAttribute("role", "button");
    card.setAttribute("aria-label", `${label}: ${action}`);
    card.setAttribute(SUPPRESS_SHORTCUTS, "true");
    if (isFolded) card.setAttribute("aria-expanded", "false");
  }
}

/**
 * The card that an event happened in.
 * @type {(event: Event) => SVGElement | null}
 */
function closestCard(event) {
  return event.target instanceof Element ? event.target.closest(CARD) : null;
}

/**
 * Unfold a card, or stop the gradient there.
 * @type {(card: SVGElement, page: Page) => void}
 */
function activateCard(card, page) {
  if (card.hasAttribute("aria-expanded")) page.toggleGroup(page.findGroup(nodeOf(card)));
  else page.toggleStop(nodeOf(card));
}

/**
 * A click activates a card.
 * @param {Picture} picture
 */
function handlePointer(picture) {
  const { element, page } = picture;
  element.addEventListener("click", (event) => {
    const card = closestCard(event);
    if (card) activateCard(card, page);
  });
}

/**
 * With the focus on a card, keys activate it, and the arrows walk the graph.
 * @param {Picture} picture
 */
function handleCardKeys(picture) {
  const { element, page } = picture;
  element.addEventListener("keydown", (event) => {
    const card = closestCard(event);
    if (!card) return;
    const node = nodeOf(card);
    handleKey(event, {
      Enter: () => activateCard(card, page),
      " ": () => activateCard(card, page),
      s: () => page.toggleStop(node),
      f: () => page.toggleGroup(page.findGroup(node)),
      ArrowRight: () => focusNeighbor(picture, node, "output"),
      ArrowLeft: () => focusNeighbor(picture, node, "input"),
      ArrowDown: () => focusSibling(picture, card, 1),
      ArrowUp: () => focusSibling(picture, card, -1),
    });
  });
}

/**
 * Focus the first card that an edge leads to from here, or comes from.
 * @type {(picture: Picture, node: string, side: "input" | "output") => void}
 */
function focusNeighbor(picture, node, side) {
  for (const [, source, target] of picture.page.model.get("links")) {
    const [here, there] = side === "output" ? [source, target] : [target, source];
    const card = here === node && picture.findCard(there);
    if (card) return picture.focusCard(card);
  }
}

/** @type {(picture: Picture, card: SVGElement, offset: 1 | -1) => void} */
function focusSibling(picture, card, offset) {
  const cards = [...picture.cards];
  picture.focusCard(cards[cards.indexOf(card) + offset]);
}

/**
 * Do what a key stands for; the notebook then does not hear of it.
 * @type {(event: KeyboardEvent, shortcuts: Record<string, () => void>) => void}
 */
function handleKey(event, shortcuts) {
  const action = shortcuts[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  action();
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Keys for the whole widget; sliders and fields keep their own.
 * @param {HTMLElement} el
 * @param {ReturnType<typeof createStepControls>} steps
 * @param {Page} page
 */
function handlePageKeys(el, steps, page) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.target instanceof Element && event.target.closest("input, button")) return;
    handleKey(event, {
      ArrowRight: () => steps.seek(page.step + 1),
      ArrowLeft: () => steps.seek(page.step - 1),
      Home: () => steps.seek(0),
      End: () => steps.seek(page.finalStep),
      " ": steps.togglePlaying,
      g: () => focusFirst(el, ".seed .cells input"),
    });
  };
  el.addEventListener("keydown", onKey, { signal: page.signal });
}

// Controls --------------------------------------------------------------------------------------

/** @type {(page: Page, kind: "input" | "seed") => HTMLElement[]} */
function createFields(page, kind) {
  const fields = page.model.get("fields").filter((field) => field.kind === kind);
  return fields.map((field) => createField(page, field));
}

/**
 * A number field for each cell of one input or seed, and a slider for one of them at a time.
 * @param {Page} page
 * @param {Field} field
 */
function createField(page, field) {
  const { model } = page;
  const trait = field.kind === "input" ? "inputs" : "seeds";
  const entries = () => model.get(trait)[field.key] ?? [];
  const names = cellNames(field);
  const cells = names.map((name) => {
    const label = accessibleName(field, name);
    return createElement("input", { type: "text", inputmode: "decimal", "aria-label": label });
  });
  const slider = createElement("input", { type: "range" });
  setRange(slider, field, 1);
  const label = createElement("b", { style: `--letters:${maxLength(names)}` });
  let selected = 0; // the cell that had the focus last

  const showSelected = () => {
    const name = names[selected] ?? "";
    label.textContent = name;
    slider.setAttribute("aria-label", accessibleName(field, name));
    moveSlider(slider, field, Number(entries()[selected]));
    if (cells.length < 2) return;
    cells.forEach((cell, i) => cell.classList.toggle("selected", i === selected));
  };
  /** @type {(index: number, entry: Entry) => void} */
  const setEntry = (index, entry) =>
    page.setEntries(trait, field.key, entries().map((old, i) => (i === index ? entry : old)));

  slider.addEventListener("input", () => setEntry(selected, Number(slider.value)));
  cells.forEach((cell, i) => {
    const submit = () => setEntry(i, parseEntry(cell.value));
    cell.addEventListener("focus", () => ((selected = i), showSelected()));
    cell.addEventListener("input", () => isIncomplete(cell.value) || submit());
    // A field that is removed while somebody types in it still reports a change.
    cell.addEventListener("change", submit, { signal: page.signal });
  });
  page.observe([trait], () => {
    cells.forEach((cell, i) => showEntry(cell, entries()[i] ?? ""));
    showSelected();
  });
  page.observe(["wrong"], () => {
    for (const cell of cells) {
      const isWrong = cell.getAttribute("aria-label") === model.get("wrong");
      cell.setAttribute("aria-invalid", String(isWrong));
    }
  });
  const style = `--columns:${field.shape.at(-1) ?? 1};--letters:${maxLength(entries())}`;
  return createElement(
    "span",
    { class: `field ${field.kind}`, role: "group", "aria-label": `${trait} ${field.key}` },
    label,
    slider,
    createElement("span", { class: "cells", style }, ...cells),
  );
}

/**
 * What somebody is typing is left alone: "3." is the beginning of "3.5".
 * @type {(cell: HTMLInputElement, entry: Entry) => void}
 */
function showEntry(cell, entry) {
  if (cell === document.activeElement && parseEntry(cell.value) === entry) return;
  cell.value = String(entry);
}

/**
 * For a value beyond its end the slider makes room, which is taken back afterwards.
 * @type {(slider: HTMLInputElement, field: Field, value: number) => void}
 */
function moveSlider(slider, field, value) {
  if (!Number.isFinite(value)) return;
  // Not under the learner's hand: a slider that shrinks while it moves runs away.
  if (slider !== document.activeElement) {
    setRange(slider, field, Math.abs(value) > field.max ? (Math.abs(value) * 2) / field.max : 1);
  }
  slider.value = String(value);
}

/**
 * A slider of whole numbers stays one, however far it reaches.
 * @type {(slider: HTMLInputElement, field: Field, scale: number) => void}
 */
function setRange(slider, { min, max, step }, scale) {
  const isWhole = step === 1;
  const factor = isWhole ? Math.ceil(scale) : scale;
  slider.max = String(max * factor);
  slider.min = String(min * factor);
  slider.step = String(isWhole ? step : step * factor);
}

/**
 * The length of the longest entry: room for it is kept from the beginning.
 * @param {Entry[]} entries
 */
function maxLength(entries) {
  return Math.max(...entries.map((entry) => String(entry).length));
}

/**
 * The name of a cell in Python's messages and for a screen reader.
 * @type {(field: Field, cellName: string) => string}
 */
function accessibleName(field, cellName) {
  return field.kind === "seed" ? `seed of ${cellName}` : cellName;
}

/**
 * "x" for a scalar, "W[0, 0]", "W[0, 1]", … for the cells of a matrix.
 * @param {Field} field
 */
function cellNames({ key, shape }) {
  /** @type {number[][]} */
  let indices = [[]];
  for (const size of shape) {
    indices = indices.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i]));
  }
  return indices.map((index) => (index.length ? `${key}[${index.join(", ")}]` : key));
}

/**
 * Whether a text may yet become a number: "", "-", "1e". Nobody wants to be told so early.
 * @param {string} text
 */
function isIncomplete(text) {
  return /^[-+−]?(\d*\.?\d*e[-+−]?|\.)?$/i.test(text.trim());
}

/**
 * A number where the text is one; else the text, so that Python can say what is wrong with it, or
 * read the last digits of a whole number that is too large for JavaScript.
 * @param {string} text
 */
function parseEntry(text) {
  const plain = text.replace("−", "-");
  const value = Number(plain);
  if (/^\s*[-+]?\d+\s*$/.test(plain) && !Number.isSafeInteger(value)) return plain;
  return text.trim() && Number.isFinite(value) ? value : text;
}

/**
 * A check box for each card.
 * @param {Page} page
 */
function createStopCheckboxes(page) {
  const { model } = page;
  const checkboxes = createElement("div", { class: "checkboxes" });
  const legend = createElement("legend", {}, "stop_gradients");
  const element = createElement("fieldset", { class: "stops" }, legend, checkboxes);
  page.observe(["switches"], () => {
    const labels = model.get("switches").map(({ id, label }) => {
      const checkbox = createElement("input", { type: "checkbox", "data-name": id });
      checkbox.addEventListener("change", () => page.toggleStop(id));
      return createElement("label", {}, checkbox, label);
    });
    replaceControls(checkboxes, labels);
    element.hidden = !labels.length;
  });
  page.observe(["switches", "stopped"], () => {
    for (const checkbox of checkboxes.querySelectorAll("input")) {
      checkbox.checked = model.get("stopped").includes(checkbox.dataset.name ?? "");
    }
  });
  return element;
}

/**
 * A button for each group of operations that is, or can be, folded into one card.
 * @param {Page} page
 */
function createGroupButtons(page) {
  const container = createElement("span", { class: "groups" });
  const element = createRow("groups", [container]);
  page.observe(["groups"], () => {
    const buttons = page.model.get("groups").map((group) => {
      const { name, words, open } = group;
      const attributes = { type: "button", "data-name": name, "aria-expanded": String(open) };
      const button = createElement("button", attributes, `${open ? "⊟" : "⊞"} ${words}`);
      button.addEventListener("click", () => page.toggleGroup(group));
      return button;
    });
    replaceControls(container, buttons);
    element.hidden = !buttons.length;
  });
  return element;
}

/**
 * The step slider with its buttons.
 * @param {Page} page
 */
function createStepControls(page) {
  const player = createPlayer(page);
  /** @param {number} step */
  const seek = (step) => {
    player.pause();
    page.seek(step);
  };
  /** @type {(text: string, label: string, target: () => number) => HTMLElement} */
  const createButton = (text, label, target) => {
    const button = createElement("button", { type: "button", "aria-label": label }, text);
    button.addEventListener("click", () => seek(target()));
    return button;
  };
  const back = [
    createButton("|◀", "first step", () => 0),
    createButton("◀", "one step back", () => page.step - 1),
  ];
  const forward = [
    createButton("▶", "one step forward", () => page.step + 1),
    createButton("▶|", "last step", () => page.finalStep),
  ];
  const slider = createElement("input", { type: "range", min: "0", "aria-label": "step" });
  const readout = createElement("output", { class: "readout" });
  slider.addEventListener("input", () => seek(Number(slider.value)));
  page.observe(["step", "steps"], () => {
    const { step, finalStep } = page;
    const steps = page.model.get("steps");
    slider.max = String(finalStep);
    slider.value = String(step);
    readout.textContent = step === finalStep ? `all ${steps} steps` : `step ${step} / ${steps}`;
    slider.setAttribute("aria-valuetext", readout.textContent);
    // Not `disabled`, which would take the focus away from who has pressed it to the end.
    for (const button of back) button.setAttribute("aria-disabled", String(step === 0));
    for (const button of forward) button.setAttribute("aria-disabled", String(step === finalStep));
  });
  const attributes = { class: "steps", role: "group", "aria-label": "steps" };
  const controls = [...back, player.button, ...forward, slider, readout];
  const element = createElement("div", attributes, ...controls);
  return { element, seek, togglePlaying: player.toggle };
}

/**
 * The button that plays the steps one after the other, from the first if all are shown.
 * @param {Page} page
 */
function createPlayer(page) {
  const button = createElement("button", { class: "play", type: "button" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @type {(text: string, label: string) => void} */
  const setLabel = (text, label) => {
    button.textContent = text;
    button.setAttribute("aria-label", label);
  };
  const isAtEnd = () => page.step === page.finalStep;
  const pause = () => {
    clearInterval(timer);
    timer = undefined;
    setLabel("▶ play", "play");
  };
  const toggle = () => {
    if (timer !== undefined) return pause();
    if (isAtEnd()) page.seek(0);
    setLabel("❚❚ pause", "pause");
    timer = setInterval(() => {
      page.seek(page.step + 1);
      if (isAtEnd()) pause();
    }, PLAY_INTERVAL_MS);
  };
  pause();
  button.addEventListener("click", toggle);
  page.signal.addEventListener("abort", pause);
  return { button, pause, toggle };
}

// Words -----------------------------------------------------------------------------------------

/**
 * What is wrong with an entry, or that no kernel answers; over words that are no longer true.
 * @param {Page} page
 */
function createMessage(page) {
  const element = createElement("div", { class: "message", role: "alert" });
  const timer = createTimer(page);
  /** @param {string} text */
  const show = (text) => {
    if (element.textContent !== text) element.textContent = text; // which is read out each time
    element.hidden = !text;
  };
  page.onRequest = () => timer.start(ANSWER_TIMEOUT_MS, () => show(NO_ANSWER));
  page.observe(["answered", "message"], () => {
    timer.stop();
    show(page.model.get("message"));
  });
  return element;
}

/** @param {Page} page */
function createPanel(page) {
  const element = createElement("div", { class: "panel" });
  page.observe(["panel"], () => (element.innerHTML = page.model.get("panel")));
  return element;
}

/** @param {Page} page */
function createCode(page) {
  const element = createElement("code", { class: "code" });
  page.observe(["code"], () => (element.textContent = page.model.get("code")));
  return element;
}

/**
 * What a screen reader is told of a change, once it has settled.
 * @param {Page} page
 */
function createAnnouncement(page) {
  const element = createElement("div", { class: "screen-reader-only", role: "status" });
  const timer = createTimer(page);
  const announce = () => (element.textContent = page.model.get("summary"));
  page.observe(["summary"], () => timer.start(ANNOUNCE_DELAY_MS, announce));
  return element;
}

/**
 * A timer that begins anew at each start, and ends with the page.
 * @param {Page} page
 */
function createTimer({ signal }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const stop = () => clearTimeout(timer);
  /** @type {(delay: number, callback: () => void) => void} */
  const start = (delay, callback) => {
    stop();
    timer = setTimeout(callback, delay);
  };
  signal.addEventListener("abort", stop);
  return { start, stop };
}

// Elements --------------------------------------------------------------------------------------

/**
 * Words that once took three lines keep them: nothing below moves when fewer would do. In another
 * width they begin anew.
 * @type {(element: HTMLElement, page: Page) => void}
 */
function preventShrinking(element, { signal }) {
  let width = 0;
  const keepHeight = () => (element.style.minHeight = `${element.offsetHeight}px`);
  const releaseHeight = () => ((element.style.minHeight = ""), keepHeight());
  const observer = new ResizeObserver(() => {
    // An observer that makes smaller what it observes is reported as a loop: not in this frame.
    if (element.offsetWidth === width) keepHeight();
    else requestAnimationFrame(releaseHeight);
    width = element.offsetWidth;
  });
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
}

/**
 * New controls in the place of old ones; the focus stays with the name that has it.
 * @type {(container: HTMLElement, controls: HTMLElement[]) => void}
 */
function replaceControls(container, controls) {
  const name = focusedInside(container)?.getAttribute("data-name");
  container.replaceChildren(...controls);
  if (name) focusFirst(container, `[data-name="${CSS.escape(name)}"]`, { preventScroll: true });
}

/** @type {(container: HTMLElement, selector: string, options?: FocusOptions) => void} */
function focusFirst(container, selector, options) {
  /** @type {HTMLElement | null} */
  const element = container.querySelector(selector);
  element?.focus(options);
}

/** @param {HTMLElement} container */
function focusedInside(container) {
  return container.contains(document.activeElement) ? document.activeElement : null;
}

/** @type {(heading: string, children: HTMLElement[]) => HTMLElement} */
function createRow(heading, children) {
  const title = createElement("span", { class: "heading" }, heading);
  const element = createElement("div", { class: "row" }, title, ...children);
  element.hidden = !children.length;
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function createElement(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (tag === "input" || tag === "button") element.setAttribute(SUPPRESS_SHORTCUTS, "true");
  element.append(...children);
  return element;
}

export default { render };

// @ts-check
/**
 * The live picture. Python paints it once and computes every number; this module applies small
 * patches to it, shows the step that was asked for, and reports what the learner did.
 *
 * Nothing is loaded from anywhere, and no mathematics happens here.
 *
 * @typedef {{text?: string, class?: string, since?: number, until?: number, width?: number,
 *            tint?: number, title?: string}} Look
 * @typedef {{key: string, kind: "input" | "seed", shape: number[], min: number, max: number,
 *            step: number}} Field
 * @typedef {string | number} Entry  what a field holds: text, if Python is to say what is wrong
 * @typedef {{id: string, label: string}} Switch
 * @typedef {{name: string, words: string, open: boolean, exit: string, members: string[]}} Group
 * @typedef {[edge: string, source: string, target: string]} Link
 * @typedef {{get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *            on(event: string, callback: () => void): void,
 *            off(event: string, callback: () => void): void}} Model
 * @typedef {{model: Model, act: ReturnType<typeof actions>, signal: AbortSignal,
 *            follow(names: string[], callback: () => void): void}} Page  What every part is given;
 *   `follow` calls at once and after every change, until `signal` says that the page is left
 */

const NEVER = 1e9;
const MARGIN = 40; // what is shown around a card that the picture scrolls to
const PLAY_MS = 1100; // time to read one step
const PATIENCE_MS = 5000; // for an answer: a kernel that is busy may take this long
const SPEAK_AFTER_MS = 600; // a screen reader hears where a drag ends, not every point on its way

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const leaving = new AbortController();
  const { signal } = leaving;
  /** @type {Page["follow"]} */
  const follow = (names, callback) => {
    for (const name of names) {
      model.on(`change:${name}`, callback);
      signal.addEventListener("abort", () => model.off(`change:${name}`, callback));
    }
    callback();
  };
  const patience = patienceOf(model, signal);
  const act = actions(model, patience);
  const page = { model, act, signal, follow };
  const picture = pictureOf(model);
  const transport = transportOf(page);
  const told = make("div", { class: "told" }, panelOf(page), messageOf(page, patience));
  const code = codeOf(page);

  el.classList.add("nbgrad", "nbgrad-explorer");
  el.append(
    groupsOf(page), // above the picture, whose height changes with every click
    picture.host,
    make(
      "div",
      { class: "rows" },
      row("inputs", fieldsOf(page, "input")),
      row("grad_ys", fieldsOf(page, "seed")),
    ),
    make("div", { class: "row" }, switchesOf(page), transport.host),
    told,
    code,
    spokenOf(page),
  );
  neverLower(told, signal);
  neverLower(code, signal);

  follow(["svg"], () => picture.mount());
  follow(["patch", "stopped"], () => picture.update());
  follow(["step"], () => (picture.show(), picture.followWork()));
  watchPointer(picture, page);
  watchKeys(picture, page);
  el.addEventListener("keydown", (event) => onKey(event, el, transport, act), { signal });
  return () => {
    leaving.abort();
    el.replaceChildren();
    el.classList.remove("nbgrad", "nbgrad-explorer");
  };
}

/**
 * What a learner can do, whether by mouse, by key or by check box.
 * @param {Model} model
 * @param {ReturnType<typeof patienceOf>} patience
 */
function actions(model, patience) {
  /** @type {(name: string, value: any) => void} */
  const tell = (name, value) => {
    model.set(name, value);
    model.save_changes();
    if (name !== "step") patience.begin(); // the steps are all here, and need no answer
  };
  return {
    /** @type {(trait: "inputs" | "seeds", key: string, entries: Entry[]) => void} */
    put: (trait, key, entries) => tell(trait, { ...model.get(trait), [key]: entries }),
    /** The step after the last one shows everything, with nothing at work. */
    last: () => model.get("steps") + 1,
    /** @param {number} k */
    seek(k) {
      tell("step", Math.max(0, Math.min(k, model.get("steps") + 1)));
    },
    /** @param {number} by */
    move(by) {
      this.seek(Math.min(model.get("step"), this.last()) + by);
    },
    /** @param {string} id */
    toggleStop(id) {
      const stopped = new Set(model.get("stopped"));
      if (!stopped.delete(id)) stopped.add(id);
      tell("stopped", [...stopped]);
    },
    /** @param {Group | undefined} group */
    toggleGroup(group) {
      if (!group) return;
      const opened = new Set(model.get("opened"));
      if (!opened.delete(group.name)) opened.add(group.name);
      tell("opened", [...opened]);
    },
  };
}

// The picture ---------------------------------------------------------------------------------

/** @param {Model} model */
function pictureOf(model) {
  const host = make("div", { class: "picture", role: "group", "aria-label": "picture" });
  /** @type {Map<string, ReturnType<typeof partOf>>} */
  let parts = new Map();
  /** @type {Set<string>} */
  let patched = new Set();
  /** The card that the learner looks at: its edges tell everything, also in a crowd. */
  let near = "";

  return {
    host,
    /** @param {string} id */
    lookAt(id) {
      if (id === near) return;
      near = id;
      this.show();
    },
    mount() {
      const focused = host.contains(document.activeElement) && document.activeElement;
      const id = focused instanceof SVGElement ? focused.dataset.node ?? "" : "";
      host.innerHTML = model.get("svg");
      const found = /** @type {NodeListOf<SVGElement>} */ (host.querySelectorAll("[data-id]"));
      parts = new Map([...found].map((element) => [element.dataset.id ?? "", partOf(element)]));
      patched = new Set();
      makeCardsOperable(host, model);
      // Whoever has no mouse scrolls from card to card; where there are none, the picture itself.
      if (!cards(host).length) host.tabIndex = 0;
      this.update();
      if (id) focusOn(host, cardOf(host, id) ?? cardOf(host, groupAt(model, id)?.exit ?? ""));
    },
    /** The picture is always what was painted, changed by the latest patch, at this step. */
    update() {
      const patch = /** @type {Record<string, Look>} */ (model.get("patch"));
      for (const id of patched) if (!(id in patch)) parts.get(id)?.restore();
      for (const [id, look] of Object.entries(patch)) parts.get(id)?.apply(look);
      patched = new Set(Object.keys(patch));
      this.show();
      const stopped = new Set(model.get("stopped"));
      for (const card of cards(host)) {
        if (card.hasAttribute("aria-expanded")) continue; // its click does not stop but unfolds
        card.setAttribute("aria-pressed", String(stopped.has(card.dataset.node ?? "")));
      }
    },
    show() {
      const k = Math.min(model.get("step"), model.get("steps") + 1);
      const links = /** @type {Link[]} */ (model.get("links"));
      const close = new Set(links.filter((link) => link.includes(near, 1)).map(([edge]) => edge));
      for (const part of parts.values()) part.showAt(k, close);
    },
    /** In a picture that scrolls, whatever is at work in this step is to be seen. */
    followWork() {
      if (host.scrollHeight <= host.clientHeight && host.scrollWidth <= host.clientWidth) return;
      const working = host.querySelector(".halo:not([data-away], .off)");
      if (working) reveal(host, working);
    },
  };
}

/**
 * One element of the picture, which remembers how it was painted.
 * @param {SVGElement} element
 */
function partOf(element) {
  const words = wordsOf(element);
  const shape = element.querySelector(":scope > rect");
  const painted = {
    text: words?.nodeValue ?? "",
    class: element.getAttribute("class") ?? "",
    since: Number(element.dataset.since ?? 0),
    until: Number(element.dataset.until ?? NEVER),
    width: element.style.strokeWidth,
    rect: shape && {
      x: Number(shape.getAttribute("x")),
      width: Number(shape.getAttribute("width")),
    },
    tint: shape instanceof SVGElement ? shape.style.fillOpacity : "",
    title: element.querySelector(":scope > title")?.textContent ?? "",
  };
  let since = painted.since;
  let until = painted.until;
  let away = element.hasAttribute("data-away");
  const edge = element.closest("[data-edge]")?.getAttribute("data-edge") ?? "";

  return {
    /** @param {Look} look */
    apply(look) {
      const text = look.text ?? painted.text;
      if (words && words.nodeValue !== text) words.nodeValue = text;
      const classes = look.class ?? painted.class;
      if (element.getAttribute("class") !== classes) element.setAttribute("class", classes);
      since = look.since ?? painted.since;
      until = look.until ?? painted.until;
      if (shape && painted.rect) resize(shape, painted.rect, look.width, endsAnchored(element));
      else element.style.strokeWidth = look.width ? String(look.width) : painted.width;
      if (shape instanceof SVGElement) {
        shape.style.fillOpacity = look.tint === undefined ? painted.tint : String(look.tint);
      }
      retitle(element, look.title ?? painted.title);
    },
    restore() {
      this.apply({});
    },
    /**
     * A chip in a crowded picture is quiet: it shows in its own step, and when its edge is close
     * to what the learner looks at.
     * @param {number} k
     * @param {Set<string>} close
     */
    showAt(k, close) {
      const told = close.has(edge) && element.classList.contains("quiet");
      const hidden = k < since || (k >= until && !told);
      if (hidden !== away) element.toggleAttribute("data-away", (away = hidden));
    },
  };
}

/**
 * The text node that holds an element's words: before the tail of a header, inside a chip.
 * @param {SVGElement} element
 */
function wordsOf(element) {
  const text = element.tagName === "text" ? element : element.querySelector(":scope > text");
  if (!text) return null;
  if (text.firstChild?.nodeType !== Node.TEXT_NODE) text.prepend(document.createTextNode(""));
  return text.firstChild;
}

/** @param {SVGElement} element */
function endsAnchored(element) {
  return element.querySelector(":scope > text")?.getAttribute("text-anchor") === "end";
}

/**
 * A pill of another width keeps its middle, or its right end where the text ends there.
 * @param {Element} shape
 * @param {{x: number, width: number}} painted
 * @param {number | undefined} width
 * @param {boolean} byEnd
 */
function resize(shape, painted, width, byEnd) {
  const wanted = width ?? painted.width;
  const slack = painted.width - wanted;
  shape.setAttribute("x", String(painted.x + (byEnd ? slack : slack / 2)));
  shape.setAttribute("width", String(wanted));
}

/**
 * @param {SVGElement} element
 * @param {string} words
 */
function retitle(element, words) {
  let title = element.querySelector(":scope > title");
  if (!title && words) {
    title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    element.prepend(title);
  }
  if (title && title.textContent !== words) title.textContent = words;
}

// Cards that can be stopped or unfolded ---------------------------------------------------------

/** @param {HTMLElement} host */
function cards(host) {
  return /** @type {NodeListOf<SVGElement>} */ (host.querySelectorAll("[data-node][tabindex]"));
}

/**
 * @param {HTMLElement} host
 * @param {string} id
 */
function cardOf(host, id) {
  return [...cards(host)].find((card) => card.dataset.node === id);
}

/**
 * The group that a card stands for, or else the innermost open one that it is in.
 * @param {Model} model
 * @param {string} id
 * @returns {Group | undefined}
 */
function groupAt(model, id) {
  const groups = /** @type {Group[]} */ (model.get("groups"));
  return (
    groups.find((group) => !group.open && group.members.includes(id)) ??
    groups
      .filter((group) => group.open && group.members.includes(id))
      .sort((a, b) => a.members.length - b.members.length)[0]
  );
}

/**
 * @param {HTMLElement} host
 * @param {Model} model
 */
function makeCardsOperable(host, model) {
  for (const { id, label } of /** @type {Switch[]} */ (model.get("switches"))) {
    const card = host.querySelector(`[data-node="${id}"]`);
    const group = groupAt(model, id);
    const folded = group && !group.open;
    card?.setAttribute("tabindex", "0");
    card?.setAttribute("role", "button");
    card?.setAttribute("data-lm-suppress-shortcuts", "true");
    card?.setAttribute(
      "aria-label",
      folded ? `${label}: unfold ${group.words}` : `${label}: stop the gradient here`,
    );
    if (folded) card?.setAttribute("aria-expanded", "false");
  }
}

/**
 * The card of an event; only one that can be pressed, or any.
 * @param {Event} event
 * @param {string} [which]
 * @returns {SVGElement | null}
 */
function cardAt(event, which = "[data-node][tabindex]") {
  return event.target instanceof Element ? event.target.closest(which) : null;
}

/**
 * Stop the gradient at a card, or unfold it.
 * @param {SVGElement} card
 * @param {Page} page
 */
function press(card, { model, act }) {
  const id = card.dataset.node ?? "";
  if (card.hasAttribute("aria-expanded")) act.toggleGroup(groupAt(model, id));
  else act.toggleStop(id);
}

/**
 * A click presses a card; whatever the pointer or the focus is on is looked at.
 * @param {ReturnType<typeof pictureOf>} picture
 * @param {Page} page
 */
function watchPointer(picture, page) {
  const { host } = picture;
  const { signal } = page;
  for (const arriving of ["pointerover", "focusin"]) {
    const look = (/** @type {Event} */ event) =>
      picture.lookAt(cardAt(event, "[data-node]")?.dataset.node ?? "");
    host.addEventListener(arriving, look, { signal });
  }
  host.addEventListener("pointerleave", () => picture.lookAt(""), { signal });
  const click = (/** @type {Event} */ event) => {
    const card = cardAt(event);
    if (card) press(card, page);
  };
  host.addEventListener("click", click, { signal });
}

/**
 * With the focus on a card, keys press it, and the arrows walk the graph.
 * @param {ReturnType<typeof pictureOf>} picture
 * @param {Page} page
 */
function watchKeys({ host }, page) {
  const { model, act, signal } = page;
  /** @type {(card: SVGElement, id: string) => Record<string, () => void>} */
  const keysAt = (card, id) => ({
    Enter: () => press(card, page),
    " ": () => press(card, page),
    s: () => act.toggleStop(id),
    f: () => act.toggleGroup(groupAt(model, id)),
    ArrowRight: () => walk(host, model, id, "forward"),
    ArrowLeft: () => walk(host, model, id, "back"),
    ArrowDown: () => beside(host, card, 1),
    ArrowUp: () => beside(host, card, -1),
  });
  const onCard = (/** @type {KeyboardEvent} */ event) => {
    const card = cardAt(event);
    const go = card && keysAt(card, card.dataset.node ?? "")[event.key];
    if (!go || event.ctrlKey || event.metaKey || event.altKey) return;
    go();
    event.preventDefault();
    event.stopPropagation();
  };
  host.addEventListener("keydown", onCard, { signal });
}

/**
 * Focus the first card at the other end of an edge: of those that leave a card, or come to it.
 * @param {HTMLElement} host
 * @param {Model} model
 * @param {string} id
 * @param {"forward" | "back"} direction
 */
function walk(host, model, id, direction) {
  for (const [, source, target] of /** @type {Link[]} */ (model.get("links"))) {
    const [here, there] = direction === "forward" ? [source, target] : [target, source];
    if (here !== id) continue;
    const card = cardOf(host, there);
    if (card) return focusOn(host, card);
  }
}

/**
 * @param {HTMLElement} host
 * @param {SVGElement} card
 * @param {number} by
 */
function beside(host, card, by) {
  const all = [...cards(host)];
  focusOn(host, all[all.indexOf(card) + by]);
}

/**
 * The picture scrolls to the card, and the notebook around it stays where it is.
 * @param {HTMLElement} host
 * @param {SVGElement | undefined} card
 */
function focusOn(host, card) {
  card?.focus({ preventScroll: true });
  if (card) reveal(host, card);
}

/**
 * Scroll as little as is needed to show an element and a little around it.
 * @param {HTMLElement} host
 * @param {Element} element
 */
function reveal(host, element) {
  const frame = host.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const top = shift(box.top - frame.top, box.bottom - frame.bottom);
  const left = shift(box.left - frame.left, box.right - frame.right);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (top || left) host.scrollBy({ top, left, behavior: still ? "instant" : "smooth" });
}

/**
 * How far to scroll along one direction; of what is larger than the frame, its beginning is shown.
 * @param {number} start from the frame's start to the element's
 * @param {number} end from the frame's end to the element's
 */
function shift(start, end) {
  const before = start - MARGIN;
  return before < 0 ? before : Math.max(0, Math.min(end + MARGIN, before));
}

// Controls --------------------------------------------------------------------------------------

/**
 * @param {Page} page
 * @param {"input" | "seed"} kind
 */
function fieldsOf(page, kind) {
  const fields = /** @type {Field[]} */ (page.model.get("fields"));
  return fields.filter((field) => field.kind === kind).map((field) => fieldOf(page, field));
}

/**
 * A slider and number fields for one input or seed.
 * @param {Page} page
 * @param {Field} field
 */
function fieldOf({ model, act, signal, follow }, field) {
  const trait = field.kind === "input" ? "inputs" : "seeds";
  const entries = () => /** @type {Entry[]} */ (model.get(trait)[field.key]);
  const names = cellNames(field);
  const label = make("b", { style: `--letters:${longest(names)}` });
  const slider = make("input", {
    type: "range",
    min: String(field.min),
    max: String(field.max),
    step: String(field.step),
  });
  const cells = names.map((name) =>
    make("input", { type: "text", inputmode: "decimal", "aria-label": spoken(field, name) }),
  );
  let chosen = 0; // the cell that the slider moves: the one that had the focus last
  const showChosen = () => {
    moveTo(slider, field, Number(entries()[chosen]));
    slider.setAttribute("aria-label", spoken(field, names[chosen]));
    label.textContent = names[chosen];
    cells.forEach((cell, i) => cell.classList.toggle("chosen", cells.length > 1 && i === chosen));
  };
  /** @param {Entry} entry */
  const put = (entry) =>
    act.put(trait, field.key, entries().map((old, i) => (i === chosen ? entry : old)));

  slider.addEventListener("input", () => put(Number(slider.value)), { signal });
  cells.forEach((cell, i) => {
    const take = () => ((chosen = i), put(asTyped(cell.value)));
    cell.addEventListener("focus", () => ((chosen = i), showChosen()), { signal });
    cell.addEventListener("input", () => isBegun(cell.value) || take(), { signal });
    cell.addEventListener("change", take, { signal });
  });
  follow([trait], () => {
    entries().forEach((entry, i) => showEntry(cells[i], entry));
    showChosen();
  });
  follow(["wrong"], () => {
    for (const cell of cells) {
      const wrong = cell.getAttribute("aria-label") === model.get("wrong");
      cell.setAttribute("aria-invalid", String(wrong));
    }
  });
  const style = `--columns:${field.shape.at(-1) ?? 1};--letters:${longest(entries())}`;
  return make(
    "span",
    { class: `field ${field.kind}`, role: "group", "aria-label": `${trait} ${field.key}` },
    label,
    slider,
    make("span", { class: "cells", style }, ...cells),
  );
}

/**
 * What somebody is typing is left alone: "3." is the beginning of "3.5".
 * @param {HTMLInputElement} cell
 * @param {Entry} entry
 */
function showEntry(cell, entry) {
  if (cell === document.activeElement && asTyped(cell.value) === entry) return;
  cell.value = String(entry);
}

/**
 * The slider at a value; with room for one beyond its end, which is taken back afterwards.
 * @param {HTMLInputElement} slider
 * @param {Field} field
 * @param {number} value
 */
function moveTo(slider, field, value) {
  if (!Number.isFinite(value)) return;
  // Not under the learner's hand: a slider that shrinks while it moves runs away.
  if (slider !== document.activeElement) {
    const times = Math.abs(value) > field.max ? (Math.abs(value) * 2) / field.max : 1;
    slider.max = String(field.max * times);
    slider.min = String(field.min * times);
    slider.step = String(field.step * times);
  }
  slider.value = String(value);
}

/**
 * The length of the longest of some texts and numbers: room for it is kept from the beginning.
 * @param {Entry[]} items
 */
function longest(items) {
  return Math.max(...items.map((item) => String(item).length));
}

/**
 * A cell as Python's messages and a screen reader name it.
 * @param {Field} field
 * @param {string} name
 */
function spoken(field, name) {
  return field.kind === "seed" ? `seed of ${name}` : name;
}

/**
 * "x" for a scalar, "W[0, 1]" for a cell of a matrix.
 * @param {Field} field
 * @returns {string[]}
 */
function cellNames({ key, shape }) {
  if (!shape.length) return [key];
  const count = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, flat) => {
    const index = [];
    for (let rest = flat, axis = shape.length - 1; axis >= 0; axis--) {
      index.unshift(rest % shape[axis]);
      rest = Math.floor(rest / shape[axis]);
    }
    return `${key}[${index.join(", ")}]`;
  });
}

/**
 * Whether a text may yet become a number: "", "-", "1e". Nobody wants to be told so early.
 * @param {string} text
 */
function isBegun(text) {
  return /^[-+−]?(\d*\.?\d*e[-+−]?|\.)?$/i.test(text.trim());
}

/**
 * A number where the text is one; else the text, so that Python can say what is wrong with it.
 * @param {string} text
 */
function asTyped(text) {
  const value = Number(text.replace("−", "-"));
  return text.trim() && Number.isFinite(value) ? value : text;
}

/**
 * A check box for each card.
 * @param {Page} page
 */
function switchesOf({ model, act, follow }) {
  const boxes = make("div", { class: "boxes" });
  const host = make("fieldset", { class: "switches" }, make("legend", {}, "stop_gradients"), boxes);
  follow(["switches"], () => {
    const switches = /** @type {Switch[]} */ (model.get("switches"));
    const labels = switches.map(({ id, label }) => {
      const box = make("input", { type: "checkbox", "data-name": id });
      box.addEventListener("change", () => act.toggleStop(id));
      return make("label", {}, box, label);
    });
    refill(boxes, labels);
    host.hidden = !switches.length;
  });
  follow(["switches", "stopped"], () => {
    const stopped = new Set(model.get("stopped"));
    for (const box of boxes.querySelectorAll("input")) {
      box.checked = stopped.has(box.dataset.name);
    }
  });
  return host;
}

/**
 * A button for each group of operations that is, or can be, folded into one card.
 * @param {Page} page
 */
function groupsOf({ model, act, follow }) {
  const buttons = make("span", { class: "groups" });
  const host = row("groups", [buttons]);
  follow(["groups"], () => {
    const groups = /** @type {Group[]} */ (model.get("groups"));
    const made = groups.map((group) => {
      const button = make(
        "button",
        { type: "button", "data-name": group.name, "aria-expanded": String(group.open) },
        `${group.open ? "⊟" : "⊞"} ${group.words}`,
      );
      button.addEventListener("click", () => act.toggleGroup(group));
      return button;
    });
    refill(buttons, made);
    host.hidden = !groups.length;
  });
  return host;
}

/**
 * The step slider with its buttons.
 * @param {Page} page
 */
function transportOf(page) {
  const { model, act, signal, follow } = page;
  const player = playerOf(page);
  /** @type {(text: string, label: string, go: () => void) => HTMLElement} */
  const button = (text, label, go) => {
    const made = make("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", () => (player.pause(), go()), { signal });
    return made;
  };
  const back = [
    button("|◀", "first step", () => act.seek(0)),
    button("◀", "one step back", () => act.move(-1)),
  ];
  const forward = [
    button("▶", "one step forward", () => act.move(1)),
    button("▶|", "last step", () => act.seek(act.last())),
  ];
  const slider = make("input", { type: "range", min: "0", step: "1", "aria-label": "step" });
  const readout = make("output", { class: "readout" });
  const drag = () => (player.pause(), act.seek(Number(slider.value)));
  slider.addEventListener("input", drag, { signal });
  follow(["step", "steps"], () => {
    const steps = model.get("steps");
    const k = Math.min(model.get("step"), steps + 1);
    slider.max = String(steps + 1);
    slider.value = String(k);
    readout.textContent = k > steps ? `all ${steps} steps` : `step ${k} / ${steps}`;
    slider.setAttribute("aria-valuetext", readout.textContent);
    // Not `disabled`, which would take the focus away from who has pressed it to the end.
    for (const each of back) each.setAttribute("aria-disabled", String(k === 0));
    for (const each of forward) each.setAttribute("aria-disabled", String(k > steps));
  });
  const attributes = { class: "transport", role: "group", "aria-label": "steps" };
  const host = make("div", attributes, ...back, player.button, ...forward, slider, readout);
  return { host, pause: player.pause, toggle: player.toggle };
}

/**
 * The button that plays the steps one after the other, from the first if all are shown.
 * @param {Page} page
 */
function playerOf({ model, act, signal }) {
  const button = make("button", { class: "play", type: "button" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @type {(text: string, label: string) => void} */
  const say = (text, label) => {
    button.textContent = text;
    button.setAttribute("aria-label", label);
  };
  const atEnd = () => model.get("step") > model.get("steps");
  const pause = () => {
    clearInterval(timer);
    timer = undefined;
    say("▶ play", "play");
  };
  const toggle = () => {
    if (timer !== undefined) return pause();
    if (atEnd()) act.seek(0);
    say("❚❚ pause", "pause");
    timer = setInterval(() => {
      act.move(1);
      if (atEnd()) pause();
    }, PLAY_MS);
  };
  pause();
  button.addEventListener("click", toggle, { signal });
  signal.addEventListener("abort", pause);
  return { button, pause, toggle };
}

/**
 * Keys for the whole widget; sliders and fields keep their own.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} el
 * @param {ReturnType<typeof transportOf>} transport
 * @param {ReturnType<typeof actions>} act
 */
function onKey(event, el, transport, act) {
  if (event.target instanceof HTMLElement && event.target.closest("input, button")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowRight: () => (transport.pause(), act.move(1)),
    ArrowLeft: () => (transport.pause(), act.move(-1)),
    Home: () => (transport.pause(), act.seek(0)),
    End: () => (transport.pause(), act.seek(act.last())),
    " ": () => transport.toggle(),
    g: () => /** @type {HTMLElement | null} */ (el.querySelector(".seed .cells input"))?.focus(),
  };
  if (!keys[event.key]) return;
  keys[event.key]();
  event.preventDefault();
}

// Words -----------------------------------------------------------------------------------------

/**
 * Waits for Python's answer to what the learner did, and says so if none comes.
 * @param {Model} model
 * @param {AbortSignal} signal
 */
function patienceOf(model, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let silent = false;
  /** @type {() => void} */
  let changed = () => {};
  /** @param {boolean} now */
  const become = (now) => {
    if (silent !== now) (silent = now), changed();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    begin() {
      clearTimeout(timer);
      const asked = model.get("answered");
      timer = setTimeout(() => become(model.get("answered") === asked), PATIENCE_MS);
    },
    answered() {
      clearTimeout(timer);
      become(false);
    },
    /** @param {() => void} callback */
    follow: (callback) => (changed = callback),
    isOver: () => silent,
  };
}

/**
 * What is wrong, over the words that are no longer true.
 * @param {Page} page
 * @param {ReturnType<typeof patienceOf>} patience
 */
function messageOf({ model, follow }, patience) {
  const host = make("div", { class: "message", role: "alert" });
  const show = () => {
    host.textContent = patience.isOver()
      ? "No kernel answers, so the picture shows what was before. Run the cell again."
      : model.get("message");
    host.hidden = !host.textContent;
  };
  patience.follow(show);
  follow(["message"], show);
  follow(["answered"], () => patience.answered());
  return host;
}

/** @param {Page} page */
function panelOf({ model, follow }) {
  const host = make("div", { class: "panel" });
  follow(["panel"], () => (host.innerHTML = model.get("panel")));
  return host;
}

/** @param {Page} page */
function codeOf({ model, follow }) {
  const host = make("code", { class: "code" });
  follow(["code"], () => (host.textContent = model.get("code")));
  return host;
}

/**
 * What a screen reader is told of a change, once it has settled.
 * @param {Page} page
 */
function spokenOf({ model, signal, follow }) {
  const host = make("div", { class: "spoken", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  follow(["summary"], () => {
    clearTimeout(timer);
    timer = setTimeout(() => (host.textContent = model.get("summary")), SPEAK_AFTER_MS);
  });
  signal.addEventListener("abort", () => clearTimeout(timer));
  return host;
}

// Elements --------------------------------------------------------------------------------------

/**
 * Words that once took three lines keep them: nothing below moves when fewer would do.
 * @param {HTMLElement} element
 * @param {AbortSignal} signal
 */
function neverLower(element, signal) {
  const observer = new ResizeObserver(() => {
    element.style.minHeight = `${element.offsetHeight}px`;
  });
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
}

/**
 * New controls in the place of old ones; the focus stays with the name that has it.
 * @param {HTMLElement} host
 * @param {HTMLElement[]} children
 */
function refill(host, children) {
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  const name = focused instanceof HTMLElement ? focused.dataset.name : undefined;
  host.replaceChildren(...children);
  const named = /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll("[data-name]"));
  [...named].find((each) => each.dataset.name === name)?.focus({ preventScroll: true });
}

/**
 * @param {string} heading
 * @param {HTMLElement[]} children
 */
function row(heading, children) {
  const title = make("span", { class: "heading" }, heading);
  const host = make("div", { class: "row" }, title, ...children);
  host.hidden = !children.length;
  return host;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  // With the focus on a control, JupyterLab would take an arrow key for its own, and "x" for
  // "cut this cell"; it looks for this on the focused element itself.
  if (["input", "button"].includes(tag)) element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

export default { render };

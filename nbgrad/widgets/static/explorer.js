// @ts-check
/**
 * The live picture. Python paints it once and computes every number; this module applies small
 * patches to it, shows the step that was asked for, and reports what the learner did.
 *
 * Nothing is loaded from anywhere, and no mathematics happens here.
 *
 * @typedef {{text?: string, class?: string, since?: number, until?: number, width?: number,
 *            tint?: number, title?: string}} Look
 * @typedef {{key: string, kind: "input" | "weight", shape: number[], min: number, max: number,
 *            step: number}} Field
 * @typedef {{id: string, label: string}} Switch
 * @typedef {{name: string, words: string, open: boolean, exit: string, members: string[]}} Group
 * @typedef {[edge: string, source: string, target: string]} Link
 * @typedef {{get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *            on(event: string, callback: () => void): void,
 *            off(event: string, callback: () => void): void}} Model
 */

const NEVER = 1e9;
const MARGIN = 40; // what is shown around a card that the picture scrolls to
const PLAY_MS = 1100; // time to read one step
const PATIENCE_MS = 5000; // for an answer: a kernel that is busy may take this long
const SPEAK_AFTER_MS = 600; // a screen reader hears where a drag ends, not every point on its way

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const listening = new AbortController();
  /** @type {Array<() => void>} */
  const leaving = [() => listening.abort()];
  /** @type {(names: string[], callback: () => void) => void} */
  const follow = (names, callback) => {
    for (const name of names) model.on(`change:${name}`, callback);
    leaving.push(() => names.forEach((name) => model.off(`change:${name}`, callback)));
    callback();
  };
  const patience = patienceOf(model, listening.signal);
  /** @type {(name: string, value: any) => void} */
  const tell = (name, value) => {
    model.set(name, value);
    model.save_changes();
    if (name !== "step") patience.begin(); // the steps are all here, and need no answer
  };

  el.classList.add("nbgrad", "nbgrad-explorer");

  const picture = pictureOf(model);
  const act = actions(model, tell);
  const transport = transportOf(model, act, listening.signal);
  el.append(
    groupsOf(model, act, follow), // above the picture, whose height changes with every click
    picture.host,
    make(
      "div",
      { class: "rows" },
      row("inputs", fieldsOf(model, "input", tell, follow, listening.signal)),
      row("grad_ys", fieldsOf(model, "weight", tell, follow, listening.signal)),
    ),
    make("div", { class: "row below" }, switchesOf(model, act, follow), transport.host),
    neverLower(
      make("div", { class: "told" }, panelOf(model, follow), messageOf(model, patience, follow)),
      listening.signal,
    ),
    neverLower(codeOf(model, follow), listening.signal),
    spokenOf(model, follow, leaving),
  );

  follow(["svg"], () => picture.mount());
  follow(["patch", "stopped"], () => picture.update());
  follow(["step"], () => (picture.show(), picture.followWork()));
  follow(["step", "steps"], () => transport.update());
  leaving.push(() => transport.pause());
  watchCards(picture, model, act, listening.signal);
  el.addEventListener("keydown", (event) => onKey(event, el, transport, act), {
    signal: listening.signal,
  });
  return () => {
    leaving.forEach((leave) => leave());
    el.replaceChildren();
    el.classList.remove("nbgrad", "nbgrad-explorer");
  };
}

/**
 * What a learner can do, whether by mouse, by key or by check box.
 * @param {Model} model
 * @param {(name: string, value: any) => void} tell
 */
function actions(model, tell) {
  return {
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
      const others = model.get("opened").filter((/** @type {string} */ name) => name !== group.name);
      tell("opened", group.open ? others : [...others, group.name]);
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
    rect: shape && { x: Number(shape.getAttribute("x")), width: Number(shape.getAttribute("width")) },
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
 * A click on a card stops the gradient there, or unfolds it; with the focus on a card, keys do,
 * and the arrows walk the graph.
 * @param {ReturnType<typeof pictureOf>} picture
 * @param {Model} model
 * @param {ReturnType<typeof actions>} act
 * @param {AbortSignal} signal
 */
function watchCards(picture, model, act, signal) {
  const { host } = picture;
  /** @type {(event: Event, which: string) => SVGElement | null} */
  const cardAt = (event, which) =>
    event.target instanceof Element ? event.target.closest(which) : null;
  const operable = "[data-node][tabindex]";
  for (const arriving of ["pointerover", "focusin"]) {
    host.addEventListener(
      arriving,
      (event) => picture.lookAt(cardAt(event, "[data-node]")?.dataset.node ?? ""),
      { signal },
    );
  }
  host.addEventListener("pointerleave", () => picture.lookAt(""), { signal });
  /** @param {SVGElement} card */
  const press = (card) => {
    const id = card.dataset.node ?? "";
    if (card.hasAttribute("aria-expanded")) act.toggleGroup(groupAt(model, id));
    else act.toggleStop(id);
  };
  host.addEventListener(
    "click",
    (event) => {
      const card = cardAt(event, operable);
      if (card) press(card);
    },
    { signal },
  );
  host.addEventListener(
    "keydown",
    (event) => {
      const card = cardAt(event, operable);
      if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
      const id = card.dataset.node ?? "";
      /** @type {Record<string, () => void>} */
      const keys = {
        Enter: () => press(card),
        " ": () => press(card),
        s: () => act.toggleStop(id),
        f: () => act.toggleGroup(groupAt(model, id)),
        ArrowRight: () => walk(host, model, id, "forward"),
        ArrowLeft: () => walk(host, model, id, "back"),
        ArrowDown: () => beside(host, card, 1),
        ArrowUp: () => beside(host, card, -1),
      };
      if (!keys[event.key]) return;
      keys[event.key]();
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
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
 * A slider and number fields for each input or weight.
 * @param {Model} model
 * @param {"input" | "weight"} kind
 * @param {(name: string, value: any) => void} tell
 * @param {(names: string[], callback: () => void) => void} follow
 * @param {AbortSignal} signal
 */
function fieldsOf(model, kind, tell, follow, signal) {
  const trait = kind === "input" ? "inputs" : "weights";
  const fields = /** @type {Field[]} */ (model.get("fields"));
  return fields
    .filter((field) => field.kind === kind)
    .map((field) => {
      const names = cellNames(field);
      const values = () => /** @type {Array<string | number>} */ (model.get(trait)[field.key]);
      const cells = names.map((name) =>
        make("input", { type: "text", inputmode: "decimal", "aria-label": spoken(field, name) }),
      );
      const slider = make("input", {
        type: "range",
        min: String(field.min),
        max: String(field.max),
        step: String(field.step),
      });
      const label = make("b", { style: `--letters:${longest(names)}` });
      let chosen = 0; // the cell that the slider moves: the one that had the focus last
      /** @param {string | number} value */
      const put = (value) => {
        const changed = values().map((old, i) => (i === chosen ? value : old));
        tell(trait, { ...model.get(trait), [field.key]: changed });
      };
      const showSlider = () => {
        const value = Number(values()[chosen]);
        if (Number.isFinite(value)) {
          // Not under the learner's hand: a slider that shrinks while it moves runs away.
          if (slider !== document.activeElement) reach(slider, field, value);
          slider.value = String(value);
        }
        slider.setAttribute("aria-label", spoken(field, names[chosen]));
        label.textContent = names[chosen];
        cells.forEach((cell, i) => cell.classList.toggle("chosen", cells.length > 1 && i === chosen));
      };
      slider.addEventListener("input", () => put(Number(slider.value)), { signal });
      cells.forEach((cell, i) => {
        cell.addEventListener("focus", () => ((chosen = i), showSlider()), { signal });
        const take = () => ((chosen = i), put(asTyped(cell.value)));
        cell.addEventListener("input", () => isBegun(cell.value) || take(), { signal });
        cell.addEventListener("change", take, { signal });
      });
      follow([trait], () => {
        values().forEach((value, i) => {
          // What somebody is typing is left alone: "-" is the beginning of "-3".
          if (cells[i] !== document.activeElement || asTyped(cells[i].value) !== value) {
            cells[i].value = String(value);
          }
        });
        showSlider();
      });
      follow(["wrong"], () => {
        cells.forEach((cell, i) => {
          cell.ariaInvalid = String(spoken(field, names[i]) === model.get("wrong"));
        });
      });
      const style = `--columns:${field.shape.at(-1) ?? 1};--letters:${longest(values())}`;
      return make(
        "span",
        { class: `field ${kind}`, role: "group", "aria-label": `${trait} ${field.key}` },
        label,
        slider,
        make("span", { class: "cells", style }, ...cells),
      );
    });
}

/**
 * The length of the longest of some texts and numbers: room for it is kept from the beginning.
 * @param {Array<string | number>} items
 */
function longest(items) {
  return Math.max(...items.map((item) => String(item).length));
}

/**
 * @param {Field} field
 * @param {string} name
 */
function spoken(field, name) {
  return field.kind === "weight" ? `weight of ${name}` : name;
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
 * Make room on a slider for a value beyond its end, and take it back afterwards.
 * @param {HTMLInputElement} slider
 * @param {Field} field
 * @param {number} value
 */
function reach(slider, field, value) {
  const times = Math.abs(value) > field.max ? (Math.abs(value) * 2) / field.max : 1;
  slider.max = String(field.max * times);
  slider.min = String(field.min * times);
  slider.step = String(field.step * times);
}

/**
 * A check box for each card.
 * @param {Model} model
 * @param {ReturnType<typeof actions>} act
 * @param {(names: string[], callback: () => void) => void} follow
 */
function switchesOf(model, act, follow) {
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
 * @param {Model} model
 * @param {ReturnType<typeof actions>} act
 * @param {(names: string[], callback: () => void) => void} follow
 */
function groupsOf(model, act, follow) {
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
 * @param {Model} model
 * @param {ReturnType<typeof actions>} act
 * @param {AbortSignal} signal
 */
function transportOf(model, act, signal) {
  const slider = make("input", { type: "range", min: "0", step: "1", "aria-label": "step" });
  const readout = make("output", { class: "readout" });
  const play = make("button", { class: "play", type: "button", "aria-label": "play" }, "▶ play");
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const pause = () => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "▶ play";
    play.setAttribute("aria-label", "play");
  };
  const toggle = () => {
    if (timer !== undefined) return pause();
    if (model.get("step") > model.get("steps")) act.seek(0);
    play.textContent = "❚❚ pause";
    play.setAttribute("aria-label", "pause");
    timer = setInterval(() => {
      if (model.get("step") > model.get("steps")) pause();
      else act.move(1);
    }, PLAY_MS);
  };
  /** @type {(text: string, label: string, go: () => void) => HTMLElement} */
  const button = (text, label, go) => {
    const made = make("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", () => (pause(), go()), { signal });
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
  play.addEventListener("click", toggle, { signal });
  slider.addEventListener("input", () => (pause(), act.seek(Number(slider.value))), { signal });
  const host = make(
    "div",
    { class: "transport", role: "group", "aria-label": "steps" },
    ...back,
    play,
    ...forward,
    slider,
    readout,
  );
  return {
    host,
    pause,
    toggle,
    update() {
      const steps = model.get("steps");
      const k = Math.min(model.get("step"), steps + 1);
      slider.max = String(steps + 1);
      slider.value = String(k);
      readout.textContent = k > steps ? `all ${steps} steps` : `step ${k} / ${steps}`;
      slider.setAttribute("aria-valuetext", readout.textContent);
      // Not `disabled`, which would take the focus away from who has pressed it to the end.
      for (const each of back) each.ariaDisabled = String(k === 0);
      for (const each of forward) each.ariaDisabled = String(k > steps);
    },
  };
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
    g: () => /** @type {HTMLElement | null} */ (el.querySelector(".weight .cells input"))?.focus(),
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
 * @param {Model} model
 * @param {ReturnType<typeof patienceOf>} patience
 * @param {(names: string[], callback: () => void) => void} follow
 */
function messageOf(model, patience, follow) {
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

/** @type {(model: Model, follow: Function) => HTMLElement} */
function panelOf(model, follow) {
  const host = make("div", { class: "panel" });
  follow(["panel"], () => (host.innerHTML = model.get("panel")));
  return host;
}

/** @type {(model: Model, follow: Function) => HTMLElement} */
function codeOf(model, follow) {
  const host = make("code", { class: "code" });
  follow(["code"], () => (host.textContent = model.get("code")));
  return host;
}

/**
 * What a screen reader is told of a change, once it has settled.
 * @param {Model} model
 * @param {(names: string[], callback: () => void) => void} follow
 * @param {Array<() => void>} leaving
 */
function spokenOf(model, follow, leaving) {
  const host = make("div", { class: "spoken", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  follow(["summary"], () => {
    clearTimeout(timer);
    timer = setTimeout(() => (host.textContent = model.get("summary")), SPEAK_AFTER_MS);
  });
  leaving.push(() => clearTimeout(timer));
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
  return element;
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
  const host = make("div", { class: "row" }, make("span", { class: "heading" }, heading), ...children);
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

// What a browser paints of every picture on a page, as JSON: one list of marks for each `.checked`.
//
// A mark is a text, a rectangle or a line. Its numbers are displayed pixels, counted from the upper
// left corner of its picture. `lines` are cubic pieces, each of eight numbers, and a straight piece is
// one, too. What shows only during some steps says so (`since`, `until`); what never shows is left out.
() => {
  const TIMED = "[data-since],[data-until]";
  const LEAVES = ["text", "path", "rect", "line", "polyline", "polygon", "circle", "ellipse", "image"]
    .map((tag) => `${tag}:not(.cells>*)`).join();
  const NEVER = 1e9;
  const SHOWN = { opacityProperty: true, visibilityProperty: true };

  const shows = (leaf) => leaf.checkVisibility(SHOWN);
  const timed = [...document.querySelectorAll(TIMED)];
  const leaves = [...document.querySelectorAll(".checked svg")].flatMap((svg) =>
    [...svg.querySelectorAll(LEAVES)].filter((leaf) => !leaf.closest("defs,clipPath,mask,pattern")));
  // What shows though all that has a time is away, always shows.
  for (const element of timed) element.setAttribute("data-away", "");
  const always = new Set(leaves.filter(shows));
  for (const element of timed) element.removeAttribute("data-away");
  const ever = new Set(leaves.filter(shows));

  const windowOf = (leaf) => {
    let [since, until] = [0, NEVER];
    for (let e = leaf; e && e.tagName !== "svg"; e = e.parentElement) {
      since = Math.max(since, Number(e.dataset.since ?? 0));
      until = Math.min(until, Number(e.dataset.until ?? NEVER));
    }
    return always.has(leaf) ? [0, NEVER] : [since, until];
  };

  const isPainted = (leaf) => {
    const { fill, stroke } = getComputedStyle(leaf), { width, height } = leaf.getBoundingClientRect();
    return (fill !== "none" || stroke !== "none") && width + height > 0;
  };

  const straight = (a, b) => [a, a, b, b];

  // The cubic pieces of a path of M, L, H, V, C and Z, or null if it has anything else.
  const pieces = (d) => {
    if (/[^MLHVCZmlhvczeE\d\s.,+-]/.test(d)) return null;
    const found = [];
    let [at, start] = [[0, 0], [0, 0]];
    const to = (point) => { found.push(straight(at, point)); at = point; };
    for (const [, letter, rest] of d.matchAll(/([MLHVCZmlhvcz])([^MLHVCZmlhvcz]*)/g)) {
      const numbers = (rest.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g) ?? []).map(Number);
      const name = letter.toUpperCase(), relative = letter !== name;
      const point = (x, y) => relative ? [at[0] + x, at[1] + y] : [x, y];
      if (name === "Z") to(start);
      if (name === "H") for (const x of numbers) to([relative ? at[0] + x : x, at[1]]);
      if (name === "V") for (const y of numbers) to([at[0], relative ? at[1] + y : y]);
      if (name === "C") for (let k = 0; k < numbers.length; k += 6) {
        const [a, b, end] = [0, 2, 4].map((n) => point(numbers[k + n], numbers[k + n + 1]));
        found.push([at, a, b, end]);
        at = end;
      }
      if (name === "M" || name === "L") for (let k = 0; k < numbers.length; k += 2) {
        const next = point(numbers[k], numbers[k + 1]);
        if (name === "M" && k === 0) at = start = next; else to(next);
      }
    }
    return found;
  };

  const sides = ({ x, y, width, height }) => pieces(`M${x},${y}h${width}v${height}h${-width}z`);

  const measured = (shape) => {
    const length = shape.getTotalLength(), count = Math.max(1, Math.ceil(length / 2));
    const points = Array.from({ length: count + 1 }, (_, k) => shape.getPointAtLength(k * length / count));
    return points.slice(1).map(({ x, y }, k) => straight([points[k].x, points[k].y], [x, y]));
  };

  const round = (x) => Math.round(x * 100) / 100;
  const linesOf = (leaf, look, corner) => {
    const stroked = look.stroke !== "none" && parseFloat(look.strokeWidth) > 0;
    const filled = look.fill !== "none" && leaf.tagName !== "rect";
    if (!leaf.getTotalLength || !(stroked || filled)) return [];
    const found = leaf.tagName === "rect" ? sides(leaf.getBBox())
      : (leaf.tagName === "path" && pieces(leaf.getAttribute("d") ?? "")) || measured(leaf);
    const m = leaf.getScreenCTM();
    return found.map((piece) => piece.flatMap(([x, y]) =>
      [round(m.a * x + m.c * y + m.e - corner.x), round(m.b * x + m.d * y + m.f - corner.y)]));
  };

  const mark = (leaf, svg, corner) => {
    const look = getComputedStyle(leaf), box = leaf.getBoundingClientRect(), m = leaf.getScreenCTM();
    const of = leaf.closest("[data-id]"), owner = leaf.closest("[data-node],[data-edge]");
    const [since, until] = windowOf(leaf);
    const isText = leaf.tagName === "text";
    const isBox = leaf.tagName === "rect" || /\b(body|ladder|halo)\b/.test(leaf.getAttribute("class") ?? "");
    return {
      kind: isText ? "text" : isBox ? "box" : "line",
      key: of?.dataset.id ?? "", owner: owner?.dataset.node ?? owner?.dataset.edge ?? "",
      classes: `${leaf.getAttribute("class") ?? ""} ${of?.getAttribute("class") ?? ""}`,
      box: [box.left - corner.x, box.top - corner.y, box.right - corner.x, box.bottom - corner.y].map(round),
      since, until,
      text: isText ? leaf.textContent : "",
      size: isText ? round(parseFloat(look.fontSize) * Math.sqrt(Math.abs(m.a * m.d - m.b * m.c))) : 0,
      lines: isText ? [] : linesOf(leaf, look, corner),
    };
  };

  const picture = (place) => {
    const svg = place.querySelector("svg"), corner = svg.getBoundingClientRect();
    const seen = [...svg.querySelectorAll(LEAVES)].filter((leaf) => ever.has(leaf) && isPainted(leaf));
    const marks = seen.map((leaf) => mark(leaf, svg, corner))
      .filter(({ kind, text }) => kind !== "text" || text.trim());
    return { width: corner.width, height: corner.height, room: place.clientWidth, marks };
  };
  return JSON.stringify([...document.querySelectorAll(".checked")].map(picture));
}

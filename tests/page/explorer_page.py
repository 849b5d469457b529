"""An explorer as a page on the disk, to be looked at in a browser: `python -m …explorer_page`.

Where a module of the page is not there yet, a stub stands in: the picture then paints what was
recorded, and its numbers can be moved, though nothing follows from them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbgrad as ng
from nbgrad.picture.output.css import css
from nbgrad.widgets import bundle

STUBS = {
    "cell_table.js": """
export function cellTable() {
  return { title: "", heads: [], rows: [], rest: {}, strengths: [], value: "", factors: [] };
}
""",
    "template.js": """
import { factsOf } from "./facts.js";
import { FORMS } from "./forms.js";
import { ROAD_FORMS } from "./road_forms.js";
import { MAP_FORMS } from "./map_forms.js";
export function styled(view, trace) {
  const styles = {}, facts = factsOf(trace, view.rules);
  const all = { ...FORMS, ...ROAD_FORMS, ...MAP_FORMS };
  for (const [id, form, of, options = {}] of view.rules) {
    styles[id] = all[form](facts, of, options);
  }
  return { styles, seen: trace, clock: [...trace.steps.keys(), trace.steps.length] };
}
""",
}


def page_of(explorer: Any) -> str:
    """A page that shows an explorer, with its model at hand."""
    module = joined_with_stubs()
    sheets = "\n".join(path.read_text("utf-8") for path in sorted(bundle.STATIC.glob("*.css")))
    state = explorer._page_state(every=True)
    text = json.dumps(state, default=list).replace("<", "\\u003c")
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>explorer</title>
<style>body{{margin:0}} h1{{position:absolute;clip-path:inset(50%)}}{sheets}{css()}</style>
<body class="nbgrad"><main><h1>explorer</h1><div id="explorer"></div></main>
<script type="application/json" id="state">{text}</script>
<script type="module">{module}
const state = JSON.parse(document.getElementById("state").textContent);
const model = globalThis.model = new SavedModel(state);
render({{ model, el: document.getElementById("explorer") }});
</script></body></html>
"""


def joined_with_stubs() -> str:
    found: list[str] = []

    def read(name: str) -> str:
        path = bundle.STATIC / name
        return path.read_text("utf-8") if path.exists() else STUBS[name]

    def add(name: str) -> None:
        if name not in found:
            for other in bundle.IMPORT.findall(read(name)):
                add(other)
            found.append(name)

    add("explorer.js")
    add("saved_page.js")
    texts = [bundle.stripped(read(name)) + "\n" for name in found]
    return "\n".join(bundle.EXPORT.sub("", bundle.IMPORT.sub("", text)) for text in texts)


def neuron() -> tuple[Any, Any]:
    """The mock-up's neuron."""
    x0, w0 = ng.Variable(-1.0, name="x0"), ng.Variable(2.0, name="w0")
    x1, w1 = ng.Variable(-2.0, name="x1"), ng.Variable(-3.0, name="w1")
    w2 = ng.Variable(-3.0, name="w2")
    a, b = ng.multiply(w0, x0, name="a"), ng.multiply(w1, x1, name="b")
    g = ng.add(ng.add(a, b, name="c"), w2, name="g")
    k = ng.exp(ng.negative(g, name="h"), name="k")
    return ng.divide(1.0, ng.add(k, 1.0, name="m"), name="out"), [w0, x0, w1, x1, w2]


def matrices() -> tuple[Any, Any]:
    """A small layer, with arrays that show their numbers, and a larger one that does not."""
    x = ng.Variable([[1.0, -2.0], [0.5, 3.0]], name="X")
    w = ng.Variable([[0.1, -0.2, 0.3, 0.4], [-0.5, 0.6, -0.7, 0.8]], name="W")
    b = ng.Variable([0.1, 0.2, 0.3, 0.4], name="b")
    h = ng.nn.relu(ng.add(ng.matmul(x, w, name="p"), b, name="z"), name="h")
    return ng.reduce_sum(h, name="s"), [w, b]


GRAPHS = {"neuron": neuron, "matrices": matrices}

if __name__ == "__main__":
    name, path = sys.argv[1:]
    with ng.Graph().as_default():
        Path(path).write_text(page_of(ng.explore(*GRAPHS[name]())), encoding="utf-8")

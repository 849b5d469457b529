"""An explorer where no kernel is: the widget around what it needs, as part of a page or alone.

Inside is the still picture, which stays where no script runs. The script takes its place once
somebody sees it. All explorers of a page share one copy of the modules (see `bundle.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from uuid import uuid4

from nbgrad.picture.scene import PATCH_NAMES
from nbgrad.trace.model import FORMAT, Numbers, Trace, plain
from nbgrad.trace.numbers import as_json, short
from nbgrad.widgets.bundle import WORD, Bundle, bundle, deflated, page_kernels
from nbgrad.widgets.views import ExplorerView

#: The widget is the next output. A notebook with a kernel shows it, and then not the page. Where it
#: is not there, JupyterLab writes "model not found" in its place, and nbconvert has it from afar.
BESIDE_THE_WIDGET = """
.lm-Widget .jp-OutputArea-child:has(.nbgrad-page):has(+ .jp-OutputArea-child .nbgrad-explorer),
.jp-OutputArea-child:has(.nbgrad-page) + .jp-OutputArea-child:not(:has(.nbgrad-explorer)),
.jp-OutputArea-child:has(.nbgrad-page):not(.lm-Widget *) + .jp-OutputArea-child
{ display: none }
"""

#: A notebook may take its outputs out of the page and put them back: the place is found at once.
SCRIPT = """
const places = [...document.querySelectorAll('[id="ID"]')];
loaded.then(({ startPage }) => {
  for (const place of places) startPage(place, () => unpack(STATE));
});
"""

#: An array of more elements is told by its shape: no sentence and no card lists them.
MOST_ELEMENTS = 1000


def part_of_page(state: Mapping[str, Any], still: str, modules: Bundle) -> str:
    """The HTML of an explorer, to stand in any page."""
    name = f"nbgrad-{uuid4().hex}"
    packed = deflated(json.dumps(packable(state), separators=(",", ":")))
    script = modules.loader + SCRIPT.replace("ID", name).replace("STATE", packed)
    hides = f' data-hidden="{escape(state["hidden"])}"' if state["hidden"] else ""
    return (
        f'<div class="nbgrad-page" id="{name}"{hides}>{still}</div>'
        f"<style>{BESIDE_THE_WIDGET}</style>"
        f"<script>{{{script}}}</script>"
    )


def packable(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state, with pictures beside each other, where each is packed by its likeness to the last.

    Of views that look like another one, there is only the name of that.
    """
    views, pictures = {}, {}
    names: dict[str, str] = {}
    for key, view in state["views"].items():
        name = names.setdefault(json.dumps([view["svg"], view["rules"]]), key)
        views[key] = {**view, "svg": ""} if name == key else name
        if name == key:
            pictures[key] = view["svg"]
    return {**state, "views": views, "pictures": pictures}


def page_of(state: Mapping[str, Any], still: str, title: str) -> str:
    """The HTML of a file of its own, with the kernels that its program calls."""
    modules = bundle(kernels_of(state["program"]))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
body {{ margin: 0; font-family: system-ui, sans-serif }}
main {{ max-width: 1000px; margin: 0 auto }}
h1 {{ font-size: 18px; font-weight: 650; margin: 14px 12px 0 }}
</style>
<body class="nbgrad">
<main>
<h1>{escape(title)}</h1>
{part_of_page(state, still, modules)}
</main>
</html>
"""


def kernels_of(program: Mapping[str, Any] | None) -> frozenset[str]:
    """The types of operations that a program calls, or names otherwise."""
    return page_kernels() & {*WORD.findall(json.dumps(program))}


# Answers ----------------------------------------------------------------------------------------


def answer_of(trace: Trace, views: Iterable[ExplorerView]) -> dict[str, Any]:
    """What Python has computed for pages that cannot: a trace, and each view's styles for it."""
    return {
        "trace": {"format": FORMAT, **plain(trace, light)},
        "views": {view.key: styles_of(trace, view) for view in views},
    }


def styles_of(trace: Trace, view: ExplorerView) -> dict[str, Any]:
    """A trace as it is folded in a view, its clock, and the styles of its scene."""
    seen, clock = view.seen(trace)
    styles = view.template.styled(trace).styles.items()
    return {
        "seen": {"format": FORMAT, **plain(seen, light)},
        "clock": [*clock],
        "styles": {key: dict(zip(PATCH_NAMES, style, strict=True)) for key, style in styles},
    }


def light(numbers: Numbers) -> dict[str, Any]:
    """Numbers as `to_dict` writes them, but for the elements of large arrays.

    Complex numbers and texts are as a card shows them: the page has no arrays of them.
    """
    listed = numbers.array.ravel().tolist() if numbers.array.size <= MOST_ELEMENTS else []
    write = as_json if numbers.array.dtype.kind in "biuf" else short
    return {"dtype": numbers.dtype, "shape": [*numbers.shape], "elements": [*map(write, listed)]}

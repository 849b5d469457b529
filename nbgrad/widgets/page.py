"""An explorer as one offline file: the same picture and the same module, without a kernel.

Stepping, hovering and reading work as they do in the notebook. Whatever would need new numbers
(inputs, weights, stops) is left out, because nobody is there to compute them.
"""

from __future__ import annotations

import base64
import json
import os
import pathlib
from html import escape
from typing import TYPE_CHECKING, Any

from nbgrad.picture.words import equation
from nbgrad.widgets.words import panel, summary

if TYPE_CHECKING:
    from nbgrad.widgets.explorer import Explorer


#: What the module sees in place of a kernel: a step brings its own words.
STAND_IN = """
const state = JSON.parse(document.getElementById("state").textContent);
const told = new Map();
const model = {
  get: (name) => state[name],
  set(name, value) {
    state[name] = value;
    if (name === "step") {
      Object.assign(state, { panel: state.panels[value], summary: state.summaries[value] });
      ["panel", "summary"].forEach((word) => told.get(`change:${word}`)?.forEach((tell) => tell()));
    }
    told.get(`change:${name}`)?.forEach((tell) => tell());
  },
  save_changes() {},
  on: (event, tell) => told.set(event, [...(told.get(event) ?? []), tell]),
  off: (event, tell) => told.set(event, (told.get(event) ?? []).filter((each) => each !== tell)),
};
widget.render({ model, el: document.getElementById("explorer") });
"""


def page_of(explorer: Explorer) -> str:
    """The HTML of a file that shows what an explorer shows, step by step."""
    trace = explorer.trace
    title = ", ".join(equation(trace.node(y)) for y in trace.ys)
    # The text that a script holds must not look like its end.
    state = json.dumps(state_of(explorer)).replace("</", "<\\/")
    module = base64.b64encode(pathlib.Path(explorer.module).read_bytes()).decode()
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
body {{ margin: 0; font-family: system-ui, sans-serif }}
main {{ max-width: 1000px; margin: 0 auto }}
h1 {{ font-size: 18px; font-weight: 650; margin: 14px 12px 0 }}
.nbgrad-explorer {{ --beside: 250px }}
{explorer.style_sheet}
</style>
<body class="nbgrad">
<main>
<h1>{escape(title)}</h1>
<div id="explorer"></div>
</main>
<script type="application/json" id="state">{state}</script>
<script type="module">
import widget from "data:text/javascript;base64,{module}";
{STAND_IN}
</script>
</html>
"""


def state_of(explorer: Explorer) -> dict[str, Any]:
    """What the module reads, with the words of every step."""
    steps = range(explorer.steps + 2)
    shown = explorer.screen.seen
    kept = ("svg", "patch", "steps", "step", "panel", "summary", "code", "links", "stopped")
    return {
        **{name: getattr(explorer, name) for name in kept},
        "panels": [panel(shown, k) for k in steps],
        "summaries": [summary(shown, k) for k in steps],
        "message": "",
        "wrong": "",
        "answered": 0,
        "fields": [],
        "switches": [],
        "groups": [],
    }


_static: bool | None = None


def config(*, static: bool | None = None) -> None:
    """Settings of the notebook at hand.

    Parameters
    ----------
    static
        True makes every explorer that is displayed from now on an inline picture, as HTML and
        slides made by nbconvert need it; False makes it live; None leaves that to the
        environment variable NBGRAD_STATIC.

    Examples
    --------
    >>> import nbgrad as ng
    >>> ng.config(static=True)
    >>> ng.config(static=None)
    """
    global _static
    _static = static


def is_static() -> bool:
    """Whether explorers stand still."""
    return os.environ.get("NBGRAD_STATIC", "") not in ("", "0") if _static is None else _static

"""An explorer as one offline file: the same picture and the same module, without a kernel.

Stepping, hovering and reading work as they do in the notebook. Whatever would need new numbers
(inputs, seeds, stops) is left out, because nobody is there to compute them.
"""

from __future__ import annotations

import base64
import json
import pathlib
from collections.abc import Mapping
from html import escape
from typing import Any

from nbgrad.picture.output.css import css

STATIC = pathlib.Path(__file__).parent / "static"

#: What the module sees in place of a kernel: a step brings its own words.
STAND_IN = """
const state = JSON.parse(document.getElementById("state").textContent);
const listeners = new Map();
const of = (event) => listeners.get(event) ?? [];
const model = {
  get: (name) => state[name],
  set(name, value) {
    const changed = [name];
    state[name] = value;
    if (name === "step") {
      Object.assign(state, { panel: state.panels[value], summary: state.summaries[value] });
      changed.unshift("panel", "summary");
    }
    for (const each of changed) of(`change:${each}`).forEach((listener) => listener());
  },
  save_changes() {},
  on: (event, listener) => listeners.set(event, [...of(event), listener]),
  off: (event, listener) => listeners.set(event, of(event).filter((each) => each !== listener)),
};
widget.render({ model, el: document.getElementById("explorer") });
"""


#: What the module reads in a notebook, and a page has no use for.
WITHOUT_KERNEL: dict[str, Any] = {
    "message": "",
    "wrong": "",
    "answered": 0,
    "fields": [],
    "switches": [],
    "groups": [],
}


def page_of(state: Mapping[str, Any]) -> str:
    """The HTML of a file that shows what an explorer shows, step by step."""
    # A script's text must not look like its end, nor like the beginning of another one.
    text = json.dumps({**WITHOUT_KERNEL, **state}).replace("<", "\\u003c")
    module = base64.b64encode((STATIC / "explorer.js").read_bytes()).decode()
    style_sheet = (STATIC / "explorer.css").read_text(encoding="utf-8") + css()
    title = escape(state["title"])
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ margin: 0; font-family: system-ui, sans-serif }}
main {{ max-width: 1000px; margin: 0 auto }}
h1 {{ font-size: 18px; font-weight: 650; margin: 14px 12px 0 }}
.nbgrad-explorer {{ --beside: 250px }}
{style_sheet}
</style>
<body class="nbgrad">
<main>
<h1>{title}</h1>
<div id="explorer"></div>
</main>
<script type="application/json" id="state">{text}</script>
<script type="module">
import widget from "data:text/javascript;base64,{module}";
{STAND_IN}
</script>
</html>
"""

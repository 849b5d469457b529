"""Pictures of many graphs as lines of JSON: rules and a trace, and the styles that Python makes.

`python -m tests.page.styles FILE` writes them; `test_styles.py` has Node make the styles again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nbgrad.picture.facts import facts_of
from nbgrad.picture.forms import FORMS
from nbgrad.picture.layouts.choice import LAYOUTS
from nbgrad.trace.folding import folded
from nbgrad.trace.model import Trace

sys.path.insert(0, str(Path(__file__).parent.parent / "picture"))

import generated
import named
import real_losses

HOW_MANY = 260  # generated graphs
VIEWS = (("overlay", 878), ("overlay", 640), ("overlay", 360), ("mirror", 878), ("tape", 878))
LOSSES = ("linear_regression", "policy_gradient", "attention_head")


def graphs() -> Iterator[tuple[str, Trace]]:
    """The graphs by which pictures are judged, each with its numbers."""
    for seed in range(HOW_MANY):
        yield f"{generated.kind_of(seed)} {seed}", generated.traced(seed)
    for name, build in named.NAMED.items():
        yield name, named.traced(build)
    for name in LOSSES:
        yield name, real_losses.trace_of(name)


def lines() -> Iterator[dict[str, Any]]:
    """A line for each graph in each layout."""
    for name, trace in graphs():
        for layout, width in VIEWS:
            template = LAYOUTS[layout](trace, width, ())
            seen, _ = folded(trace, template.folds)
            facts = facts_of(seen, template.rules)
            yield {
                "name": f"{name}, {layout}, {width}",
                "trace": seen.to_dict(),
                "rules": template.rules,
                "styles": [FORMS[form](facts, of, **o) for _, form, of, o in template.rules],
            }


def write(path: Path) -> None:
    with path.open("w") as file, np.errstate(all="ignore"):
        for line in lines():
            file.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""Pictures of many graphs as lines of JSON: rules and a trace, and the styles that Python makes.

`python -m tests.page.styles FILE` writes them; `test_styles.py` has Node make the styles again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from nbgrad.picture.layouts import LAYOUTS
from nbgrad.trace.folding import plain_folds
from nbgrad.trace.model import Trace

sys.path.insert(0, str(Path(__file__).parent.parent / "picture"))

import generated
import named
import real_losses

WIDTHS = (878, 640, 360)  # of the overlay
LAYOUTS_IN_TURN = ("mirror", "tape", "paths")
LOSSES = ("linear_regression", "policy_gradient", "attention_head")


def graphs() -> Iterator[tuple[str, Trace]]:
    """The graphs by which pictures are judged, each with its numbers."""
    for seed in range(generated.HOW_MANY):
        yield f"{generated.kind_of(seed)} {seed}", generated.traced(seed)
    for name, build in named.NAMED.items():
        yield name, named.traced(build)
    for name in LOSSES:
        yield name, real_losses.trace_of(name)


def lines() -> Iterator[dict[str, Any]]:
    """A line for each graph: its trace, and what the overlay and one other layout make of it."""
    for (name, trace), layout in zip(graphs(), cycle(LAYOUTS_IN_TURN), strict=False):
        views = [view(trace, "overlay", width) for width in WIDTHS]
        yield {"name": name, "trace": trace.to_dict(), "views": [*views, view(trace, layout, 878)]}


def view(trace: Trace, layout: str, width: int) -> dict[str, Any]:
    """A layout's rules and folds, as the page has them, and Python's styles."""
    template = LAYOUTS[layout](trace, width, ())
    return {
        "name": f"{layout} {width}",
        "rules": [rule if rule.options else rule[:3] for rule in template.rules],
        "folds": plain_folds(template.folds),
        "styles": template.styled(trace).styles,
    }


def write(path: Path) -> None:
    with path.open("w") as file, np.errstate(all="ignore"):
        for line in lines():
            file.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

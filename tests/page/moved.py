"""Programs with moves, and Python's picture of each move, as lines of JSON for `moved.js`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import cases
import numpy as np
import styles

from nbgrad.trace.model import Trace

HOW_MANY = 200
LAYOUTS = cycle((("overlay", 878), ("overlay", 360), ("mirror", 878), ("tape", 878)))


def lines() -> Iterator[dict[str, Any]]:
    """A line for each graph: its program, and what was moved, with a picture."""
    for number in range(HOW_MANY):
        found = cases.case(number, moves=2)
        for move, (layout, width) in zip(found["moves"], LAYOUTS, strict=False):
            trace = Trace.from_dict(move.pop("trace"))
            del move["values"]
            move["view"] = styles.view(trace, layout, width)
        yield found


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w") as file, np.errstate(all="ignore"):
        file.writelines(f"{json.dumps(line)}\n" for line in lines())

"""What `import nbgrad` costs, beside the `import numpy` that it contains."""

import subprocess
import sys

ROUNDS = 15


def seconds(module: str) -> float:
    """The time that a fresh Python takes to import a module, by its own clock."""
    program = (
        "import time; began = time.perf_counter(); "
        f"import {module}; print(time.perf_counter() - began)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return float(output.stdout)


def test_importing(table):
    # In turn: whatever else the machine does meanwhile then falls on both.
    rounds = [(seconds("numpy"), seconds("nbgrad")) for _ in range(ROUNDS)]
    for module, times in zip(("numpy", "nbgrad"), zip(*rounds, strict=True), strict=True):
        table.add("import", module, min(times))

"""What `import nbgrad` costs, beside the `import numpy` that it contains."""

import os
import subprocess
import sys

ROUNDS = 40


def seconds(module: str, environment: dict[str, str]) -> float:
    """The time that a fresh Python takes to import a module, by its own clock."""
    program = (
        "import time; began = time.perf_counter(); "
        f"import {module}; print(time.perf_counter() - began)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    return float(output.stdout)


def test_importing(table, tmp_path):
    # Both find their bytecode ready, as an installed package does.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    seconds("nbgrad", environment)
    # In turn: whatever else the machine does meanwhile then falls on both.
    rounds = [
        (seconds("numpy", environment), seconds("nbgrad", environment)) for _ in range(ROUNDS)
    ]
    for module, times in zip(("numpy", "nbgrad"), zip(*rounds, strict=True), strict=True):
        table.add("import", module, min(times))

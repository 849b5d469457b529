"""What all benchmarks share: contenders are measured side by side, and told as ratios.

A contender is a function that prepares a computation and returns the step to be timed, a
function of nothing that returns numbers. Every contender's numbers must be those of NumPy
written by hand; the time of that is what the ratios are of.
"""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

Step = Callable[[], Any]


@dataclass
class Table:
    """What was measured: for each workload, who took how much."""

    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def add(self, workload: str, contender: str, amount: float, unit: str = "s") -> None:
        self.rows.setdefault(workload, {})[contender] = amount
        self.units[workload] = unit

    def lines(self):
        """The table as text; the first contender of a workload is what the others are held to."""
        for workload, rows in self.rows.items():
            yield workload
            base = next(iter(rows.values()))
            for contender, amount in rows.items():
                told = readable(amount, self.units[workload])
                yield f"    {contender:<32}{told:>12}{amount / base:>10.2f}×"


def readable(amount: float, unit: str) -> str:
    """An amount with three digits: "12.3 µs"."""
    for factor, prefix in ((1, ""), (1e-3, "m"), (1e-6, "µ")):
        if amount >= factor:
            return f"{amount / factor:.3g} {prefix}{unit}"
    return f"{amount / 1e-9:.3g} n{unit}"


TABLE = pytest.StashKey[Table]()


def pytest_configure(config):
    config.stash[TABLE] = Table()
    config.option.benchmark_quiet = True  # the ratios below say it shorter


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    terminalreporter.section("ratios, the best of many rounds each")
    terminalreporter.write_line(f"on {machine()}")
    for line in config.stash[TABLE].lines():
        terminalreporter.write_line(line)


def machine() -> str:
    """The machine, as far as it tells: its processor, system, Python and NumPy."""
    try:
        with open("/proc/cpuinfo") as facts:
            processor = next(line for line in facts if line.startswith("model name"))
            processor = processor.partition(":")[2].strip()
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    return (
        f"{processor} ({os.cpu_count()} cores), {platform.system()}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}"
    )


@pytest.fixture
def table(request) -> Table:
    return request.config.stash[TABLE]


@pytest.fixture
def measure(benchmark, table):
    """Time a contender's step, after a look at its numbers."""

    def measure(
        workload: str, contender: Callable[[], Step], by_hand: Callable[[], Step], rounds: int = 0
    ) -> None:
        step = contender()  # skips the test where a peer is not installed
        for got, expected in zip(step(), by_hand()(), strict=True):
            np.testing.assert_allclose(np.asarray(got), expected, rtol=1e-3, atol=1e-5)
        if rounds:
            benchmark.pedantic(step, rounds=rounds)
        else:
            benchmark(step)
        table.add(workload, contender.__name__.replace("_", " "), benchmark.stats.stats.min)

    return measure

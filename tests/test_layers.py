"""The house stands: a module imports only what lies below it, also for its annotations."""

import ast
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent

# From the ground up: each part of the house, and the parts that it may import.
PARTS = {
    "core": {},
    "ops": {"core"},
    "tf1": {"core", "ops"},
    "compat": {"core", "ops", "tf1"},
    "contrib": {"core", "ops", "tf1"},
    "train": {"core", "ops", "tf1"},
    "trace": {"core", "ops"},
    "picture": {"trace"},
    "checks": {"core", "ops", "trace", "picture"},
    "widgets": {"core", "trace", "picture"},
}
HEAVY = {"IPython", "anywidget", "ipywidgets", "latex2mathml", "matplotlib"}

# The few names that stand for two things, because TensorFlow gives them to both.
NAMED_TWICE = {
    "__getattr__": "Python's own hook of a module",
    "abs": "the operation of real numbers, and tf.abs, which takes complex ones too",
    "conv2d": "tf.nn.conv2d and tf.contrib.layers.conv2d",
    "conv2d_transpose": "tf.nn.conv2d_transpose and tf.contrib.layers.conv2d_transpose",
    "dropout": "tf.nn.dropout and tf.contrib.layers.dropout",
    "trace": "nbgrad.trace and tf.linalg.trace, the sum of a diagonal",
}


def imports(path):
    """What a module imports, wherever in it; `from a import b` counts as a.b."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


IMPORTS = {module_name(path): set(imports(path)) for path in (ROOT / "nbgrad").rglob("*.py")}


def module_of(name):
    """The module of nbgrad that an imported name lives in."""
    while name not in IMPORTS and "." in name:
        name = name.rpartition(".")[0]
    return name


def part(module):
    """The part of the house a module belongs to: `ops` for nbgrad.ops.define."""
    return [*module.split("."), ""][1]


INSIDE = {
    module: {module_of(name) for name in names if name.startswith("nbgrad")} - {module}
    for module, names in IMPORTS.items()
}


def test_every_module_has_its_place():
    assert {part(module) for module in IMPORTS} - {""} == PARTS.keys()


def test_a_module_imports_only_from_below():
    climbing = [
        f"{module} imports {name}"
        for module, names in sorted(INSIDE.items())
        for name in sorted(names)
        if part(module) in PARTS and part(name) not in {part(module), *PARTS[part(module)]}
    ]
    assert climbing == []


def test_no_circle_of_imports_closes():
    TopologicalSorter(INSIDE).prepare()


def test_a_function_or_class_has_its_name_for_itself():
    homes = defaultdict(set)
    for path in (ROOT / "nbgrad").rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                homes[node.name].add(module_name(path))
    twice = {name: sorted(modules) for name, modules in homes.items() if len(modules) > 1}
    assert twice.keys() == NAMED_TWICE.keys(), twice


def test_the_engine_needs_numpy_alone():
    engine = [
        module for module in IMPORTS if part(module) in ("core", "ops", "tf1", "train", "trace")
    ]
    needed = {name.split(".")[0] for module in engine for name in IMPORTS[module]}
    assert needed - sys.stdlib_module_names == {"nbgrad", "numpy"}


def test_importing_nbgrad_waits_with_everything_heavy():
    script = "import sys, nbgrad; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert HEAVY.isdisjoint(answer.stdout.decode().split())

"""The house stands: a module imports only what lies below it."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent

# From the ground up. A row imports from the rows below it; a package also from itself.
LAYERS = [
    {"errors", "source", "accepted", "finite_differences", "nesting", "protocols"},
    {"dimension", "dtypes", "shapes", "registry"},
    {"constant_arrays", "tensor_shape"},
    {"graph"},
    {"ops"},
    {"variables", "reverse_mode"},
    {"session"},
    {"train", "testing", "tracing"},
    {"reevaluation"},
    {"witnesses"},
    {"render"},
    {"widgets", "verbs"},
    {"nbgrad"},  # the package's own __init__, which gathers the public names
    {"compat"},
]
FLOOR = {name: floor for floor, row in enumerate(LAYERS) for name in row}
HEAVY = {"anywidget", "graphviz", "ipywidgets", "IPython", "matplotlib", "pygraphviz"}


def floor(name):
    return FLOOR.get(name, len(LAYERS))  # what has no place yet hangs in the air


def imports(path):
    """What a module imports when it runs, wherever in it; `from a import b` counts as a.b."""
    pending = [ast.parse(path.read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending.extend(node.orelse)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            pending.extend(ast.iter_child_nodes(node))


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def part(module):
    """The part of the house a module belongs to: `ops` for nbgrad.ops.define."""
    return module.split(".")[1] if "." in module else module


IMPORTS = {module_name(path): set(imports(path)) for path in (ROOT / "nbgrad").rglob("*.py")}


def known(name):
    """The module of nbgrad that an imported name lives in."""
    while name not in IMPORTS and "." in name:
        name = name.rpartition(".")[0]
    return name


INSIDE = {
    module: {known(name) for name in names if name.startswith("nbgrad")}
    for module, names in IMPORTS.items()
}


def climbs(allowed):
    """The imports between parts of the house that are not allowed, in words."""
    return [
        f"{module} imports {name}"
        for module, names in sorted(INSIDE.items())
        for name in sorted(names)
        if not allowed(part(module), part(name))
    ]


def test_every_module_has_its_place():
    assert {part(module) for module in IMPORTS} <= FLOOR.keys()


def test_a_module_imports_only_from_below():
    assert climbs(lambda here, there: here == there or floor(here) > floor(there)) == []


def test_pictures_are_made_from_the_trace_alone():
    assert climbs(lambda here, there: here != "render" or there in ("render", "tracing")) == []


def test_no_circle_of_imports_closes():
    TopologicalSorter(INSIDE).prepare()


def test_the_engine_needs_numpy_alone():
    engine = [module for module in IMPORTS if floor(part(module)) <= floor("tracing")]
    needed = {name.split(".")[0] for module in engine for name in IMPORTS[module]}
    assert needed - sys.stdlib_module_names == {"nbgrad", "numpy"}


def test_importing_nbgrad_waits_with_everything_heavy():
    script = "import sys, nbgrad; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert HEAVY.isdisjoint(answer.stdout.decode().split())

"""nbgrad teaches how gradients flow: a small engine, pictures of both passes, live explorers.

`import nbgrad as tf` runs TensorFlow-1 teaching code; `import nbgrad as ng` adds short verbs
that draw and explain it. (nbgrad is not nbgrader: nothing here marks homework.)

To read the source, half an hour, from a product to a picture:

1. `ops/arithmetic`: NumPy functions, each with the rule for its gradient below it;
2. `ops/define`: the decorators above them, which make functions that build operations;
3. `core/registry`: what is known of each type of operation, and the rules by name;
4. `core/reverse`: the reverse pass, on one screen;
5. `core/graph`: operations in the order of their creation, and their tensors;
6. `core/session`: from what is fetched and fed to values;
7. `trace/model`: one run of both passes as plain data;
8. `picture/scene`: what is placed, of which every output is made.

The public names stand in `__init__.pyi`, each with the module that it comes from; a module loads
when one of its names is first used.
"""

from typing import Any as _Any

import lazy_loader as _lazy_loader

import nbgrad.ops as _ops  # noqa: F401 - registers every operation

__version__ = "0.1.0"
_load, __dir__, __all__ = _lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name not in __all__:
        from nbgrad.tf1.left_out import sentence_on

        hint = sentence_on(name, __all__)
        problem = f"module 'nbgrad' has no attribute {name!r}"
        raise AttributeError(f"{problem}. {hint}" if hint else problem)
    try:
        return _load(name)
    except ModuleNotFoundError:
        from nbgrad.picture import needed_by

        with needed_by(f"nbgrad.{name}"):
            raise


def _shown(trace: _Any) -> _Any:
    """A trace as a picture and a table, which its own layer knows nothing of."""
    from nbgrad.picture.drawing import TraceTable

    return TraceTable(trace)


def _tell_traces() -> None:
    # Not above: a module `trace` must not take the name of the verb.
    from nbgrad.trace.model import Trace

    Trace.shown = staticmethod(_shown)


_tell_traces()

"""nbgrad teaches how gradients flow: a small engine, pictures of both passes, live explorers.

`import nbgrad as tf` runs TensorFlow-1 teaching code; `import nbgrad as ng` adds short verbs
that draw and explain it. (nbgrad is not nbgrader: nothing here marks homework.)

To read the source, half an hour: `core/registry` (what an operation means), `core/graph`
(operations in the order of their creation), `ops/arithmetic` (kernels, each with its gradient
rule), `core/gradients` (the reverse pass, one screen), `core/session` and `core/plan` (running),
then `trace/model` and `picture/scene` for what you see.

The public names stand in `__init__.pyi`, each with the module that it comes from; a module loads
when one of its names is first used.
"""

import lazy_loader as _lazy_loader

import nbgrad.ops as _ops  # noqa: F401 - registers every operation

_load, __dir__, __all__ = _lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name not in __all__:
        from nbgrad.core.errors import did_you_mean
        from nbgrad.tf1.compatibility import LEFT_OUT

        hint = LEFT_OUT.get(name) or did_you_mean(name, __all__, most=1)
        problem = f"module 'nbgrad' has no attribute {name!r}"
        raise AttributeError(f"{problem}. {hint}" if hint else problem)
    try:
        return _load(name)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "nbgrad":
            raise
        raise ModuleNotFoundError(
            f"nbgrad.{name} needs the package {package!r}, which is not installed.\n"
            f"Run `python -m pip install {package}`, or `%pip install {package}` in a notebook.",
            name=package,
        ) from None

"""nbgrad teaches how gradients flow: a small engine, pictures of both passes, live explorers.

`import nbgrad as tf` runs TensorFlow-1 teaching code; `import nbgrad as ng` adds short verbs
that draw and explain it. (nbgrad is not nbgrader: nothing here marks homework.)

To read the source, half an hour: `registry` (what an operation means), `graph/graph` (operations
in the order of their creation), `ops/elementwise/arithmetic` (kernels, each with its gradient
rule), `reverse_mode/reverse_pass` (the reverse pass, one screen), `session/plan` (running), then
`tracing/model` and `render/scene/picture` for what you see.
"""

import importlib as _importlib
import sys as _sys
from typing import TYPE_CHECKING
from typing import Any as _Any

import nbgrad.ops as _ops  # registers every operation
from nbgrad.core import errors
from nbgrad.core.default_graph import apply, get_default_graph, reset_default_graph
from nbgrad.core.dtypes import (
    DType,
    as_dtype,
    complex64,
    complex128,
    double,
    float16,
    float32,
    float64,
    half,
    int8,
    int16,
    int32,
    int64,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
)
from nbgrad.core.dtypes import bool_ as bool
from nbgrad.core.graph import Graph, Operation, Tensor
from nbgrad.core.shapes import Dimension, TensorShape
from nbgrad.tf1.accepted import LEFT_OUT as _LEFT_OUT
from nbgrad.tf1.accepted import (
    AggregationMethod,
    ConfigProto,
    GPUOptions,
    GraphOptions,
    OptimizerOptions,
    RunMetadata,
    RunOptions,
    colocate_with,
    device,
    disable_eager_execution,
    disable_v2_behavior,
    enable_eager_execution,
    executing_eagerly,
    logging,
)
from nbgrad.tf1.control import group, no_op
from nbgrad.tf1.control import tuple_ as tuple
from nbgrad.tf1.namespaces.root import *  # noqa: F403 - two hundred names, listed there
from nbgrad.tf1.scopes import (
    GraphKeys,
    add_to_collection,
    add_to_collections,
    control_dependencies,
    get_collection,
    get_collection_ref,
    name_scope,
)
from nbgrad.tf1.variables import Variable, assign, assign_add, assign_sub
from nbgrad.trace import trace

if TYPE_CHECKING:
    from nbgrad import checks as test
    from nbgrad import train
    from nbgrad.checks.gradient_check import check_gradient
    from nbgrad.core.endpoints import UnconnectedGradients
    from nbgrad.core.gradients import gradients, why_none
    from nbgrad.core.registry import NoGradient, NotDifferentiable, RegisterGradient
    from nbgrad.core.session import InteractiveSession, Session, get_default_session
    from nbgrad.ops.catalogue import operations
    from nbgrad.picture.comparison import compare
    from nbgrad.picture.derivation import explain
    from nbgrad.picture.drawing import draw
    from nbgrad.picture.plots import plot_contours, plot_curve, plot_losses
    from nbgrad.tf1.hessians import hessians
    from nbgrad.tf1.initializers import (
        constant_initializer,
        glorot_normal_initializer,
        glorot_uniform_initializer,
        identity_initializer,
        ones_initializer,
        random_normal_initializer,
        random_uniform_initializer,
        truncated_normal_initializer,
        variance_scaling_initializer,
        zeros_initializer,
    )
    from nbgrad.tf1.namespaces import initializers, linalg, losses, math, nn, random
    from nbgrad.tf1.namespaces.seldom import *  # noqa: F403
    from nbgrad.tf1.variable_scope import (
        AUTO_REUSE,
        VariableScope,
        get_variable,
        get_variable_scope,
        variable_scope,
    )
    from nbgrad.tf1.variables import (
        all_variables,
        global_variables,
        global_variables_initializer,
        initialize_all_variables,
        initialize_local_variables,
        initialize_variables,
        is_variable_initialized,
        local_variables,
        local_variables_initializer,
        model_variables,
        moving_average_variables,
        report_uninitialized_variables,
        trainable_variables,
        variables_initializer,
    )
    from nbgrad.widgets import explore
    from nbgrad.widgets.page import config

del TYPE_CHECKING  # what remains of these names is the learner's

#: What loads when it is first asked for, so that `import nbgrad` is quick: modules under their
#: public names, and what else comes from which module.
_MODULES = {
    "compat": "nbgrad.compat",
    "initializers": "nbgrad.tf1.namespaces.initializers",
    "linalg": "nbgrad.tf1.namespaces.linalg",
    "losses": "nbgrad.tf1.namespaces.losses",
    "math": "nbgrad.tf1.namespaces.math",
    "nn": "nbgrad.tf1.namespaces.nn",
    "random": "nbgrad.tf1.namespaces.random",
    "test": "nbgrad.checks",
    "train": "nbgrad.train",
}
_LATER = {
    "nbgrad.checks.gradient_check": "check_gradient",
    "nbgrad.core.endpoints": "UnconnectedGradients",
    "nbgrad.core.gradients": "gradients why_none",
    "nbgrad.core.registry": "NoGradient NotDifferentiable RegisterGradient",
    "nbgrad.core.session": "InteractiveSession Session get_default_session",
    "nbgrad.ops.catalogue": "operations",
    "nbgrad.picture.comparison": "compare",
    "nbgrad.picture.derivation": "explain",
    "nbgrad.picture.drawing": "draw",
    "nbgrad.picture.plots": "plot_contours plot_curve plot_losses",
    "nbgrad.tf1.hessians": "hessians",
    "nbgrad.tf1.initializers": "constant_initializer glorot_normal_initializer glorot_uniform_initializer identity_initializer ones_initializer random_normal_initializer random_uniform_initializer truncated_normal_initializer variance_scaling_initializer zeros_initializer",
    "nbgrad.tf1.variable_scope": "AUTO_REUSE VariableScope get_variable get_variable_scope variable_scope",
    "nbgrad.tf1.variables": "all_variables global_variables global_variables_initializer initialize_all_variables initialize_local_variables initialize_variables is_variable_initialized local_variables local_variables_initializer model_variables moving_average_variables report_uninitialized_variables trainable_variables variables_initializer",
    "nbgrad.widgets": "explore",
    "nbgrad.widgets.page": "config",
}
_HOMES = {name: module for module, names in _LATER.items() for name in names.split()}


def _seldom() -> dict[str, _Any]:
    """Operations that few programs need."""
    loaded = vars(_importlib.import_module("nbgrad.tf1.namespaces.seldom"))
    return {name: found for name, found in loaded.items() if not name.startswith("_")}


def __getattr__(name: str) -> _Any:
    if name == "__all__":  # for `from nbgrad import *`, which is to give what loads later too
        return __dir__()
    if name in _MODULES:
        found = _importlib.import_module(_MODULES[name])
    elif name in _HOMES:
        found = getattr(_importlib.import_module(_HOMES[name]), name)
    elif not name.startswith("_") and name in _seldom():
        found = _seldom()[name]
    else:
        hint = _LEFT_OUT.get(name) or errors.did_you_mean(name, __dir__(), most=1)
        problem = f"module 'nbgrad' has no attribute {name!r}"
        raise AttributeError(f"{problem}. {hint}" if hint else problem)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    # Python adds a package's own modules to its names; of these, learners are to see two.
    inside = {name for name in globals() if f"{__name__}.{name}" in _sys.modules} - {"errors"}
    names = {*globals()} - inside | {*_MODULES, *_HOMES, *_seldom()}
    return sorted(name for name in names if not name.startswith("_"))

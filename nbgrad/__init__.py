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

from nbgrad import errors
from nbgrad.accepted import LEFT_OUT as _LEFT_OUT
from nbgrad.accepted import (
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
from nbgrad.dimension import Dimension
from nbgrad.dtypes import (
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
from nbgrad.dtypes import bool_ as bool
from nbgrad.graph import Graph, Operation, Tensor, apply, get_default_graph, reset_default_graph
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.scopes import (
    add_to_collection,
    add_to_collections,
    control_dependencies,
    get_collection,
    get_collection_ref,
    name_scope,
)
from nbgrad.ops.namespaces.root import *  # noqa: F403 - two hundred names, listed there
from nbgrad.ops.programs.control import group, no_op
from nbgrad.ops.programs.control import tuple_ as tuple
from nbgrad.ops.state.assigning import assign, assign_add, assign_sub
from nbgrad.ops.state.variables import Variable
from nbgrad.tensor_shape import TensorShape

if TYPE_CHECKING:
    from nbgrad import testing as test
    from nbgrad import train
    from nbgrad.ops.catalogue import operations
    from nbgrad.ops.every import NoGradient, NotDifferentiable, RegisterGradient
    from nbgrad.ops.namespaces import linalg, losses, math, nn, random
    from nbgrad.ops.namespaces.seldom import *  # noqa: F403
    from nbgrad.reverse_mode import AggregationMethod, UnconnectedGradients, gradients
    from nbgrad.reverse_mode.absence import why_none
    from nbgrad.reverse_mode.second_order import hessians
    from nbgrad.session import Session, get_default_session
    from nbgrad.session.interactive import InteractiveSession
    from nbgrad.tracing import trace
    from nbgrad.variables import namespace as initializers
    from nbgrad.variables.initialization import (
        global_variables_initializer,
        initialize_all_variables,
        initialize_local_variables,
        initialize_variables,
        is_variable_initialized,
        local_variables_initializer,
        report_uninitialized_variables,
        variables_initializer,
    )
    from nbgrad.variables.initializers import (
        constant_initializer,
        identity_initializer,
        ones_initializer,
        zeros_initializer,
    )
    from nbgrad.variables.inventory import (
        all_variables,
        global_variables,
        local_variables,
        model_variables,
        moving_average_variables,
        trainable_variables,
    )
    from nbgrad.variables.random_initializers import (
        random_normal_initializer,
        random_uniform_initializer,
        truncated_normal_initializer,
    )
    from nbgrad.variables.scopes import (
        AUTO_REUSE,
        VariableScope,
        get_variable_scope,
        variable_scope,
    )
    from nbgrad.variables.sharing import get_variable
    from nbgrad.variables.variance_scaling import (
        glorot_normal_initializer,
        glorot_uniform_initializer,
        variance_scaling_initializer,
    )
    from nbgrad.verbs.checking import check_gradient
    from nbgrad.verbs.drawing import draw
    from nbgrad.verbs.explaining import compare, explain
    from nbgrad.verbs.plotting import plot_contours, plot_curve, plot_losses
    from nbgrad.widgets import config, explore

del TYPE_CHECKING  # what remains of these names is the learner's

#: What loads when it is first asked for, so that `import nbgrad` is quick: modules under their
#: public names, and what else comes from which module.
_MODULES = {
    "compat": "nbgrad.compat",
    "initializers": "nbgrad.variables.namespace",
    "linalg": "nbgrad.ops.namespaces.linalg",
    "losses": "nbgrad.ops.namespaces.losses",
    "math": "nbgrad.ops.namespaces.math",
    "nn": "nbgrad.ops.namespaces.nn",
    "random": "nbgrad.ops.namespaces.random",
    "test": "nbgrad.testing",
    "train": "nbgrad.train",
}
_LATER = {
    "nbgrad.ops.catalogue": "operations",
    "nbgrad.ops.every": "NoGradient NotDifferentiable RegisterGradient",
    "nbgrad.reverse_mode": "AggregationMethod UnconnectedGradients gradients",
    "nbgrad.reverse_mode.absence": "why_none",
    "nbgrad.reverse_mode.second_order": "hessians",
    "nbgrad.session": "Session get_default_session",
    "nbgrad.session.interactive": "InteractiveSession",
    "nbgrad.tracing": "trace",
    "nbgrad.variables.initialization": (
        "global_variables_initializer initialize_all_variables initialize_local_variables "
        "initialize_variables is_variable_initialized local_variables_initializer "
        "report_uninitialized_variables variables_initializer"
    ),
    "nbgrad.variables.initializers": (
        "constant_initializer identity_initializer ones_initializer zeros_initializer"
    ),
    "nbgrad.variables.inventory": (
        "all_variables global_variables local_variables model_variables "
        "moving_average_variables trainable_variables"
    ),
    "nbgrad.variables.random_initializers": (
        "random_normal_initializer random_uniform_initializer truncated_normal_initializer"
    ),
    "nbgrad.variables.scopes": "AUTO_REUSE VariableScope get_variable_scope variable_scope",
    "nbgrad.variables.sharing": "get_variable",
    "nbgrad.variables.variance_scaling": (
        "glorot_normal_initializer glorot_uniform_initializer variance_scaling_initializer"
    ),
    "nbgrad.verbs.checking": "check_gradient",
    "nbgrad.verbs.drawing": "draw",
    "nbgrad.verbs.explaining": "compare explain",
    "nbgrad.verbs.plotting": "plot_contours plot_curve plot_losses",
    "nbgrad.widgets": "config explore",
}
_HOMES = {name: module for module, names in _LATER.items() for name in names.split()}


def _seldom() -> dict[str, _Any]:
    """Operations that few programs need."""
    loaded = vars(_importlib.import_module("nbgrad.ops.namespaces.seldom"))
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

"""nbgrad teaches how gradients flow: a small engine, pictures of both passes, live explorers.

`import nbgrad as tf` runs TensorFlow-1 teaching code; `import nbgrad as ng` adds short verbs
that draw and explain it. (nbgrad is not nbgrader: nothing here marks homework.)

To read the source, half an hour: `registry` (what an operation means), `graph` (operations
in the order of their creation), `ops/elementwise` (kernels, each with its gradient rule),
`plan` and `session` (running), `reverse` (the reverse pass, one screen), then `tracing` and
`render` for what you see.
"""

import difflib
import importlib
from typing import TYPE_CHECKING, Any

from nbgrad import errors, train
from nbgrad.collecting import GraphKeys
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
from nbgrad.graph import Graph, apply, get_default_graph, reset_default_graph
from nbgrad.ops import nn
from nbgrad.ops.activations import sigmoid
from nbgrad.ops.arrays import (
    broadcast_to,
    cast,
    expand_dims,
    fill,
    identity,
    ones_like,
    reshape,
    shape,
    size,
    stack,
    stop_gradient,
    strided_slice,
    transpose,
    zeros_like,
)
from nbgrad.ops.elementwise import (
    add,
    div,
    multiply,
    negative,
    reciprocal,
    scalar_mul,
    square,
    squared_difference,
    subtract,
    truediv,
)
from nbgrad.ops.elementwise import truediv as divide
from nbgrad.ops.functions import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    erf,
    erfc,
    sin,
    sinh,
    tan,
    tanh,
)
from nbgrad.ops.guarded import div_no_nan
from nbgrad.ops.linalg import matmul
from nbgrad.ops.logic import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    not_equal,
    where,
)
from nbgrad.ops.piecewise import (
    abs,
    ceil,
    floor,
    floordiv,
    floormod,
    maximum,
    minimum,
    rint,
    round,
    sign,
    truncatediv,
    truncatemod,
)
from nbgrad.ops.piecewise import floordiv as floor_div
from nbgrad.ops.piecewise import floormod as mod
from nbgrad.ops.powers import exp, expm1, log, log1p, pow, rsqrt, sqrt
from nbgrad.ops.reductions import add_n, reduce_mean, reduce_sum
from nbgrad.ops.sources import (
    constant,
    convert_to_tensor,
    ones,
    placeholder,
    random_normal,
    set_random_seed,
    zeros,
)
from nbgrad.ops.state import (
    Variable,
    assign,
    assign_add,
    assign_sub,
    global_variables,
    global_variables_initializer,
    group,
    no_op,
    trainable_variables,
    variables_initializer,
)
from nbgrad.registry import NoGradient, NotDifferentiable, RegisterGradient
from nbgrad.reverse_mode import AggregationMethod, UnconnectedGradients, gradients
from nbgrad.scopes import control_dependencies, name_scope
from nbgrad.session import InteractiveSession, Session, get_default_session
from nbgrad.shapes import Dimension, TensorShape
from nbgrad.tensor import Operation, Tensor

if TYPE_CHECKING:
    from nbgrad.tracing import trace
    from nbgrad.verbs import draw
    from nbgrad.widgets import explore

#: Pictures and widgets load when they are first asked for; the engine alone is quick to import.
_LATER = {"trace": "nbgrad.tracing", "draw": "nbgrad.verbs", "explore": "nbgrad.widgets"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        found = getattr(importlib.import_module(_LATER[name]), name)
        globals()[name] = found
        return found
    near = difflib.get_close_matches(name, [*globals(), *_LATER], n=1)
    hint = f". Did you mean {near[0]!r}?" if near else ""
    raise AttributeError(f"module 'nbgrad' has no attribute {name!r}{hint}")


def __dir__() -> list[str]:
    return [*globals(), *_LATER]

"""nbgrad teaches how gradients flow: a small engine, pictures of both passes, live explorers.

`import nbgrad as tf` runs TensorFlow-1 teaching code; `import nbgrad as ng` adds short verbs
that draw and explain it. (nbgrad is not nbgrader: nothing here marks homework.)

To read the source, half an hour: `registry` (what an operation means), `graph` (operations
in the order of their creation), `ops/elementwise` (kernels, each with its gradient rule),
`plan` and `session` (running), `reverse` (the reverse pass, one screen), then `tracing` and
`render` for what you see.
"""

from nbgrad import errors, train
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
    cos,
    divide,
    exp,
    log,
    multiply,
    negative,
    pow,
    sigmoid,
    sin,
    sqrt,
    square,
    subtract,
    tanh,
)
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
    GraphKeys,
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

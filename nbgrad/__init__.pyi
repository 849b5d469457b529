"""The public names, once: TensorFlow 1's, and the verbs of nbgrad. `lazy_loader` reads this."""

from . import (
    compat as compat,
    contrib as contrib,
    train as train,
)
from .checks import check_answer as check_answer, test as test
from .checks.gradient_check import check_gradient as check_gradient
from .compat import (
    VERSION as VERSION,
    AggregationMethod as AggregationMethod,
    ConfigProto as ConfigProto,
    GPUOptions as GPUOptions,
    GraphOptions as GraphOptions,
    IndexedSlices as IndexedSlices,
    OptimizerOptions as OptimizerOptions,
    RunMetadata as RunMetadata,
    RunOptions as RunOptions,
    arg_max as arg_max,
    arg_min as arg_min,
    bool as bool,
    colocate_with as colocate_with,
    complex as complex,
    device as device,
    disable_eager_execution as disable_eager_execution,
    disable_v2_behavior as disable_v2_behavior,
    enable_eager_execution as enable_eager_execution,
    executing_eagerly as executing_eagerly,
    lin_space as lin_space,
    logging as logging,
    range as range,
    realdiv as realdiv,
    reverse_v2 as reverse_v2,
    slice as slice,
    tuple as tuple,
)
from .core import errors as errors
from .core.catalogue import (
    apply as apply,
    operations as operations,
)
from .core.dtypes import (
    DType as DType,
    as_dtype as as_dtype,
    complex128 as complex128,
    complex64 as complex64,
    double as double,
    float16 as float16,
    float32 as float32,
    float64 as float64,
    half as half,
    int16 as int16,
    int32 as int32,
    int64 as int64,
    int8 as int8,
    string as string,
    uint16 as uint16,
    uint32 as uint32,
    uint64 as uint64,
    uint8 as uint8,
)
from .core.endpoints import UnconnectedGradients as UnconnectedGradients
from .core.gradients import (
    gradients as gradients,
    why_none as why_none,
)
from .core.graph import (
    Graph as Graph,
    Operation as Operation,
    Tensor as Tensor,
    get_default_graph as get_default_graph,
)
from .core.notebook import (
    InteractiveSession as InteractiveSession,
    config as config,
    get_default_session as get_default_session,
    reset_default_graph as reset_default_graph,
)
from .core.registry import (
    NoGradient as NoGradient,
    NotDifferentiable as NotDifferentiable,
    RegisterGradient as RegisterGradient,
)
from .core.session import Session as Session
from .core.shapes import (
    Dimension as Dimension,
    TensorShape as TensorShape,
)
from .ops.activations import sigmoid as sigmoid
from .ops.arithmetic import (
    add as add,
    multiply as multiply,
    negative as negative,
    reciprocal as reciprocal,
    square as square,
    squared_difference as squared_difference,
    subtract as subtract,
)
from .ops.functions import (
    acos as acos,
    acosh as acosh,
    asin as asin,
    asinh as asinh,
    atan as atan,
    atan2 as atan2,
    atanh as atanh,
    conj as conj,
    cos as cos,
    cosh as cosh,
    erf as erf,
    erfc as erfc,
    exp as exp,
    expm1 as expm1,
    imag as imag,
    log as log,
    log1p as log1p,
    pow as pow,
    real as real,
    rsqrt as rsqrt,
    sin as sin,
    sinh as sinh,
    sqrt as sqrt,
    tan as tan,
    tanh as tanh,
)
from .ops.sources import (
    linspace as linspace,
    random_shuffle as random_shuffle,
)
from .ops.shaping import (
    broadcast_to as broadcast_to,
    cast as cast,
    invert_permutation as invert_permutation,
    rank as rank,
    reshape as reshape,
    reverse as reverse,
    roll as roll,
    shape as shape,
    size as size,
    tile as tile,
    transpose as transpose,
)
from .ops.control import (
    check_numerics as check_numerics,
    identity as identity,
    stop_gradient as stop_gradient,
)
from .ops.reductions import (
    cumprod as cumprod,
    cumsum as cumsum,
)
from .ops.piecewise import (
    ceil as ceil,
    div_no_nan as div_no_nan,
    floor as floor,
    floor_div as floor_div,
    floormod as floormod,
    maximum as maximum,
    minimum as minimum,
    rint as rint,
    sign as sign,
    truncatediv as truncatediv,
    truncatemod as truncatemod,
)
from .ops.indexing import (
    gather_nd as gather_nd,
    one_hot as one_hot,
    scatter_nd as scatter_nd,
    segment_max as segment_max,
    segment_mean as segment_mean,
    segment_min as segment_min,
    segment_sum as segment_sum,
    unsorted_segment_max as unsorted_segment_max,
    unsorted_segment_min as unsorted_segment_min,
    unsorted_segment_sum as unsorted_segment_sum,
)
from .ops.parts import (
    concat as concat,
    stack as stack,
    unstack as unstack,
)
from .ops.logic import (
    equal as equal,
    greater as greater,
    greater_equal as greater_equal,
    is_finite as is_finite,
    is_inf as is_inf,
    is_nan as is_nan,
    less as less,
    less_equal as less_equal,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
    not_equal as not_equal,
    where as where,
)
from .ops.matrix import (
    diag as diag,
    diag_part as diag_part,
    matrix_band_part as matrix_band_part,
    matrix_diag as matrix_diag,
    matrix_diag_part as matrix_diag_part,
    matrix_transpose as matrix_transpose,
)
from .ops.solving import (
    cholesky as cholesky,
    matrix_determinant as matrix_determinant,
    matrix_inverse as matrix_inverse,
    matrix_solve as matrix_solve,
    matrix_triangular_solve as matrix_triangular_solve,
)
from .picture.derivations.comparison import compare as compare
from .picture.derivations.derivation import explain as explain
from .picture.drawing import draw as draw
from .picture.plots import (
    plot_classes as plot_classes,
    plot_contours as plot_contours,
    plot_curve as plot_curve,
    plot_losses as plot_losses,
)
from .tf1 import (
    debugging as debugging,
    initializers as initializers,
    layers as layers,
    linalg as linalg,
    losses as losses,
    math as math,
    metrics as metrics,
    nn as nn,
    random as random,
    summary as summary,
)
from .tf1.control import (
    Print as Print,
    case as case,
    cond as cond,
    control_dependencies as control_dependencies,
    custom_gradient as custom_gradient,
    group as group,
    no_op as no_op,
    py_func as py_func,
)
from .tf1.debugging import (
    Assert as Assert,
    assert_equal as assert_equal,
    assert_greater as assert_greater,
    assert_greater_equal as assert_greater_equal,
    assert_integer as assert_integer,
    assert_less as assert_less,
    assert_less_equal as assert_less_equal,
    assert_near as assert_near,
    assert_negative as assert_negative,
    assert_non_negative as assert_non_negative,
    assert_non_positive as assert_non_positive,
    assert_none_equal as assert_none_equal,
    assert_positive as assert_positive,
    assert_rank as assert_rank,
    assert_rank_at_least as assert_rank_at_least,
    assert_scalar as assert_scalar,
    assert_type as assert_type,
)
from .tf1.initializers import (
    constant_initializer as constant_initializer,
    glorot_normal_initializer as glorot_normal_initializer,
    glorot_uniform_initializer as glorot_uniform_initializer,
    identity_initializer as identity_initializer,
    ones_initializer as ones_initializer,
    random_normal_initializer as random_normal_initializer,
    random_uniform_initializer as random_uniform_initializer,
    truncated_normal_initializer as truncated_normal_initializer,
    variance_scaling_initializer as variance_scaling_initializer,
    zeros_initializer as zeros_initializer,
)
from .tf1.linalg import (
    cholesky_solve as cholesky_solve,
    clip_by_average_norm as clip_by_average_norm,
    clip_by_global_norm as clip_by_global_norm,
    clip_by_norm as clip_by_norm,
    clip_by_value as clip_by_value,
    einsum as einsum,
    eye as eye,
    global_norm as global_norm,
    hessians as hessians,
    norm as norm,
    tensordot as tensordot,
)
from .tf1.loops import (
    foldl as foldl,
    foldr as foldr,
    map_fn as map_fn,
    scan as scan,
    while_loop as while_loop,
)
from .tf1.math import (
    abs as abs,
    accumulate_n as accumulate_n,
    add_n as add_n,
    angle as angle,
    argsort as argsort,
    confusion_matrix as confusion_matrix,
    count_nonzero as count_nonzero,
    div as div,
    divide as divide,
    floordiv as floordiv,
    log_sigmoid as log_sigmoid,
    mod as mod,
    reduce_logsumexp as reduce_logsumexp,
    round as round,
    scalar_mul as scalar_mul,
    sort as sort,
    truediv as truediv,
)
from .tf1.random import (
    multinomial as multinomial,
    random_normal as random_normal,
    random_uniform as random_uniform,
    set_random_seed as set_random_seed,
    truncated_normal as truncated_normal,
)
from .tf1.signatures import (
    argmax as argmax,
    argmin as argmin,
    expand_dims as expand_dims,
    gather as gather,
    matmul as matmul,
    ones_like as ones_like,
    reduce_all as reduce_all,
    reduce_any as reduce_any,
    reduce_max as reduce_max,
    reduce_mean as reduce_mean,
    reduce_min as reduce_min,
    reduce_prod as reduce_prod,
    reduce_sum as reduce_sum,
    split as split,
    squeeze as squeeze,
    zeros_like as zeros_like,
)
from .tf1.tensors import (
    boolean_mask as boolean_mask,
    constant as constant,
    convert_to_tensor as convert_to_tensor,
    fill as fill,
    is_tensor as is_tensor,
    meshgrid as meshgrid,
    newaxis as newaxis,
    ones as ones,
    pad as pad,
    placeholder as placeholder,
    placeholder_with_default as placeholder_with_default,
    saturate_cast as saturate_cast,
    sequence_mask as sequence_mask,
    strided_slice as strided_slice,
    to_double as to_double,
    to_float as to_float,
    to_int32 as to_int32,
    to_int64 as to_int64,
    zeros as zeros,
)
from .tf1.summary import Summary as Summary
from .tf1.variable_scope import (
    AUTO_REUSE as AUTO_REUSE,
    VariableScope as VariableScope,
    get_variable as get_variable,
    get_variable_scope as get_variable_scope,
    name_scope as name_scope,
    variable_scope as variable_scope,
)
from .tf1.variables import (
    GraphKeys as GraphKeys,
    Variable as Variable,
    add_to_collection as add_to_collection,
    add_to_collections as add_to_collections,
    all_variables as all_variables,
    assign as assign,
    assign_add as assign_add,
    assign_sub as assign_sub,
    get_collection as get_collection,
    get_collection_ref as get_collection_ref,
    global_variables as global_variables,
    global_variables_initializer as global_variables_initializer,
    initialize_all_variables as initialize_all_variables,
    initialize_local_variables as initialize_local_variables,
    initialize_variables as initialize_variables,
    is_variable_initialized as is_variable_initialized,
    local_variables as local_variables,
    local_variables_initializer as local_variables_initializer,
    model_variables as model_variables,
    moving_average_variables as moving_average_variables,
    report_uninitialized_variables as report_uninitialized_variables,
    scatter_add as scatter_add,
    scatter_div as scatter_div,
    scatter_mul as scatter_mul,
    scatter_sub as scatter_sub,
    scatter_update as scatter_update,
    trainable_variables as trainable_variables,
    variables_initializer as variables_initializer,
)
from .trace import trace as trace
from .widgets import explore as explore

__version__: str

"""The mistakes that learners make, and the messages that answer them.

One row for each: the program, the class of the exception, TensorFlow's sentence, and what
nbgrad adds (the operation, its line, or advice). The first rows are the programs that people
asked about in public.
"""

import functools
import re

import numpy as np
import pytest

import nbgrad as tf

NONE_FETCHED = "Fetch argument None has invalid type <class 'NoneType'>"
NO_INDEX = (
    "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
    "tf.int32/tf.int64 tensors are valid indices"
)
NO_SHAPE = "Error converting shape to a TensorShape"
NO_FLOAT = "not in list of allowed values: int32, int64"
HERE = "of test_mistakes.py"


def run(fetches, feed=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feed)


def vector():
    return tf.constant([1.0, 2.0], name="x")


def gradient_of_arrays():
    x, y = np.random.rand(3, 3), np.random.rand(2, 2)
    run(tf.gradients(x, y))


def arguments_reversed():
    x = tf.Variable(2.0, name="x")
    run(tf.gradients(x, tf.square(x, name="y")))


def integer_variables():
    w = tf.Variable([[1, 2]], name="w")
    run(tf.gradients(tf.matmul(w, [[2], [1]]), [w]))


def unused_variable():
    w1, w2 = tf.Variable([[1.0, 2.0]]), tf.Variable([[3.0, 4.0]], name="w2")
    run(tf.gradients(tf.matmul(w1, [[2.0], [1.0]]), [w1, w2]))


def misspelt_variable():
    tf.Variables(2.0, name="x")


def gradient_of_a_later_slice():
    x = vector()
    run(tf.gradients(x * x, x[0]))


def gradient_through_an_integer():
    x = tf.constant(3.7, name="x")
    run(tf.gradients(tf.cast(tf.cast(x, tf.int32, name="steps"), tf.float32), x))


def gradient_through_floor():
    x = tf.constant(3.7)
    run(tf.gradients(tf.floor(x, name="stairs"), x))


def gradient_through_argmax():
    run(tf.gradients(tf.cast(tf.argmax(vector(), name="which"), tf.float32), tf.constant(1.0)))


def weights_not_in_a_list():
    x = vector()
    tf.gradients(x * x, x, grad_ys=[10.0, 100.0])


def integer_weights():
    x = vector()
    tf.gradients(x * x, x, grad_ys=[[1, 1]])


def weights_of_another_shape():
    x = vector()
    tf.gradients(x * x, x, grad_ys=[[1.0, 1.0, 1.0]])


def truth_as_a_weight():
    x = vector()
    tf.gradients(x * x, x, grad_ys=[tf.constant([True, False])])


def stop_at_a_number():
    x = vector()
    tf.gradients(x * x, x, stop_gradients=[3.0])


def misspelt_choice():
    x = vector()
    tf.gradients(x, x, unconnected_gradients="nonsense")


def none_as_x():
    tf.gradients(vector(), [None])


def lists_within_xs():
    x = vector()
    tf.gradients(x * x, [[x]])


def operation_as_x():
    x = vector()
    tf.gradients(x, x.op)


def complex_y():
    z = tf.constant(1j)
    tf.gradients(z * z, z)


def comparison_as_a_loss():
    x = vector()
    tf.gradients(x > 1.0, x)


def operation_without_a_rule():
    x = vector()
    with tf.get_default_graph().gradient_override_map({"Square": "Never written"}):
        y = tf.square(x, name="y")
    tf.gradients(y, x)


def two_graphs():
    a = tf.constant(1.0, name="a")
    with tf.Graph().as_default():
        b = tf.constant(2.0, name="b")
        tf.gradients(b * b, a)


def fetching_a_number():
    run(1.0)


def fetching_a_function():
    run(tf.global_variables_initializer)


def fetching_a_misspelt_name():
    tf.constant(1.0, name="loss")
    run("los:0")


def fetching_from_another_graph():
    with tf.Graph().as_default():
        a = tf.constant(1.0)
    tf.constant(2.0)
    run(a)


def placeholder_not_fed():
    run(tf.placeholder(tf.float32, [None, 3], name="p") * 2.0)


def wrong_shape_fed():
    p = tf.placeholder(tf.float32, [2, 3], name="p")
    run(p, {p: [1.0, 2.0]})


def text_fed():
    p = tf.placeholder(tf.float32, name="p")
    run(p, {p: "abc"})


def tensor_fed():
    p = tf.placeholder(tf.float32, name="p")
    run(p, {p: tf.constant(1.0)})


def operation_name_fed():
    p = tf.placeholder(tf.float32, name="p")
    run(p, {"p": 1.0})


def feed_in_a_list():
    p = tf.placeholder(tf.float32, name="p")
    run(p, [(p, 1.0)])


def not_initialized():
    v = tf.Variable(1.0, name="v")
    tf.Session().run(v * 2)


def initializer_built_too_early():
    init = tf.global_variables_initializer()
    v = tf.Variable(1.0, name="late")
    with tf.Session() as session:
        session.run(init)
        session.run(v)


def closed_session():
    a = tf.constant(1.0)
    with tf.Session() as session:
        pass
    session.run(a)


def eval_without_a_session():
    tf.constant(1.0).eval()


def tensor_in_an_if():
    x = tf.constant(1.0, name="x")
    if x > 0:
        pass


def loop_over_a_tensor():
    for _ in vector():
        pass


def numpy_on_a_tensor():
    np.sin(vector())


def length_of_a_tensor():
    len(vector())


def float32_and_float64():
    tf.constant(1.0) + tf.constant(1.0, tf.float64, name="wide")


def integer_times_a_fraction():
    tf.constant(2) * 0.5


def root_of_an_integer():
    tf.sqrt(tf.constant(4))


def shapes_that_do_not_fit():
    tf.add(tf.ones([2]), tf.ones([3]), name="sum")


def shapes_that_do_not_fit_when_fed():
    p, q = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    run(tf.add(p, q, name="sum"), {p: [1.0, 2.0], q: [1.0, 2.0, 3.0]})


def matrices_that_do_not_fit():
    tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]), name="product")


def rows_of_different_lengths():
    tf.constant([[1.0], [2.0, 3.0]])


def none_as_a_constant():
    tf.constant(None)


def variable_without_a_value():
    tf.Variable()


def assignment_of_another_shape():
    tf.Variable([1.0, 2.0]).assign([1.0, 2.0, 3.0])


def assignment_to_a_tensor():
    tf.assign(vector(), [1.0, 2.0])


def variable_made_twice():
    for _ in range(2):
        tf.get_variable("w", [2])


def shared_variable_that_is_not_there():
    with tf.variable_scope("layer", reuse=True):
        tf.get_variable("w", [2])


def loss_without_variables():
    tf.train.GradientDescentOptimizer(0.1).minimize(vector())


def loss_of_other_variables():
    tf.Variable(1.0)
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(vector()))


def loss_of_integers():
    v = tf.Variable(1)
    tf.train.GradientDescentOptimizer(0.1).minimize(v * v)


def operation_after_finalizing():
    tf.get_default_graph().finalize()
    vector()


def spaces_in_a_name():
    tf.constant(1.0, name="my loss")


def singular_matrix():
    run(tf.matrix_inverse(tf.zeros([2, 2]), name="inverse"))


def rule_for_two_inputs():
    @tf.RegisterGradient("Two of one")
    def rule(op, dz):
        return dz, dz

    x = vector()
    with tf.get_default_graph().gradient_override_map({"Square": "Two of one"}):
        y = tf.square(x, name="y")
    tf.gradients(y, x)


def rule_registered_without_a_name():
    @tf.RegisterGradient
    def rule(op, dz):
        return dz


def python_truth_for_cond():
    tf.cond(True, vector, vector)


def loop_in_the_graph():
    tf.while_loop(lambda x: x < 3, lambda x: x * 2, [tf.placeholder(tf.float32, [])])


def gradients_without_their_variables():
    w = vector()
    tf.train.GradientDescentOptimizer(0.1).apply_gradients(tf.gradients(w * w, [w]))


def variables_as_the_second_argument():
    w = tf.Variable([1.0, 2.0])
    tf.train.GradientDescentOptimizer(0.1).minimize(w * w, [w])


def one_tensor_as_a_feed_list():
    x = tf.placeholder(tf.float32)
    tf.Session().make_callable(x * 2, x)


def saving_without_a_session():
    tf.train.Saver([tf.Variable(1.0)]).save(None, "model")


def number_as_a_python_function():
    tf.py_func(3, [1.0], tf.float32)


def sequence_without_features():
    cell = tf.nn.rnn_cell.GRUCell(3)
    tf.nn.dynamic_rnn(cell, tf.ones([2, 5]), dtype=tf.float32)


def vector_into_a_dense_layer():
    tf.layers.dense(vector(), 3)


def rows_into_a_convolution():
    tf.layers.conv2d(tf.ones([2, 784]), 8, 3)


def parts_of_other_sizes():
    tf.concat([tf.ones([2, 3]), tf.ones([2, 2])], 0)


def loop_over_nothing():
    tf.map_fn(lambda x: x, tf.zeros([0, 3]))


def layer_of_another_name():
    tf.layers.conv3d(tf.ones([1, 4, 4, 4, 1]), 2, 3)


def optimizer_that_is_left_out():
    tf.train.FtrlOptimizer(0.1)


def list_as_an_index():
    vector()[[0, 0]]


def array_as_an_index():
    vector()[np.array([0, 0])]


def vector_as_an_index():
    vector()[tf.constant([0, 0])]


def tuple_of_lists_as_an_index():
    tf.ones([2, 2])[[0, 0], [1, 1]]


def vector_fed_as_an_index():
    i = tf.placeholder(tf.int32)
    run(vector()[i], {i: [0, 0]})


def mask_as_an_index():
    x = vector()
    x[x > 1.0]


def fraction_as_an_index():
    vector()[: 3 / 2]


def scattering_before_the_beginning():
    run(tf.scatter_nd([[-1]], [1.0], [3]))


def scattering_too_little():
    run(tf.scatter_nd([[0], [1]], [1.0], [3]))


def minus_one_in_a_placeholder():
    tf.placeholder(tf.float32, [-1, 3])


def half_a_size():
    tf.placeholder(tf.float32, [5 / 2])


def half_a_depth():
    tf.one_hot([0, 1], 5 / 2)


def depth_below_zero():
    tf.one_hot([0, 1], -2)


def rate_in_quotation_marks():
    v = tf.Variable(1.0)
    run(tf.train.GradientDescentOptimizer("0.1").minimize(v * v))


def several_rates():
    v = tf.Variable(1.0)
    run(tf.train.GradientDescentOptimizer([0.1, 0.2]).minimize(v * v))


def division_in_a_shape():
    tf.reshape(tf.ones([6]), [6 / 2, 2])


def two_sizes_that_take_what_is_left():
    run(tf.reshape(tf.ones([6]), [-1, -1]))


def none_in_a_shape():
    tf.reshape(tf.ones([6]), [None, 2])


def shape_known_in_part():
    tf.zeros(tf.placeholder(tf.float32, [None, 2]).shape)


def number_as_a_shape():
    tf.reshape(tf.ones([6]), 6)


def axis_as_a_fraction():
    tf.reduce_sum(vector(), axis=0.0)


def split_into_a_fraction():
    tf.split(tf.ones([6]), 3.0)


def split_into_nothing():
    tf.split(tf.ones([6]), 0)


def order_in_fractions():
    tf.transpose(tf.ones([2, 3]), [1.0, 0.0])


def order_with_an_axis_twice():
    run(tf.transpose(tf.ones([2, 3]), [1, 1]))


def order_of_too_few_axes():
    tf.transpose(tf.ones([2, 3]), [0])


def margins_below_zero():
    run(tf.pad(vector(), [[-1, 1]]))


def less_than_no_tiles():
    run(tf.tile(vector(), [-2]))


def less_than_nothing_filled():
    tf.fill([-1], 2.0)


def steps_of_zero():
    tf.range(0, 5, 0)


def steps_the_wrong_way():
    tf.range(0, 5, -1)


def vector_as_a_predicate():
    tf.cond(tf.constant([True, False]), vector, vector)


def vector_fed_as_a_predicate():
    pred = tf.placeholder(tf.bool)
    run(tf.cond(pred, vector, vector), {pred: [True, False]})


def class_as_a_graph():
    tf.Session(graph=tf.Graph)


def graph_as_a_target():
    tf.Session(tf.Graph())


def partial_of_another_dtype():
    run(tf.py_func(functools.partial(np.add, 1), [vector()], tf.int32))


def python_function_without_a_return():
    run(tf.py_func(lambda x: None, [vector()], tf.float32))


# The program, what is raised, what TensorFlow says, and what nbgrad adds.
MISTAKES = [
    (gradient_of_arrays, TypeError, NONE_FETCHED, "It became a new constant"),
    (arguments_reversed, TypeError, NONE_FETCHED, "Did you mean gradients('y:0', 'x:0')?"),
    (integer_variables, TypeError, NONE_FETCHED, "integers have no slope. Write 1. for 1"),
    (unused_variable, TypeError, NONE_FETCHED, "does not depend on 'w2:0' at all"),
    (misspelt_variable, AttributeError, "has no attribute 'Variables'", "mean 'Variable'?"),
    (gradient_of_a_later_slice, TypeError, NONE_FETCHED, "is a copy or a part made from 'x'"),
    (gradient_through_an_integer, TypeError, NONE_FETCHED, "passes the integers of 'steps'"),
    (gradient_through_floor, TypeError, NONE_FETCHED, "'stairs' (type 'Floor'"),
    (gradient_through_argmax, TypeError, NONE_FETCHED, "no operation leads from"),
    (weights_not_in_a_list, ValueError, "Passed 2 grad_ys for 1 ys", "a list of one list"),
    (
        integer_weights,
        TypeError,
        "Input 'y' of 'Mul' Op has type float32 that does not match type int32 of argument 'x'.",
        "Give grad_ys of each y's shape and dtype (1., not 1)",
    ),
    (
        weights_of_another_shape,
        ValueError,
        "Dimensions must be equal, but are 3 and 2 for 'gradients/mul_grad/Mul' (op: 'Mul')",
        "a gradient of shape (3,) arrived at its result, which is of shape (2,)",
    ),
    (truth_as_a_weight, TypeError, "Gradient type bool generated for real or", "grad_ys[0]"),
    (stop_at_a_number, AttributeError, "'float' object has no attribute 'op'", "stop_gradients"),
    (misspelt_choice, ValueError, "Unknown value for unconnected_gradients: 'nonsense'", '"zero"'),
    (none_as_x, AttributeError, "'NoneType' object has no attribute 'op'", "xs takes tensors"),
    (lists_within_xs, TypeError, "List of Tensors when single Tensor expected", "a flat list"),
    (operation_as_x, TypeError, "Can't convert Operation 'x' to Tensor", "op.outputs[0]"),
    (complex_y, TypeError, "Gradients of complex tensors must set grad_ys", "say with grad_ys"),
    (comparison_as_a_loss, TypeError, "Expected bool, got 1 of type 'int' instead.", "no slope"),
    (
        operation_without_a_rule,
        LookupError,
        "No gradient defined for operation 'y' (op type: Square)",
        '@RegisterGradient("Never written"), or list the tensor in stop_gradients',
    ),
    (
        two_graphs,
        ValueError,
        'Tensor("a:0", shape=(), dtype=float32) must be from the same graph as',
        "build both in one",
    ),
    (fetching_a_number, TypeError, "Fetch argument 1.0 has invalid type <class 'float'>", ""),
    (
        fetching_a_function,
        TypeError,
        "has invalid type <class 'function'>, must be a string",
        "did you mean global_variables_initializer()?",
    ),
    (fetching_a_misspelt_name, ValueError, "cannot be interpreted as a Tensor.", "mean 'loss'?"),
    (fetching_from_another_graph, ValueError, "is not an element of this graph.", ""),
    (
        placeholder_not_fed,
        tf.errors.InvalidArgumentError,
        "You must feed a value for placeholder tensor 'p' with dtype float and shape [?,3]",
        HERE,
    ),
    (wrong_shape_fed, ValueError, "Cannot feed value of shape (2,) for Tensor 'p:0'", "(2, 3)"),
    (text_fed, ValueError, "could not convert string to float: 'abc'", "fed to Tensor 'p:0'"),
    (tensor_fed, TypeError, "The value of a feed cannot be a tf.Tensor object.", "with key"),
    (operation_name_fed, TypeError, "Cannot interpret feed_dict key as Tensor", "<output_index>"),
    (feed_in_a_list, TypeError, "input must be a dictionary", ""),
    (
        not_initialized,
        tf.errors.FailedPreconditionError,
        "Attempting to use uninitialized value v",
        "Run tf.global_variables_initializer()",
    ),
    (
        initializer_built_too_early,
        tf.errors.FailedPreconditionError,
        "Attempting to use uninitialized value late",
        "build the initializer last",
    ),
    (closed_session, RuntimeError, "Attempted to use a closed Session.", ""),
    (eval_without_a_session, ValueError, "Cannot evaluate tensor using `eval()`", "sess.as_def"),
    (
        tensor_in_an_if,
        tf.errors.OperatorNotAllowedInGraphError,
        "using a `tf.Tensor` as a Python `bool` is not allowed in Graph execution.",
        "use tf.where or tf.cond",
    ),
    (loop_over_a_tensor, TypeError, "iterating over `tf.Tensor` is not allowed", "tf.unstack"),
    (numpy_on_a_tensor, NotImplementedError, "Cannot convert a symbolic Tensor", "in place of"),
    (length_of_a_tensor, TypeError, "len is not well defined for symbolic Tensors", "x.shape"),
    (
        float32_and_float64,
        TypeError,
        "Input 'y' of 'AddV2' Op has type float64 that does not match type float32 of argument 'x'",
        "Nothing is cast silently: use tf.cast",
    ),
    (
        integer_times_a_fraction,
        TypeError,
        "Input 'y' of 'Mul' Op has type float32 that does not match type int32 of argument 'x'.",
        "use tf.cast(tensor, tf.float32)",
    ),
    (root_of_an_integer, TypeError, "Value passed to parameter 'x' has DataType int32", "1.0"),
    (shapes_that_do_not_fit, ValueError, "Dimensions must be equal, but are 2 and 3", HERE),
    (
        shapes_that_do_not_fit_when_fed,
        tf.errors.InvalidArgumentError,
        "Incompatible shapes: [2] vs. [3]",
        "Operation 'sum' (type 'Add'), created in line",
    ),
    (matrices_that_do_not_fit, ValueError, "Dimensions must be equal, but are 3 and 2", "product"),
    (rows_of_different_lengths, ValueError, "Argument must be a dense tensor", "lengths"),
    (none_as_a_constant, ValueError, "None values not supported.", ""),
    (variable_without_a_value, ValueError, "initial_value must be specified.", ""),
    (
        assignment_of_another_shape,
        ValueError,
        "Dimension 0 in both shapes must be equal, but are 2 and 3. Shapes are [2] and [3].",
        HERE,
    ),
    (assignment_to_a_tensor, AttributeError, "'Tensor' object has no attribute 'assign'", "Only"),
    (variable_made_twice, ValueError, "Variable w already exists, disallowed.", "reset_default"),
    (shared_variable_that_is_not_there, ValueError, "Variable layer/w does not exist", ""),
    (loss_without_variables, ValueError, "No variables to optimize.", ""),
    (loss_of_other_variables, ValueError, "No gradients provided for any variable", "why_none"),
    (loss_of_integers, ValueError, "Invalid type tf.int32 for mul:0, expected", "write 1. for 1"),
    (operation_after_finalizing, RuntimeError, "Graph is finalized and cannot be modified.", ""),
    (spaces_in_a_name, ValueError, "'my loss' is not a valid node name", "starts with a letter"),
    (singular_matrix, tf.errors.InvalidArgumentError, "Input is not invertible.", "'inverse'"),
    (rule_for_two_inputs, ValueError, "Num gradients 2 generated for op name", "for each input"),
    (rule_registered_without_a_name, TypeError, "op_type must be a string", "@RegisterGradient("),
    (python_truth_for_cond, TypeError, "pred must not be a Python bool", "use `if`"),
    (
        scattering_before_the_beginning,
        tf.errors.InvalidArgumentError,
        "indices[0] = [-1] does not index into shape [3]",
        HERE,
    ),
    (scattering_too_little, ValueError, "The outer 1 dimensions of indices.shape=[2,1] must", HERE),
    (minus_one_in_a_placeholder, ValueError, f"{NO_SHAPE}: Dimension -1 must be >= 0.", "None"),
    (half_a_size, ValueError, f"{NO_SHAPE}: Ambiguous dimension: 2.5.", "5 // 2"),
    (half_a_depth, TypeError, "Expected int32, got 2.5 of type 'float' instead.", "6 // 2"),
    (depth_below_zero, ValueError, "Dimension size, given by scalar input 1, must be non-", HERE),
    (
        rate_in_quotation_marks,
        tf.errors.UnimplementedError,
        "Cast string to float is not supported",
        'A number has no quotation marks: 0.1, not "0.1".',
    ),
    (several_rates, ValueError, "Shape must be rank 0 but is rank 1 for 'GradientDescent", HERE),
    (division_in_a_shape, TypeError, f"'shape' has DataType float32 {NO_FLOAT}", "6 // 2 is"),
    (
        two_sizes_that_take_what_is_left,
        tf.errors.InvalidArgumentError,
        "Only one input size may be -1, not both 0 and 1",
        HERE,
    ),
    (
        none_in_a_shape,
        TypeError,
        "Failed to convert object of type <class 'list'> to Tensor.",
        "-1",
    ),
    (
        shape_known_in_part,
        ValueError,
        "Cannot convert a partially known TensorShape",
        "tf.shape(x)",
    ),
    (number_as_a_shape, ValueError, "Shape must be rank 1 but is rank 0 for 'Reshape'", HERE),
    (axis_as_a_fraction, TypeError, f"'axis' has DataType float32 {NO_FLOAT}", "6 // 2 is"),
    (
        split_into_a_fraction,
        ValueError,
        "Rank-0 tensors are not supported as the num_or_",
        "6 // 2",
    ),
    (split_into_nothing, ValueError, "Attr 'num_split' of 'Split' Op passed 0 less than", ""),
    (order_in_fractions, TypeError, f"'perm' has DataType float32 {NO_FLOAT}", "6 // 2 is"),
    (order_with_an_axis_twice, tf.errors.InvalidArgumentError, "0 is missing from {1,1}.", HERE),
    (order_of_too_few_axes, ValueError, "Dimension must be 2 but is 1 for 'transpose'", HERE),
    (
        margins_below_zero,
        tf.errors.InvalidArgumentError,
        "Paddings must be non-negative: -1 1",
        HERE,
    ),
    (less_than_no_tiles, tf.errors.InvalidArgumentError, "Expected multiples[0] >= 0, but", HERE),
    (less_than_nothing_filled, ValueError, "Fill dimensions must be >= 0 for 'Fill'", HERE),
    (steps_of_zero, ValueError, "Requires delta != 0 for 'range' (op: 'Range')", HERE),
    (steps_the_wrong_way, ValueError, "Requires start >= limit when delta < 0: 0/5", HERE),
    (
        vector_as_a_predicate,
        ValueError,
        "Shape must be rank 0 but is rank 1 for 'cond/Switch' (op: 'Switch') with input shapes:",
        "tf.reduce_all(pred)",
    ),
    (
        vector_fed_as_a_predicate,
        tf.errors.InvalidArgumentError,
        "The second input must be a scalar",
        "tf.where",
    ),
    (class_as_a_graph, TypeError, "graph must be a tf.Graph, but got <class 'type'>", "tf.Graph()"),
    (graph_as_a_target, TypeError, "target must be a string, but got <class", "Session(graph=…)"),
    (
        partial_of_another_dtype,
        tf.errors.InvalidArgumentError,
        "0-th value returned by add is float32, but expects int32",
        "Return np.int32(…), or change Tout.",
    ),
    (
        python_function_without_a_return,
        tf.errors.InvalidArgumentError,
        "<lambda> returns 0 values, but expects to see 1 values.",
        HERE,
    ),
    (list_as_an_index, TypeError, f"{NO_INDEX}, got [0, 0]", "tf.gather(tensor, [0, 0])"),
    (array_as_an_index, TypeError, f"{NO_INDEX}, got array([0, 0])", "tf.gather"),
    (vector_as_an_index, TypeError, f"{NO_INDEX}, got <tf.Tensor", "tf.gather"),
    (tuple_of_lists_as_an_index, TypeError, f"{NO_INDEX}, got [0, 0]", "tf.gather_nd"),
    (vector_fed_as_an_index, tf.errors.InvalidArgumentError, "Expected begin, end,", "tf.gather"),
    (mask_as_an_index, TypeError, NO_INDEX, "tf.boolean_mask(tensor, mask)"),
    (fraction_as_an_index, TypeError, f"{NO_INDEX}, got 1.5", "whole number"),
    (gradients_without_their_variables, TypeError, "is not a pair", "zip(gradients, variables)"),
    (variables_as_the_second_argument, AttributeError, "no attribute 'assign'", "write var_list="),
    (one_tensor_as_a_feed_list, TypeError, "`feed_list` must be a list or tuple.", ""),
    (saving_without_a_session, TypeError, "'sess' must be a Session; None", ""),
    (number_as_a_python_function, ValueError, "Expected func to be callable, got func", "int"),
    (sequence_without_features, ValueError, "must have rank at least 3", "tf.expand_dims"),
    (vector_into_a_dense_layer, ValueError, "expected min_ndim=2, found ndim=1.", HERE),
    (rows_into_a_convolution, ValueError, "expected ndim=4, found ndim=2.", "tf.expand_dims"),
    (parts_of_other_sizes, ValueError, "Dimension 0 in both shapes must be equal, but are 3", HERE),
    (loop_over_nothing, NotImplementedError, "there are no elements", "unrolls tf.map_fn"),
    (layer_of_another_name, AttributeError, "no attribute 'conv3d'", "images have two axes"),
    (optimizer_that_is_left_out, AttributeError, "'FtrlOptimizer'", "The optimizers here are"),
    (loop_in_the_graph, NotImplementedError, "tf.while_loop", "unroll the loop in Python"),
]


@pytest.mark.parametrize(
    ("mistake", "error", "sentence", "help_given"),
    [pytest.param(*row, id=row[0].__name__) for row in MISTAKES],
)
def test_a_mistake_is_answered_with_what_happened_and_what_to_do(
    mistake, error, sentence, help_given
):
    with (
        tf.Graph().as_default(),
        pytest.raises(error, match=re.escape(sentence)) as caught,
    ):
        mistake()
    assert " ".join(help_given.split()) in " ".join(str(caught.value).split())  # lines end anywhere


def test_the_catalogue_is_long():
    assert len(MISTAKES) >= 60

"""The activation functions of neural networks, from σ to ReLU and its smooth relatives."""

from __future__ import annotations

from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import merge
from nbgrad.ops.activations import relu, sigmoid, softplus
from nbgrad.ops.arithmetic import add, divide, multiply, negative, squared_difference, subtract
from nbgrad.ops.convolution import _bias_add, _conv2d, _conv2d_images
from nbgrad.ops.copying import cast, stop_gradient, zeros_like
from nbgrad.ops.define import attribute, composite
from nbgrad.ops.functions import exp, log1p, rsqrt
from nbgrad.ops.logic import greater_equal, where
from nbgrad.ops.matrix import matmul
from nbgrad.ops.pooling import _avg_pool, _max_pool
from nbgrad.ops.reductions import reduce_mean
from nbgrad.ops.rounding import abs
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.ops.softmax import _cross_entropy, _sparse_cross_entropy
from nbgrad.tf1.math import without
from nbgrad.tf1.random import random_uniform


@composite("LogSigmoid")
def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """The logarithm of the logistic function, z = log σ(x) = −log(1 + e⁻ˣ).

    Exact also where σ(x) is too small to be told from 0.

    Parameters
    ----------
    x : tensor_like of float or complex
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `x`.

    Raises
    ------
    TypeError
        If `x` has another dtype.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.log_sigmoid(-200.0)))
    -200.0
    """
    return negative(softplus(negative(x)), name=name)


@composite("swish")
def swish(features: Any, name: str | None = None) -> Tensor:
    """A relu that is smooth and dips below 0, z = x σ(x).

    Parameters
    ----------
    features : tensor_like of float or complex
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `features`.

    Raises
    ------
    TypeError
        If `features` has another dtype.

    References
    ----------
    Ramachandran, Zoph, Le, "Searching for Activation Functions", 2017.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.swish(2.0)))
    1.7616
    """
    return multiply(features, sigmoid(features), name=name)


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Images convolved with filters, z = Σ x · w over a window of the image x at each place.

    As in TensorFlow, the filter is not turned around.

    Parameters
    ----------
    input : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    filter : tensor_like of float or complex
        Of shape [row, column, channel, result channel].
    strides : int or sequence of int
        From one window to the next: one number, [rows, columns] or [1, rows, columns, 1].
    padding : str
        "VALID": windows lie inside the image. "SAME": there is one at each stride, and they hang
        over the edges, where zeros are.
    use_cudnn_on_gpu : optional
        Accepted as in TensorFlow, and without effect.
    data_format : str, default "NHWC"
        Only this one.
    dilations : int or sequence of int, default 1
        From one cell of a window to the next, written as `strides`.
    name : str, optional
        What the operation is called in the graph.
    filters : optional
        Another name for `filter`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [image, row, column, result channel].

    Raises
    ------
    TypeError
        If the dtypes of the operands differ, or the padding is no text.
    ValueError
        If the shapes do not fit, or padding, strides or format are none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 1])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.conv2d(image, tf.ones([1, 2, 1, 1]), 1, "VALID"))[0, :, :, 0])
    [[3.]
     [7.]]
    """
    only_nhwc(data_format)
    weights, inside = filters if filter is None else filter, checked_padding(padding, "Conv2D")
    strides, dilations = pair(strides, "strides"), pair(dilations, "dilations")
    return _conv2d(input, weights, strides, inside, dilations, name)


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str = "NHWC",
    name: str | None = "conv2d_transpose",
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of a convolution: what `conv2d` takes from an image, this adds up into one.

    Parameters
    ----------
    value : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    filter : tensor_like of float or complex
        Of shape [row, column, result channel, channel].
    output_shape : sequence of int, or tensor of integers
        The shape of the result, as several may lead to one shape of `value`.
    strides : int or sequence of int
        From one window to the next: one number, [rows, columns] or [1, rows, columns, 1].
    padding : str, default "SAME"
        "VALID" or "SAME", as for `conv2d`.
    data_format : str, default "NHWC"
        Only this one.
    name : str, optional
        What the operation is called in the graph.
    input : optional
        Another name for `value`.
    filters : optional
        Another name for `filter`.
    dilations : int or sequence of int, optional
        From one cell of a window to the next, written as `strides`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape `output_shape`.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ, or the padding is no text.
    ValueError
        If padding, strides or format are none of these.

    References
    ----------
    Dumoulin, Visin, "A Guide to Convolution Arithmetic for Deep Learning", 2016.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image, ones = tf.reshape([1.0, 2.0], [1, 1, 2, 1]), tf.ones([1, 2, 1, 1])
    >>> whole = tf.nn.conv2d_transpose(image, ones, [1, 1, 3, 1], 1, "VALID")
    >>> with tf.Session() as session:
    ...     print(session.run(whole)[0, :, :, 0])
    [[1. 3. 2.]]
    """
    only_nhwc(data_format)
    images, weights = input if value is None else value, filters if filter is None else filter
    sizes, strides = attribute("shape", output_shape), pair(strides, "strides")
    dilations = (1, 1) if dilations is None else pair(dilations, "dilations")
    inside = checked_padding(padding, "Conv2DBackpropInput")
    return _conv2d_images(weights, images, sizes, strides, inside, dilations, name)


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The largest number of each window of an image, z = max x.

    The gradient goes to the place of the largest: the first, row by row, where several tie.

    Parameters
    ----------
    value : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    ksize : int or sequence of int
        The size of a window: one number, [rows, columns] or [1, rows, columns, 1].
    strides : int or sequence of int
        From one window to the next, written as `ksize`.
    padding : str
        "VALID": windows lie inside the image. "SAME": there is one at each stride, and what hangs
        over the edges does not count.
    data_format : str, default "NHWC"
        Only this one.
    name : str, optional
        What the operation is called in the graph.
    input : optional
        Another name for `value`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [image, row, column, channel].

    Raises
    ------
    TypeError
        If the padding is no text.
    ValueError
        If the shapes do not fit, or padding, sizes, strides or format are none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.max_pool(image, [1, 2], [1, 2], "VALID"))[0, :, :, 0])
    [[2. 4.]]
    """
    images = input if value is None else value
    return pool("MaxPool", _max_pool, images, ksize, strides, padding, data_format, name)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean of each window of an image, z = Σ x / n over its cells that lie inside the image.

    Parameters
    ----------
    value : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    ksize : int or sequence of int
        The size of a window: one number, [rows, columns] or [1, rows, columns, 1].
    strides : int or sequence of int
        From one window to the next, written as `ksize`.
    padding : str
        "VALID": windows lie inside the image. "SAME": there is one at each stride, and what hangs
        over the edges does not count.
    data_format : str, default "NHWC"
        Only this one.
    name : str, optional
        What the operation is called in the graph.
    input : optional
        Another name for `value`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [image, row, column, channel].

    Raises
    ------
    TypeError
        If the padding is no text.
    ValueError
        If the shapes do not fit, or padding, sizes, strides or format are none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.avg_pool(image, [1, 2], [1, 2], "VALID"))[0, :, :, 0])
    [[1.5 3.5]]
    """
    images = input if value is None else value
    return pool("AvgPool", _avg_pool, images, ksize, strides, padding, data_format, name)


def softmax_cross_entropy_with_logits_v2(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    axis: int | None = None,
    name: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """The cross entropy of probabilities and a softmax, −Σ labels · log softmax(logits).

    Gradients flow to both. That of the logits is softmax(logits) − labels, also where the labels
    do not sum to 1.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of float
        The true probabilities of the classes.
    logits : tensor_like of float
        The numbers before the softmax, of the shape of `labels`.
    axis : int, optional
        Along which axis the classes lie; the last by default.
    name : str, optional
        What the operation is called in the graph.
    dim : optional
        Another name for `axis`.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. Its shape without the axis.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes do not fit.
    TypeError
        If the dtypes of the operands differ.

    References
    ----------
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    0.6931
    """
    by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    axis = dim if axis is None else axis
    return _cross_entropy(logits, labels, -1 if axis is None else axis, name)


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """The cross entropy of fixed probabilities and a softmax, −Σ labels · log softmax(logits).

    No gradient flows to the labels; with `softmax_cross_entropy_with_logits_v2` it does.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of float
        The true probabilities of the classes.
    logits : tensor_like of float
        The numbers before the softmax, of the shape of `labels`.
    dim : int, default -1
        Along which axis the classes lie.
    name : str, optional
        What the operation is called in the graph.
    axis : optional
        Another name for `dim`.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. Its shape without the axis.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes do not fit.
    TypeError
        If the dtypes of the operands differ.

    References
    ----------
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.softmax_cross_entropy_with_logits(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    0.6931
    """
    by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    truth = as_tensor(labels, graph_of(labels, logits), name="labels")
    return _cross_entropy(logits, stop_gradient(truth), dim if axis is None else axis, name)


def beside(x: Tensor, value: Any, name: str) -> Tensor:
    """A tensor as it is, anything else as a constant of the dtype of x."""
    return as_tensor(value, x.graph, None if isinstance(value, Operand) else x.dtype, name)


def by_name(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    """Insist on names: labels and logits are easily confused, and either way it would run."""
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def pair(numbers: Any, what: str) -> tuple[int, int]:
    """The two numbers for rows and columns, of four or two or one.

    Raises
    ------
    ValueError
        If windows are to step over images or channels.
    """
    if isinstance(numbers, int):
        return numbers, numbers
    sizes = tuple(int(n) for n in numbers)
    if len(sizes) == 4:
        if sizes[0] != 1 or sizes[3] != 1:
            raise ValueError(
                f"Current implementation does not yet support {what} in the batch and depth "
                "dimensions.\nThe first and the last number are 1."
            )
        sizes = sizes[1:3]
    if len(sizes) != 2:
        raise ValueError(f"{what} should contain 1, 2 or 4 numbers: {list(sizes)}")
    return sizes[0], sizes[1]


def checked_padding(padding: Any, op_type: str) -> str:
    if not isinstance(padding, str):
        raise TypeError(f"Expected string for argument 'padding' not {padding!r}.")
    if padding not in ("SAME", "VALID"):
        raise ValueError(
            f"Attr 'padding' of '{op_type}' Op passed string '{padding}' not in: \"SAME\", "
            '"VALID".'
        )
    return padding


def only_nhwc(data_format: str | None) -> None:
    if data_format not in (None, "NHWC"):
        raise ValueError(
            f"The Conv2D op currently only supports the NHWC tensor format on the CPU, not "
            f"{data_format}.\nTranspose the images to [image, row, column, channel]."
        )


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """A vector added along the last axis, z = x + b.

    Parameters
    ----------
    value : tensor_like of numbers (float, complex, integer)
    bias : tensor_like of numbers (float, complex, integer)
        A vector as long as the last axis of `value`.
    data_format : str, optional
        Only "NHWC".
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `value`.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If `bias` is no vector or has another length, or the format is another one.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.bias_add([[1.0, 2.0], [3.0, 4.0]], [10.0, 20.0])))
    [[11. 22.]
     [13. 24.]]
    """
    only_nhwc(data_format)
    return _bias_add(value, bias, name)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """A layer of neurons before its activation, z = x w + b.

    Parameters
    ----------
    x : tensor_like of numbers (float, complex, integer)
        Of shape [example, input].
    weights : tensor_like of numbers (float, complex, integer)
        Of shape [input, result].
    biases : tensor_like of numbers (float, complex, integer)
        Of shape [result].
    name : str, optional
        What the addition is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [example, result].

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.xw_plus_b([[1.0, 2.0]], [[3.0], [4.0]], [100.0])))
    [[111.]]
    """
    return _bias_add(matmul(x, weights), biases, name or "xw_plus_b")


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The surprise at the true class, −log softmax(logits) there, for labels that name classes.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of integer
        The number of the true class of each example, from 0.
    logits : tensor_like of float
        The numbers before the softmax, of shape [*shape of the labels, classes].
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. The shape of `labels`.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes do not fit.
    TypeError
        If the labels are no integers.
    InvalidArgumentError
        In a run, if there is no such class.

    References
    ----------
    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.

    Examples
    --------
    >>> import nbgrad as tf
    >>> logits = tf.constant([[100.0, 0.0], [0.0, 100.0]])
    >>> loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 0], logits=logits)
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    [100. 100.]
    """
    by_name("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    return _sparse_cross_entropy(logits, labels, name)


def pool(
    op_type: str,
    build: Any,
    images: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    name: Any,
) -> Tensor:
    """Build an operation of this type, once its settings are checked."""
    only_nhwc(data_format)
    inside = checked_padding(padding, op_type)
    return build(images, pair(ksize, "ksize"), pair(strides, "strides"), inside, name)


@composite("dropout")
def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """Elements left out at random, and the others scaled, z = x / keep or, at random, 0.

    What is left out is drawn for each element anew in every run. The mean stays that of x.

    Parameters
    ----------
    x : tensor_like of float
    keep_prob : number, or tensor of float, optional
        The probability to keep an element.
    noise_shape : sequence of int, or tensor of integers, optional
        The shape of what is drawn, where elements along an axis are to share it.
    seed : int, optional
        Repeats the same choice in every new session.
    name : str, optional
        What the operations are called in the graph.
    rate : number, or tensor of float, optional
        The probability to leave an element out, 1 − keep.

    Returns
    -------
    Tensor
        Of the dtype and shape of `x`; `x` itself where nothing is left out.

    Raises
    ------
    ValueError
        If neither or both of `keep_prob` and `rate` are given, or out of range.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent
    Neural Networks from Overfitting", 2014.

    Examples
    --------
    >>> import nbgrad as tf
    >>> z = tf.nn.dropout(tf.ones([100]), rate=0.5)
    >>> with tf.Session() as session:
    ...     print(*sorted(set(session.run(z).tolist())))
    0.0 2.0
    """
    x = as_tensor(x, graph_of(x, keep_prob, rate), name="x")
    rate = dropped(keep_prob, rate)
    if isinstance(rate, int | float):
        if not 0 <= rate < 1:
            raise ValueError(
                f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
            )
        if rate == 0:
            return x
    sizes = noise_shape if noise_shape is not None else x.static_shape
    if sizes is None or (isinstance(sizes, tuple) and None in sizes):
        sizes = shape_tensor(x)
    kept = greater_equal(random_uniform(sizes, seed=seed, dtype=x.dtype), rate)
    return multiply(divide(x, subtract(1.0, rate)), cast(kept, x.dtype), name="mul_1")


def dropped(keep_prob: Any, rate: Any) -> Any:
    """The probability of dropping, from either argument."""
    if keep_prob is not None and rate is not None:
        raise ValueError("Cannot specify both 'keep_prob' and 'rate'")
    if keep_prob is None and rate is None:
        raise ValueError("You must provide a rate to dropout.")
    if rate is not None:
        return rate
    return subtract(1.0, keep_prob) if isinstance(keep_prob, Operand) else 1.0 - keep_prob


@composite("logistic_loss")
def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The logistic loss of every element, −t · log σ(x) − (1 − t) · log(1 − σ(x)).

    Computed as max(x, 0) − x · t + log(1 + e^−|x|), in which nothing overflows. Its gradient is
    σ(x) − t.

    Parameters
    ----------
    _sentinel : None
        Not to be given: what follows is given by name.
    labels : tensor_like of float
        t, the true probabilities.
    logits : tensor_like of float
        x, the numbers before the sigmoid, of the same shape.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of `logits`.

    Raises
    ------
    ValueError
        If an argument is given by position, or is missing, or the shapes differ.
    TypeError
        If the dtypes of the operands differ.

    References
    ----------
    Cox, "The Regression Analysis of Binary Sequences", 1958.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=1.0, logits=-100.0)
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    100.0
    """
    by_name("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    graph = graph_of(labels, logits)
    x = as_tensor(logits, graph, name="logits")
    truth = beside(x, labels, "labels")
    try:
        merge(x.static_shape, truth.static_shape)
    except ShapeError:
        raise ValueError(
            f"logits and labels must have the same shape ({x.shape} vs {truth.shape})"
        ) from None
    positive = greater_equal(x, 0)
    above, minus_size = where(positive, x, zeros_like(x)), where(positive, negative(x), x)
    # e^−|x| cannot overflow, whichever the sign of x.
    return add(subtract(above, multiply(x, truth)), log1p(exp(minus_size)), name=name)


@composite("logistic_loss")
def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """The logistic loss where a positive truth counts w-fold, −w t log σ(x) − (1 − t) log σ(−x).

    Parameters
    ----------
    labels : tensor_like of float
        t, the true probabilities.
    logits : tensor_like of float
        x, the numbers before the sigmoid, of the same shape.
    pos_weight : tensor_like of float
        w, how often a positive truth counts; above 1 it costs more to miss one.
    name : str, optional
        What the operations are called in the graph.
    targets : optional
        Another name for `labels`.

    Returns
    -------
    Tensor
        Of the dtype of `logits`. The shape to which the operands broadcast.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.
    TypeError
        If the dtypes of the operands differ.

    Examples
    --------
    >>> import nbgrad as tf
    >>> loss = tf.nn.weighted_cross_entropy_with_logits(1.0, 0.0, pos_weight=2.0)
    >>> with tf.Session() as session:
    ...     print(session.run(loss))
    1.3863
    """
    graph = graph_of(labels, logits, targets)
    x = as_tensor(logits, graph, name="logits")
    truth = beside(x, targets if labels is None else labels, "labels")
    weight = add(multiply(subtract(beside(x, pos_weight, "pos_weight"), 1), truth), 1)
    # log(1 + e⁻ˣ), in which e^−|x| cannot overflow, whichever the sign of x.
    surprise = add(log1p(exp(negative(abs(x)))), relu(negative(x)))
    return add(multiply(subtract(1, truth), x), multiply(weight, surprise), name=name)


@composite("moments")
def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
    keepdims: Any = None,
) -> tuple[Tensor, Tensor]:
    """The mean m = Σx / n and the variance Σ(x − m)² / n over some axes.

    The second derivative of the variance takes m as fixed, as in TensorFlow.

    Parameters
    ----------
    x : tensor_like of float or complex
    axes : int or sequence of int
        Along which axis or axes.
    shift : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operations are called in the graph.
    keep_dims : bool, optional
        Another name for `keepdims`.
    keepdims : bool, optional
        Whether the reduced axes stay, with size 1.

    Returns
    -------
    mean, variance : tuple of Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.nn.moments([[1.0, 10.0], [3.0, 20.0]], axes=[0])))
    [ 2. 15.] [ 1. 25.]
    """
    mean = reduce_mean(x, axes, True, name="mean")
    # Σ(x − mean) is 0: what reaches the mean adds nothing to a first derivative, and is left out.
    # A second derivative lacks it, in TensorFlow too.
    steady = stop_gradient(mean)
    variance = reduce_mean(squared_difference(x, steady), axes, True, name="variance")
    kept = keepdims or keep_dims
    return without(mean, axes, kept), without(variance, axes, kept)


@composite("batchnorm")
def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: float,
    name: str | None = None,
) -> Tensor:
    """A tensor brought to mean 0 and variance 1, z = (x − m) / √(v + ε) · γ + β.

    Parameters
    ----------
    x : tensor_like of float
    mean, variance : tensor_like of float
        m and v, of shapes that broadcast with x; as from `moments`.
    offset, scale : tensor_like of float, or None
        β and γ, of shapes that broadcast with x; None leaves the term out.
    variance_epsilon : float
        ε, which keeps the root away from 0.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape to which the operands broadcast.

    Raises
    ------
    ValueError
        If the shapes do not broadcast.

    References
    ----------
    Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
    Covariate Shift", 2015.

    Examples
    --------
    >>> import nbgrad as tf
    >>> x = tf.constant([1.0, 3.0])
    >>> mean, variance = tf.nn.moments(x, axes=[0])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.batch_normalization(x, mean, variance, 0.5, 2.0, 0.0)))
    [-1.5  2.5]
    """
    factor = rsqrt(add(variance, variance_epsilon, name="add"))
    if scale is not None:
        factor = multiply(factor, scale)
    shift = multiply(mean, factor)
    rest = multiply(x, factor)
    if offset is None:
        return add(rest, negative(shift), name="add")
    return add(rest, subtract(offset, shift), name="add")

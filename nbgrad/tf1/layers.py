"""`tf.layers`: layers that make their own variables, as functions and as classes.

`tf.layers.dense(x, 10)` makes a layer and calls it once; `layer = tf.layers.Dense(10)` may be
called again, on other inputs, with the same variables. Read `Layer` first: its variable scope, from
which come the names of variables ("dense/kernel:0"), opens with the first call.

What layers share: an `activation` is a function or its name ("relu"), None for none; an
`…_initializer` is a function of shape and dtype or its name, by default Glorot's for a kernel; a
`…_regularizer` is a function of the variable (or of the result: `activity_regularizer`) whose value
joins the graph's regularization losses; a `…_constraint` is applied after each step of an
optimizer; `name` is the variable scope, unique by itself where there is none; `reuse` says that the
variables of this name exist. Images are [image, row, column, channel], and `padding` is "valid" or
"same".
"""

from __future__ import annotations

import ast
import inspect
import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from nbgrad.core.dtypes import DType, as_dtype, float32, leaves
from nbgrad.core.graph import Operand, Tensor, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import REQUIRED
from nbgrad.ops import activations
from nbgrad.ops.activations import _bias_add
from nbgrad.ops.arithmetic import multiply, subtract
from nbgrad.ops.copying import identity
from nbgrad.ops.define import signature_of
from nbgrad.ops.functions import exp, tanh
from nbgrad.ops.shaping import reshape, size_along
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.tf1 import convolution, initializers
from nbgrad.tf1.control import cond
from nbgrad.tf1.convolution import check_format, pair
from nbgrad.tf1.linalg import tensordot
from nbgrad.tf1.signatures import matmul, softmax, takes, with_signature
from nbgrad.tf1.variable_scope import VariableScope, get_variable, variable_scope
from nbgrad.tf1.variables import GraphKeys, Variable, assign_sub

# fmt: off
__all__ = [
    "AveragePooling2D", "BatchNormalization", "Conv2D", "Conv2DTranspose", "Dense", "Dropout",
    "Flatten", "Layer", "MaxPooling2D", "average_pooling2d", "batch_normalization", "conv2d",
    "conv2d_transpose", "dense", "dropout", "flatten", "max_pooling2d",
]
# fmt: on
__dir__ = __all__.copy

LayerClass = TypeVar("LayerClass", bound="type[DeclaredLayer]")

PLAIN = ["elu", "leaky_relu", "relu", "relu6", "selu", "sigmoid", "softplus", "softsign"]
ACTIVATIONS: dict[str, Callable[..., Tensor]] = {
    **{name: getattr(activations, name) for name in PLAIN},
    **{"tanh": tanh, "exponential": exp, "linear": identity, "softmax": softmax},
}


NORMAL, UNIFORM = ["normal", "random_normal", "truncated_normal"], ["uniform", "random_uniform"]
#: Keras's names for initializers; the defaults of some are not those of `tf.initializers`.
INITIALIZERS: dict[str, Callable[[], Any]] = {
    **{name: getattr(initializers, name) for name in initializers.__all__},
    **{"one": initializers.Ones, "zero": initializers.Zeros},
    **dict.fromkeys(NORMAL, lambda: initializers.TruncatedNormal(stddev=0.05)),
    **dict.fromkeys(UNIFORM, lambda: initializers.RandomUniform(-0.05, 0.05)),
}


class Layer:
    """A function of tensors with variables of its own; the base class of all layers.

    A subclass makes its variables in `build`, with `add_weight`, and says in `call` what becomes of
    the inputs. The variables are made in the first call; later calls share them.

    >>> class Scale(tf.layers.Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight("factor", [], initializer=tf.ones_initializer())
    ...
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> layer = Scale()
    >>> y = layer(layer(tf.constant([1.0, 2.0])))
    >>> print([variable.name for variable in layer.variables])
    ['scale/factor:0']
    """

    activity_regularizer: Callable[[Tensor], Tensor] | None = None

    def __init__(
        self, trainable=True, name=None, dtype=None, _scope=None, _reuse=None, **unknown
    ) -> None:
        if unknown:
            raise TypeError("Keyword argument not understood:", *unknown)
        self.trainable, self.built = trainable, False
        self._renamed: dict[str, str] = {}  # how tf.contrib calls a variable
        self.dtype: DType | None = None if dtype is None else as_dtype(dtype)
        self._base_name = getattr(name, "name", name) or snake_case(type(self).__name__)
        self._scope: VariableScope | None = None
        self._reuse = _reuse
        self._weights: list[tuple[Variable, bool]] = []
        if _scope:
            with variable_scope(_scope) as self._scope:
                pass

    @property
    def name(self) -> str:
        """The name of its variable scope, without those around it."""
        return self._scope.name.rpartition("/")[2] if self._scope else self._base_name

    @property
    def variables(self) -> list[Variable]:
        """Its variables, in the order of creation, first those that are trained."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def trainable_weights(self) -> list[Variable]:
        """Its variables that optimizers change; none where the layer is not `trainable`."""
        return [variable for variable, trained in self._weights if trained and self.trainable]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """Its variables that optimizers leave alone, such as moving averages."""
        return [variable for variable, trained in self._weights if not (trained and self.trainable)]

    weights = variables
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def build(self, input_shape) -> None:
        """Make the variables, knowing the shape of the inputs."""

    def call(self, inputs, *args, **options) -> Any:
        """The layer's result for some inputs."""
        return inputs

    def __call__(self, inputs, *args, **options) -> Any:
        scope = options.pop("scope", None)
        tensor = next(leaves(inputs, Operand), inputs)
        with graph_of(tensor).as_default() as graph:
            if not isinstance(inputs, Operand | list | tuple):
                inputs = tensor = as_tensor(inputs, graph, self.dtype, "inputs")
            with self._entered(scope) as whole, graph.name_scope(whole.original_name_scope):
                return self._built_and_called(graph, inputs, tensor, *args, **options)

    def _entered(self, scope) -> Any:
        """The layer's variable scope, which opens once; later calls share what is in it."""
        if self._scope is None:
            given = scope if scope is not None or not self._reuse else self._base_name
            with variable_scope(given, default_name=self._base_name) as self._scope:
                pass
        reuse = True if self.built else self._reuse
        return variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False)

    def _built_and_called(self, graph, inputs, tensor, *args, **options) -> Any:
        if not self.built:
            known = tensor.dtype if isinstance(tensor, Tensor | Variable) else float32
            self.dtype = self.dtype or (known if known.is_floating else float32)
            self.build(getattr(tensor, "shape", None))
            self.built = True
        outputs = self.call(inputs, *args, **options)
        if self.activity_regularizer is not None:
            loss = self.activity_regularizer(outputs)
            graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
        return outputs

    apply = __call__

    @takes("self name shape dtype initializer regularizer=None trainable=True constraint=None")
    def add_weight(
        self, name, shape=None, dtype=None, initializer=None, trainable=True, **options
    ) -> Variable:
        """A variable of the layer, by `get_variable`."""
        start = named("initializer", initializer, INITIALIZERS)
        start = start() if isinstance(initializer, str) else start
        called, trained = self._renamed.get(name, name), trainable and self.trainable
        made = get_variable(called, shape, dtype or self.dtype, start, trainable=trained, **options)
        self._weights.append((made, trainable))
        return made

    add_variable = add_weight


def snake_case(name: str) -> str:
    """The name of a class as that of a scope: `max_pooling2d` for MaxPooling2D."""
    words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()


def named(kind: str, value, table: dict[str, Any]) -> Any:
    if isinstance(value, str) and value not in table:
        raise ValueError(f"Unknown {kind}: {value}")
    return table[value] if isinstance(value, str) else value


def size_of(tensor, axis: int, layer: str) -> int:
    """A size that the shape of a kernel depends on."""
    size = None if tensor is None or tensor.ndims is None else tensor[axis].value
    if size is None:
        raise ValueError(
            f"The last dimension of the inputs to `{layer}` should be defined. Found `None`.\n"
            "Say it where the placeholder is made: tf.placeholder(tf.float32, [None, 784])."
        )
    return int(size)


class DeclaredLayer(Layer):
    """A layer whose arguments `declared` names. Each is an attribute when `set_up` is called."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, *args, **options) -> None:
        """Replaced by `declared`."""

    def set_up(self) -> None:
        """Bring the arguments into their normal forms."""

    def add_declared(self, name: str, shape: Sequence[int], trainable=True) -> Variable:
        """A variable made as the layer's arguments say, such as `kernel_initializer`."""
        kinds = ("initializer", "regularizer", "constraint")
        options = {kind: getattr(self, f"{name}_{kind}", None) for kind in kinds}
        return self.add_weight(name, shape, trainable=trainable, **options)


def declared(required: str, optional: str) -> Callable[[LayerClass], LayerClass]:
    """A class decorator: the names of a layer's arguments.

    Those that are optional have their default beside them, where it is not None: "rate=0.5", or an
    initializer, "bias_initializer=Zeros".
    """
    defaults: dict[str, Any] = dict.fromkeys(["self", *required.split()], REQUIRED)
    for each in optional.split():
        name, _, default = each.partition("=")
        start = getattr(initializers, default, None)
        defaults[name] = start() if start else ast.literal_eval(default or "None")
    known = signature_of(defaults).parameters.values()
    others = inspect.Parameter("scope", inspect.Parameter.VAR_KEYWORD)

    def begin(self, scope: dict[str, Any], **given) -> None:
        last = {name: given.pop(name) for name in ("name", "dtype") if name in given}
        Layer.__init__(self, **last, **scope)
        vars(self).update(given)
        self.set_up()

    def decorate(layer: LayerClass) -> LayerClass:
        made = with_signature(begin, [*known, others], "__init__")
        layer.__init__ = made  # type: ignore[method-assign]
        for name in defaults.keys() - {"self", "name", "dtype", *required.split()}:
            setattr(layer, name, defaults[name])  # for those of its kin that do not take it
        return layer

    return decorate


#: The arguments of a layer with a kernel.
KERNEL = (
    "activation use_bias=True kernel_initializer bias_initializer=Zeros kernel_regularizer "
    "bias_regularizer activity_regularizer kernel_constraint bias_constraint trainable=True name"
)
#: The arguments of a window that moves over images.
WINDOW = "strides=(1,1) padding='valid' data_format='channels_last'"


class WithKernel(DeclaredLayer):
    """A layer with a kernel, a bias and an activation."""

    def set_up(self) -> None:
        self.activation: Any = named("activation function", self.activation, ACTIVATIONS)
        self.kernel: Variable | None = None
        self.bias: Variable | None = None

    def add_kernel_and_bias(self, shape: Sequence[int], units: int) -> None:
        self.kernel = self.add_declared("kernel", shape)
        if self.use_bias:
            self.bias = self.add_declared("bias", [units])

    def finished(self, product) -> Any:
        if self.bias is not None:
            product = _bias_add(product, self.bias)
        return product if self.activation is None else self.activation(product)


@declared("units", KERNEL)
class Dense(WithKernel):
    """A dense layer, z = f(x w + b), of `units` neurons.

    >>> layer = tf.layers.Dense(4, activation=tf.nn.relu)
    >>> print(layer(tf.ones([2, 3])).shape, layer.kernel.name)
    (2, 4) dense/kernel:0
    >>> z = tf.layers.dense(tf.ones([2, 3]), 4, tf.nn.relu, name="hidden")
    >>> print(z.shape, [variable.name for variable in tf.trainable_variables()][2:])
    (2, 4) ['hidden/kernel:0', 'hidden/bias:0']
    """

    def set_up(self) -> None:
        super().set_up()
        self.units: Any = int(self.units)

    def build(self, input_shape) -> None:
        self.add_kernel_and_bias([size_of(input_shape, -1, "Dense"), self.units], self.units)

    def call(self, inputs) -> Any:
        rank = inputs.shape.ndims
        if rank == 2:
            return self.finished(matmul(inputs, self.kernel))
        return self.finished(tensordot(inputs, self.kernel, [[rank - 1], [0]]))


@declared("filters kernel_size", f"{WINDOW} dilation_rate=(1,1) {KERNEL}")
class Conv2D(WithKernel):
    """A convolution of images, z = f(Σ x · w + b), with `filters` channels in the result.

    >>> layer = tf.layers.Conv2D(8, kernel_size=3, strides=2, padding="same")
    >>> print(layer(tf.ones([1, 6, 6, 2])).shape, layer.kernel.shape)
    (1, 3, 3, 8) (3, 3, 2, 8)
    >>> print(tf.layers.conv2d(tf.ones([1, 6, 6, 2]), 8, 3, padding="same").shape)
    (1, 6, 6, 8)
    """

    def set_up(self) -> None:
        super().set_up()
        check_channels(self.data_format)
        self.filters: Any = int(self.filters)
        self.padding: Any = self.padding.upper()
        for name in ("kernel_size", "strides", "dilation_rate"):
            setattr(self, name, pair(getattr(self, name), name))

    def build(self, input_shape) -> None:
        channels = size_of(input_shape, -1, type(self).__name__)
        self.add_kernel_and_bias(self._kernel_shape(channels), self.filters)

    def _kernel_shape(self, channels: int) -> list[int]:
        return [*self.kernel_size, channels, self.filters]

    def call(self, inputs) -> Any:
        window = {"dilations": self.dilation_rate}
        return self.finished(
            convolution.conv2d(inputs, self.kernel, self.strides, self.padding, **window)
        )


@declared("filters kernel_size", f"{WINDOW} {KERNEL}")
class Conv2DTranspose(Conv2D):
    """The transpose of a convolution, which makes images larger by its strides.

    >>> layer = tf.layers.Conv2DTranspose(8, kernel_size=3, strides=2, padding="same")
    >>> print(layer(tf.ones([1, 3, 3, 2])).shape, layer.kernel.shape)
    (1, 6, 6, 8) (3, 3, 8, 2)
    >>> print(tf.layers.conv2d_transpose(tf.ones([1, 3, 3, 2]), 8, 3, 2, "same").shape)
    (1, 6, 6, 8)
    """

    def _kernel_shape(self, channels: int) -> list[int]:
        return [*self.kernel_size, self.filters, channels]

    def call(self, inputs) -> Any:
        sizes = [size_along(inputs, axis) for axis in range(3)]
        for axis, (window, stride) in enumerate(
            zip(self.kernel_size, self.strides, strict=True), 1
        ):
            beyond = max(window - stride, 0) if self.padding == "VALID" else 0
            sizes[axis] = sizes[axis] * stride + beyond
        sizes.append(self.filters)
        made = convolution.conv2d_transpose(
            inputs, self.kernel, sizes, self.strides, self.padding, name=None
        )
        made.set_shape([None if isinstance(size, Tensor) else size for size in sizes])
        return self.finished(made)


def check_channels(data_format: str) -> None:
    check_format("NHWC" if data_format == "channels_last" else data_format)


@declared("pool_size strides", "padding='valid' data_format='channels_last' name")
class MaxPooling2D(DeclaredLayer):
    """The largest number of each window of an image.

    >>> print(tf.layers.MaxPooling2D(2, 2)(tf.ones([1, 6, 6, 2])).shape)
    (1, 3, 3, 2)
    >>> print(tf.layers.max_pooling2d(tf.ones([1, 6, 6, 2]), 2, 2).shape)
    (1, 3, 3, 2)
    """

    _pool = staticmethod(convolution.max_pool)

    def set_up(self) -> None:
        check_channels(self.data_format)

    def call(self, inputs) -> Any:
        return self._pool(inputs, self.pool_size, self.strides, self.padding.upper())


class AveragePooling2D(MaxPooling2D):
    """The mean of each window of an image.

    >>> print(tf.layers.AveragePooling2D(2, 2)(tf.ones([1, 6, 6, 2])).shape)
    (1, 3, 3, 2)
    >>> print(tf.layers.average_pooling2d(tf.ones([1, 6, 6, 2]), 2, 2).shape)
    (1, 3, 3, 2)
    """

    _pool = staticmethod(convolution.avg_pool)


@declared("", "data_format='channels_last' name")
class Flatten(DeclaredLayer):
    """One row for each example, with all of its numbers.

    >>> print(tf.layers.Flatten()(tf.ones([2, 3, 4])).shape)
    (2, 12)
    >>> print(tf.layers.flatten(tf.ones([2, 3, 4])).shape)
    (2, 12)
    """

    def set_up(self) -> None:
        check_channels(self.data_format)

    def call(self, inputs) -> Any:
        known = inputs.shape.as_list()
        if None not in known[1:]:
            return reshape(inputs, [-1 if known[0] is None else known[0], math.prod(known[1:])])
        return reshape(inputs, [shape_tensor(inputs)[0], -1])


@declared("", "rate=0.5 noise_shape seed name")
class Dropout(DeclaredLayer):
    """Elements left out at random while `training`, with the probability `rate`.

    >>> layer = tf.layers.Dropout(0.5)
    >>> print(tf.Session().run(layer(tf.ones([3]))))
    [1. 1. 1.]
    >>> print(tf.Session().run(tf.layers.dropout(tf.ones([3]), training=False)))
    [1. 1. 1.]
    """

    def call(self, inputs, training=False) -> Any:
        def dropped() -> Tensor:
            return convolution.dropout(
                inputs, noise_shape=self.noise_shape, seed=self.seed, rate=self.rate
            )

        return either(training, dropped, lambda: identity(inputs))


def either(training, if_true: Callable[[], Any], if_false: Callable[[], Any]) -> Any:
    """One of two results, chosen now, or by `cond` in the run."""
    if isinstance(training, Operand):
        return cond(training, if_true, if_false)
    return if_true() if training else if_false()


@declared(
    "",
    "axis=-1 momentum=0.99 epsilon=0.001 center=True scale=True beta_initializer=Zeros "
    "gamma_initializer=Ones moving_mean_initializer=Zeros moving_variance_initializer=Ones "
    "beta_regularizer gamma_regularizer beta_constraint gamma_constraint renorm=False "
    "renorm_clipping renorm_momentum=0.99 fused trainable=True name",
)
class BatchNormalization(DeclaredLayer):
    """Numbers brought to mean 0 and variance 1 for each index of an axis, γ (x − m) / √(v + ε) + β.

    While `training`, m and v are those of the batch, and what moves the averages of them towards
    them joins `tf.GraphKeys.UPDATE_OPS`; otherwise they are these moving averages. `scale` and
    `center` say whether there are γ and β; `momentum` is how much of an average stays in a step.

    >>> layer = tf.layers.BatchNormalization()
    >>> z = layer(tf.constant([[1.0], [3.0]]), training=True)
    >>> print([variable.name for variable in layer.trainable_weights])
    ['batch_normalization/gamma:0', 'batch_normalization/beta:0']
    >>> z = tf.layers.batch_normalization(z, training=True)
    >>> print(len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)))
    4
    """

    _fused_ranks: ClassVar[tuple[int, ...]] = (4,)

    def set_up(self) -> None:
        if self.renorm:
            raise NotImplementedError("Batch renormalization is left out: say renorm=False.")
        self.axis: Any = self.axis[0] if isinstance(self.axis, list | tuple) else self.axis
        self.gamma: Variable | None = None
        self.beta: Variable | None = None
        self.updates: list[Any] = []
        self.updates_collections: str | None = GraphKeys.UPDATE_OPS

    def build(self, input_shape) -> None:
        size = [size_of(input_shape, self.axis, "BatchNormalization")]
        if self.scale:
            self.gamma = self.add_declared("gamma", size)
        if self.center:
            self.beta = self.add_declared("beta", size)
        self.moving_mean = self.add_declared("moving_mean", size, trainable=False)
        self.moving_variance = self.add_declared("moving_variance", size, trainable=False)

    def call(self, inputs, training=False) -> Any:
        rank = inputs.shape.ndims
        axis = self.axis % rank
        others = [each for each in range(rank) if each != axis]
        mean, variance = convolution.moments(inputs, others)
        if isinstance(training, Operand) or training:
            self._keep(training, self.moving_mean, mean)
            # For images TensorFlow takes a kernel that estimates the variance of other batches.
            fused = self.fused is not False and rank in self._fused_ranks and axis == rank - 1
            other = convolution.unbiased(inputs, mean, variance) if fused else variance
            self._keep(training, self.moving_variance, other)
        m = either(training, lambda: mean, lambda: self.moving_mean)
        v = either(training, lambda: variance, lambda: self.moving_variance)
        vectors = [m, v, self.beta, self.gamma]
        if axis != rank - 1:
            along = [-1 if each == axis else 1 for each in range(rank)]
            vectors = [each if each is None else reshape(each, along) for each in vectors]
        m, v, beta, gamma = vectors
        return convolution.batch_normalization(inputs, m, v, beta, gamma, self.epsilon)

    def _keep(self, training, average: Variable, value: Tensor) -> None:
        """Move an average towards a value of this batch, in an operation of UPDATE_OPS."""

        def moved() -> Tensor:
            return assign_sub(average, multiply(subtract(average, value), 1.0 - self.momentum))

        update = either(training, moved, lambda: average)
        self.updates.append(update)
        if self.updates_collections is not None:
            average.graph.add_to_collections(self.updates_collections, update)


def function_of(layer: type[Layer]) -> Callable[..., Tensor]:
    """The function that makes a layer and calls it once: `dense` for Dense."""
    name, call = snake_case(layer.__name__), inspect.signature(layer.call).parameters
    own = list(inspect.signature(layer).parameters.values())[:-1]  # without **scope
    places = ["trainable", "name"] if "trainable" in [each.name for each in own] else ["name"]
    if "training" in call:
        own.insert(-len(places), call["training"])
    if "trainable" in places:
        own += signature_of({"reuse": None}).parameters.values()

    def function(**given) -> Tensor:
        x, reuse = given.pop("inputs"), given.pop("reuse", None)
        mode = {"training": given.pop("training")} if "training" in given else {}
        return layer(**given, _scope=given.get("name"), _reuse=reuse)(x, **mode)

    sentence, _, examples = (layer.__doc__ or "").partition("\n\n")
    once = f"`{name}` makes a layer `{layer.__name__}`, and calls it once."
    function.__doc__ = f"{sentence}\n\n    {once}\n\n{examples}"
    return with_signature(function, [call["inputs"], *own], name)


dense = function_of(Dense)
conv2d = function_of(Conv2D)
conv2d_transpose = function_of(Conv2DTranspose)
max_pooling2d = function_of(MaxPooling2D)
average_pooling2d = function_of(AveragePooling2D)
flatten = function_of(Flatten)
dropout = function_of(Dropout)
batch_normalization = function_of(BatchNormalization)

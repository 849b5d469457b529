"""The base of all layers: variables of its own, made in a variable scope that the first call opens.

`declared` gives a layer its arguments, `function_of` the function that makes it and calls it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, TypeVar

from nbgrad.core.dtypes import DType, as_dtype, float32, leaves
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Tensor, graph_of
from nbgrad.core.operands import as_tensor, binder
from nbgrad.ops import activations
from nbgrad.ops.control import identity
from nbgrad.ops.functions import exp, tanh
from nbgrad.tf1 import initializers
from nbgrad.tf1.signatures import called, defaults_of, parameters_in, parameters_of, softmax, takes
from nbgrad.tf1.variable_scope import VariableScope, get_variable, variable_scope
from nbgrad.tf1.variables import GraphKeys, Variable

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

    _axes: tuple[str, int] = ("min_ndim", 0)  # how many axes its inputs have, or at least have
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
            if isinstance(tensor, Operand):
                self._check_axes(tensor.as_tensor())
            with self._entered(scope) as whole, graph.name_scope(whole.original_name_scope):
                if not self.built:
                    known = tensor.as_tensor().dtype if isinstance(tensor, Operand) else float32
                    self.dtype = self.dtype or (known if known.is_floating else float32)
                    self.build(getattr(tensor, "shape", None))
                    self.built = True
                outputs = self.call(inputs, *args, **options)
                if self.activity_regularizer is not None:
                    loss = self.activity_regularizer(outputs)
                    graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
                return outputs

    apply = __call__

    def _check_axes(self, x: Tensor) -> None:
        """Refuse inputs that are known to have another number of axes."""
        (kind, count), known = self._axes, x.static_shape
        if known is None or len(known) == count or (kind == "min_ndim" and len(known) > count):
            return
        problem = (
            f"Input 0 of layer {self._base_name} is incompatible with the layer: expected "
            f"{kind}={count}, found ndim={len(known)}. Full shape received: {[*known]}"
        )
        advice = "The first axis counts the examples: tf.expand_dims(x, 0) adds one."
        raise ValueError(advise(problem, x.op, advice))

    def _entered(self, scope) -> Any:
        """The layer's variable scope, which opens once; later calls share what is in it."""
        if self._scope is None:
            given = scope if scope is not None or not self._reuse else self._base_name
            with variable_scope(given, default_name=self._base_name) as self._scope:
                pass
        reuse = True if self.built else self._reuse
        return variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False)

    @takes(
        "self, name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True, "
        "constraint=None"
    )
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


def declared(text: str) -> Callable[[LayerClass], LayerClass]:
    """A class decorator: the parameters of a layer, as for `takes`, which become its attributes."""

    def decorate(layer: LayerClass) -> LayerClass:
        listed = parameters_in(f"self, {text}", layer)
        defaults = defaults_of(listed)
        names = {each.name for each in listed}
        bind = binder("__init__", Signature(listed))

        def begin(self, *args, **options) -> None:
            scope = {name: options.pop(name) for name in options.keys() - names}
            given = {**defaults, **bind((self, *args), options)}
            del given["self"]
            last = {name: given.pop(name) for name in ("name", "dtype") if name in given}
            Layer.__init__(self, **last, **scope)
            vars(self).update(given)
            self.set_up()

        made: Any = called("__init__", None)(begin)
        made.__signature__ = Signature([*listed, Parameter("scope", Parameter.VAR_KEYWORD)])
        layer.__init__ = made  # type: ignore[method-assign]
        for name in defaults.keys() - {"name", "dtype"}:
            setattr(layer, name, defaults[name])  # for those of its kin that do not take it
        return layer

    return decorate


def function_of(layer: type[Layer]) -> Callable[..., Tensor]:
    """The function that makes a layer and calls it once: `dense` for Dense."""
    name, own = snake_case(layer.__name__), parameters_of(layer)
    inputs, training, again = parameters_in("inputs, training=False, reuse=None", layer)
    mode = [training] if "training" in parameters_of(layer.call) else []
    last = [own.pop(key) for key in ("trainable", "name") if key in own]
    reuse = [again] if "trainable" in parameters_of(layer) else []
    sentence, _, examples = (layer.__doc__ or "").partition("\n\n")
    once = f"`{name}` makes a layer `{layer.__name__}`, and calls it once."

    @takes([inputs, *own.values(), *mode, *last, *reuse])
    @called(name, f"{sentence}\n\n    {once}\n\n{examples}")
    def function(inputs, **given) -> Tensor:
        how = {each.name: given.pop(each.name) for each in mode}
        made = layer(_scope=given.get("name"), _reuse=given.pop("reuse", None), **given)
        return made(inputs, **how)

    return function

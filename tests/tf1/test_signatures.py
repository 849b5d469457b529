"""TensorFlow's arguments: their order, older names, and what has no effect."""

import inspect

import pytest

import nbgrad as tf
from nbgrad.tf1.signatures import takes


@takes(
    "x, older=None, axis=None, keep=True, name=None",
    older="axis",
    left_out={"name": "no names here"},
)
def chosen(x, axis=0):
    return x, axis


def test_arguments_stand_in_the_order_of_the_text():
    assert str(inspect.signature(chosen)) == "(x, older=None, axis=None, keep=True, name=None)"
    assert chosen(5, None, 2, False) == (5, 2)


def test_an_older_name_stands_for_the_new_one_but_not_beside_it():
    assert chosen(5, older=2) == (5, 2)
    with pytest.raises(TypeError, match=r"chosen\(\) got multiple values for argument 'axis'"):
        chosen(5, older=2, axis=1)


def test_a_function_of_options_finds_every_argument_with_its_default():
    @takes("x, rate=0.5, keep=True, mode='same'")
    def everything(x, rate, **options):
        return x, rate, options

    assert str(inspect.signature(everything)) == "(x, rate=0.5, keep=True, mode='same')"
    assert everything(5) == (5, 0.5, {"keep": True, "mode": "same"})
    assert everything(5, 0.1, None, mode="valid") == (5, 0.1, {"keep": True, "mode": "valid"})
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        everything(rate=0.1)


def test_an_argument_without_a_default_has_to_be_given():
    @takes("x, rate=0.5")
    def everything(**options):
        return options

    assert str(inspect.signature(everything)) == "(x, rate=0.5)"
    assert everything(5) == {"x": 5, "rate": 0.5}
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        everything(rate=0.1)


def test_parameters_may_be_given_in_place_of_a_text():
    listed = inspect.signature(lambda inputs=None, filters=8: None).parameters.values()

    @takes(listed)
    def everything(**options):
        return options

    assert everything(filters=4) == {"inputs": None, "filters": 4}  # no `filter`: it is no elder


def test_an_older_name_of_tensorflow_s_needs_no_word():
    @takes("x, axis=None, reduction_indices=None")
    def reduced(x, axis=None):
        return axis

    assert reduced(5, reduction_indices=1) == 1
    with pytest.raises(TypeError, match=r"got multiple values for argument 'axis'"):
        reduced(5, 1, reduction_indices=1)


def test_names_in_the_text_are_those_of_the_function_s_module():
    @takes("x, kind=tf.float32, keys=[tf.GraphKeys.LOSSES, 'mine']")
    def everything(x, kind, keys):
        return kind, keys

    assert everything(5) == (tf.float32, ["losses", "mine"])


def test_what_is_shown_has_the_types_of_the_function_s_own_parameters():
    @takes("x, axis=None, dim=None")
    def reduced(x: float, axis: int = 0) -> str:
        return f"{x} {axis}"

    assert str(inspect.signature(reduced)) == "(x: float, axis: int = None, dim=None) -> str"
    assert "initializer: 'InitializerLike" in str(inspect.signature(tf.get_variable))
    assert "loss: 'Tensor" in str(inspect.signature(tf.train.Optimizer.minimize))


def test_none_is_the_default_of_an_axis():
    assert chosen(5, axis=None) == (5, 0)


def test_what_is_left_out_or_unknown_is_refused():
    with pytest.raises(NotImplementedError, match="no names here"):
        chosen(5, name="five")
    with pytest.raises(TypeError, match=r"chosen\(\) got an unexpected keyword argument 'size'"):
        chosen(5, size=1)


def test_arguments_of_a_layer_are_its_own_before_those_of_its_kin():
    names = list(inspect.signature(tf.layers.Dense).parameters)
    assert names[:3] == ["units", "activation", "use_bias"]
    assert names[-2:] == ["name", "scope"]


def test_a_layer_refuses_what_it_left_out_of_its_parents_arguments():
    with pytest.raises(TypeError, match="Keyword argument not understood"):
        tf.nn.rnn_cell.BasicLSTMCell(4, use_peepholes=True)
    with pytest.raises(TypeError, match="Keyword argument not understood"):
        tf.layers.Conv2DTranspose(8, 3, dilation_rate=2)


def test_a_layer_of_ones_own_keeps_its_own_arguments():
    class Doubled(tf.layers.Dense):
        def __init__(self, units, factor=2):
            super().__init__(factor * units, activation="relu")

    assert list(inspect.signature(Doubled).parameters) == ["units", "factor"]
    assert Doubled(3)(tf.ones([2, 5])).shape == [2, 6]

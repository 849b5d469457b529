"""The registry: one entry for each type of operation, and nothing beside it."""

import pytest

import nbgrad as tf
from nbgrad.core import registry
from nbgrad.ops.define import operation


@pytest.fixture
def spare(monkeypatch):
    """The registry may be written to, and is as before afterwards."""
    monkeypatch.setattr(registry, "_operations", dict(registry._operations))
    monkeypatch.setattr(registry, "_rules", dict(registry._rules))


@pytest.mark.usefixtures("spare")
def test_a_numpy_function_becomes_an_operation_in_a_few_lines():
    @operation("Cube", symbol="x³")
    def cube(x):
        """z = x³"""
        return x * x * x

    @tf.RegisterGradient("Cube")
    def _cube_grad(op, dz):
        return dz * 3 * tf.square(op.inputs[0])

    with tf.Graph().as_default():
        x = tf.constant(2.0)
        y = cube(x, name="y")
        assert y.op.name == "y"
        assert tf.Session().run([y, tf.gradients(y, x)[0]]) == [8.0, 12.0]


@pytest.mark.usefixtures("spare")
def test_a_type_is_registered_once():
    with pytest.raises(KeyError, match="There is already an operation of type 'Mul'"):
        operation("Mul")(lambda x, y: x)


def test_an_unknown_type_is_answered_with_one_that_is_like_it():
    with tf.Graph().as_default(), pytest.raises(LookupError, match=r"no operation .Mull."):
        tf.apply("Mull", tf.constant(1.0), 2.0)


def test_an_entry_knows_operands_attributes_and_notation():
    entry = registry.definition_of("Sum")
    assert entry.operands == ("input_tensor",)
    assert entry.attributes == {"axis": None, "keepdims": False}
    assert entry.notation.symbol == "Σ"
    assert entry.operand_name(0) == "input_tensor"


@pytest.mark.usefixtures("spare")
def test_an_operation_without_a_rule_is_an_error_only_on_the_way():
    operation("Mystery")(lambda x: x)
    with tf.Graph().as_default():
        x = tf.constant(2.0)
        y = tf.apply("Mystery", x, name="riddle")
        message = r"No gradient defined for operation 'riddle' \(op type: Mystery\)"
        with pytest.raises(LookupError, match=message):
            tf.gradients(y, x)
        assert tf.Session().run(tf.gradients(x * x, x)) == [4.0]


@pytest.mark.parametrize("wrong", [3, None, lambda op, dz: dz])
def test_rules_have_names(wrong):
    for register in (tf.RegisterGradient, tf.NotDifferentiable):
        with pytest.raises(TypeError, match="op_type must be a string"):
            register(wrong)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: tf.reshape([1.0]), r"reshape\(\) missing a required argument: 'shape'"),
        (lambda: tf.add(1.0), r"add\(\) missing a required argument: 'y'"),
        (lambda: tf.add(1.0, 2.0, "z", 4), r"add\(\) too many positional arguments"),
        (lambda: tf.add(1.0, 2.0, axis=1), r"add\(\) got an unexpected keyword argument 'axis'"),
        (lambda: tf.reduce_sum(axis=0), r"reduce_sum\(\) missing a required argument"),
        (lambda: tf.argmax([1.0], 0, dimension=0), r"argmax\(\) got multiple values .* 'axis'"),
    ],
)
def test_an_argument_too_many_or_too_few_is_refused_by_the_function_that_was_called(build, message):
    with pytest.raises(TypeError, match=message):
        build()


def test_signatures_repeat_their_last_kind():
    definition = registry.definition_of("Pack")
    assert list(definition.dtypes.kinds(3)) == ["T", "T", "T"]
    assert list(definition.dtypes.kinds(0)) == []

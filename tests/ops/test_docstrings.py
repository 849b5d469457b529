"""`help()` of every public operation: a sentence, its arguments, its result and an example."""

import dataclasses
import inspect

import pytest

import nbgrad as tf
from nbgrad.core.registry import definition_of, operation_types
from nbgrad.ops import docstrings
from nbgrad.ops.define import broadcast_operands
from nbgrad.ops.docstrings import ATTRIBUTES, complete

NAMESPACES = {
    "tf": tf,
    "tf.linalg": tf.linalg,
    "tf.losses": tf.losses,
    "tf.math": tf.math,
    "tf.nn": tf.nn,
    "tf.random": tf.random,
}
#: NumPy's order of sections; the words come before them all.
ORDER = ["", "Parameters", "Returns", "Raises", "Notes", "References", "Examples"]


def public_functions():
    for prefix, namespace in NAMESPACES.items():
        for name in dir(namespace):
            function = getattr(namespace, name)
            if inspect.isfunction(function) and function.__module__.startswith("nbgrad.ops"):
                yield function, f"{prefix}.{name}"


#: Each function once, under one of its names.
FUNCTIONS = dict(public_functions())
KERNELS = {inspect.unwrap(function) for function in FUNCTIONS}
BUILT = [name for name in operation_types() if definition_of(name).kernel in KERNELS]

every_function = pytest.mark.parametrize(
    "function", [pytest.param(function, id=name) for function, name in FUNCTIONS.items()]
)


def sections(function):
    """The lines of a docstring under each of its titles."""
    lines, title = inspect.getdoc(function).splitlines(), ""
    found = {"": []}
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line and below == "-" * len(line):
            title = line
            found[title] = []
        elif line != "-" * len(title) or not title:
            found[title].append(line)
    return found


@every_function
def test_help_begins_with_one_sentence(function):
    first, *rest = sections(function)[""]
    assert first.endswith(".")
    assert ". " not in first
    assert not any(rest[:1])


@every_function
def test_help_names_every_argument_in_its_order_with_its_type(function):
    headings = [line for line in sections(function).get("Parameters", []) if line.strip() == line]
    names = [name for line in headings if line for name in line.partition(" : ")[0].split(", ")]
    arguments = inspect.signature(function).parameters.values()
    assert names == [
        str(each.replace(default=each.empty, annotation=each.empty)) for each in arguments
    ]
    assert all(line.partition(" : ")[2] for line in headings if line)


@every_function
def test_help_says_what_is_returned_and_shows_an_example(function):
    found = sections(function)
    assert any(found["Returns"])
    assert any(line.startswith(">>> ") for line in found["Examples"])
    assert list(found) == [title for title in ORDER if title in found]


@pytest.mark.parametrize("op_type", BUILT)
def test_every_attribute_of_a_public_operation_is_explained(op_type):
    for name in definition_of(op_type).attributes:
        assert f"{op_type}.{name}" in ATTRIBUTES or name in ATTRIBUTES


@pytest.mark.parametrize("op_type", BUILT)
def test_a_shape_rule_says_what_shape_a_result_has(op_type):
    definition = definition_of(op_type)
    if definition.dtypes[1]:
        first = definition.shape.__doc__.splitlines()[0]
        assert first.endswith(".")
        assert "rule" not in first


def test_what_an_author_wrote_stands_where_numpy_puts_it():
    found = sections(tf.matrix_inverse)
    assert list(found) == ["", "Parameters", "Returns", "Raises", "References", "Examples"]
    assert "InvalidArgumentError" in found["Raises"]
    assert found["Examples"][1:3] == [
        ">>> with tf.Session() as session:",
        "...     print(session.run(tf.matrix_inverse([[2.0, 0.0], [0.0, 4.0]])))",
    ]


def test_a_default_and_another_name_of_an_argument_are_told():
    lines = sections(tf.argmax)["Parameters"]
    assert "axis : int, default 0" in lines
    assert lines[lines.index("dimension : optional") + 1] == "    Another name for `axis`."


def test_operands_and_results_are_described_by_the_definition():
    assert sections(tf.add)["Parameters"][:2] == [
        "x : tensor_like of numbers (float, complex, integer)",
        "y : tensor_like of numbers (float, complex, integer)",
    ]
    assert f"    Of the same dtype. {broadcast_operands.__doc__}" in sections(tf.add)["Returns"]
    assert "    Of dtype bool. The shape of `x`." in sections(tf.is_nan)["Returns"]


def test_a_kernel_of_one_line_is_completed_as_well():
    text = complete(definition_of("Step"), ["x", "name"], {})
    assert text.startswith("z = 1 where x > 0, else 0\n\nParameters\n")
    assert "Examples" not in text


def test_help_is_the_same_where_python_takes_the_indentation_off(monkeypatch):
    definition = definition_of("Elu")  # with a source, and an example
    before = complete(definition, ["features", "name"], {})

    def kernel(features):
        """From Python 3.13 on, a docstring has lost its indentation when it is read."""

    kernel.__doc__ = inspect.getdoc(definition.kernel)
    monkeypatch.setattr(docstrings, "INDENTATION", "")
    after = complete(dataclasses.replace(definition, kernel=kernel), ["features", "name"], {})
    assert after == before
    assert "\nReferences\n----------\nClevert" in before


def test_only_a_shape_rule_that_refuses_shapes_is_said_to():
    assert "ValueError" not in "".join(sections(tf.linspace).get("Raises", []))
    assert "ValueError" in sections(tf.matmul)["Raises"]

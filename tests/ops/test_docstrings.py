"""`help()` of every public operation: a sentence, and an example."""

import inspect

import pytest

import nbgrad as tf

NAMESPACES = {
    "tf": tf,
    "tf.linalg": tf.linalg,
    "tf.losses": tf.losses,
    "tf.math": tf.math,
    "tf.nn": tf.nn,
    "tf.random": tf.random,
}


def public_functions():
    for prefix, namespace in NAMESPACES.items():
        for name in dir(namespace):
            function = getattr(namespace, name)
            if inspect.isfunction(function) and function.__module__.startswith("nbgrad.ops"):
                yield function, f"{prefix}.{name}"


#: Each function once, under one of its names.
FUNCTIONS = dict(public_functions())

every_function = pytest.mark.parametrize(
    "function", [pytest.param(function, id=name) for function, name in FUNCTIONS.items()]
)


@every_function
def test_help_begins_with_one_sentence(function):
    first, *rest = inspect.getdoc(function).splitlines()
    assert first.endswith(".")
    assert ". " not in first
    assert not any(rest[:1])


@every_function
def test_help_shows_an_example(function):
    # That it runs, and to what stands there, the doctests of nbgrad/ops see.
    assert ">>> " in function.__doc__

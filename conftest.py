"""Examples in docstrings find `tf`, `ng` and `np`, as in a notebook, and an empty graph."""

import numpy as np
import pytest

import nbgrad


@pytest.fixture(autouse=True)
def names_for_examples(request, doctest_namespace):
    if isinstance(request.node, pytest.DoctestItem):
        doctest_namespace.update(tf=nbgrad, ng=nbgrad, np=np)
        nbgrad.reset_default_graph()

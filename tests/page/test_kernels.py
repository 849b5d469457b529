"""Every kernel of the page finds what NumPy finds, on random operands and at the edges."""

import json
import subprocess
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from kernel_cases import CASES, COUNT, Draw

from nbgrad.core.dtypes import BY_NAME
from nbgrad.core.errors import OpError
from nbgrad.core.registry import definition_of
from nbgrad.trace.numbers import Numbers
from nbgrad.widgets.bundle import page_kernels

HERE = Path(__file__).parent


def plain(value):
    """An attribute as a program writes it."""
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    if isinstance(value, list | tuple):
        return [*map(plain, value)]
    return "..." if value is Ellipsis else value


def by_numpy(op_type, operands, attributes):
    """The results of Python's own kernel; of an error, its first line."""
    definition = definition_of(op_type)
    settings = {k: BY_NAME.get(v, v) if isinstance(v, str) else v for k, v in attributes.items()}
    if op_type == "IdentityN":
        settings["T"] = None
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            found = definition.kernel(*(each[()] for each in operands), **settings)
    except (OpError, ValueError) as error:
        return str(error).split("\n")[0]
    several = definition.dtypes.many or isinstance(found, list | tuple)
    return [np.asarray(each) for each in (found if several else [found])]


@pytest.fixture(scope="module")
def runs(node, tmp_path_factory):
    """For each type, its cases with what the page and NumPy find; all in one run of Node."""
    folder = tmp_path_factory.mktemp("kernels")
    drawn = [
        (op_type, *maker(Draw(zlib.crc32(f"{op_type} {i}".encode()))))
        for op_type, (maker, _) in CASES.items()
        for i in range(COUNT)
    ]
    cases = [
        [op_type, [Numbers(x).to_dict() for x in operands], plain(attributes_of(attributes))]
        for op_type, operands, attributes in drawn
    ]
    (folder / "cases.json").write_text(json.dumps(cases), "utf-8")
    command = [node, HERE / "run_kernels.js", folder / "cases.json", folder / "found.json"]
    subprocess.run(command, check=True)
    page = json.loads((folder / "found.json").read_text("utf-8"))
    found = {}
    for case, outcome in zip(drawn, page["found"], strict=True):
        found.setdefault(case[0], []).append((case, outcome))
    return page["types"], found


def attributes_of(attributes):
    return {key: plain(value) for key, value in attributes.items()}


def test_python_knows_which_kernels_the_page_has(runs):
    types, _ = runs
    assert sorted(types) == sorted(page_kernels()) == sorted(CASES)


@pytest.mark.parametrize("op_type", sorted(CASES))
def test_a_kernel_of_the_page_finds_what_numpy_finds(op_type, runs):
    near = CASES[op_type][1]
    for (_, operands, attributes), page in runs[1][op_type]:
        wanted = by_numpy(op_type, operands, attributes)
        call = f"{op_type} of {operands} with {attributes}"
        if isinstance(wanted, str) or isinstance(page, str):
            assert page == wanted, call
            continue
        found = [Numbers.from_dict(each).array for each in page]
        assert len(found) == len(wanted), call
        for one, other in zip(found, wanted, strict=True):
            assert (one.dtype, one.shape) == (other.dtype, other.shape), call
            assert alike(one, other, near, operands), f"{call}:\npage {one}\nNumPy {other}"


def alike(found, wanted, near, operands):
    """Whether an array is as near to NumPy's as it must be."""
    if wanted.dtype.kind != "f":
        return bool((found == wanted).all())
    same = (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    if not near.any_zero:
        same &= np.isnan(wanted) | (np.signbit(found) == np.signbit(wanted))
    largest = [np.abs(x[np.isfinite(x)]).max(initial=0) for x in operands if x.dtype.kind == "f"]
    with np.errstate(all="ignore"):
        distance = np.abs(found.astype("float64") - wanted.astype("float64"))
        last_places = near.ulps * np.spacing(np.abs(wanted))
        size = np.maximum(np.abs(wanted), max([*largest, np.prod(largest), near.scale]))
        allowed = last_places + (near.relative and near.relative * size)
    return bool((same | (distance <= allowed)).all())

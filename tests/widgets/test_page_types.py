"""The page's module keeps its word: `tsc --strict` reads the types in its comments.

Nothing is built; browsers get the module as it is. TypeScript is held at its last version that
is itself JavaScript: one small lock, and it runs wherever Node does. `page_types/mistakes.js`
holds what the check has to find.
"""

import re
import subprocess
from dataclasses import fields

import pytest

from nbgrad.picture.style import PATCH_NAMES
from nbgrad.widgets.controls import Field
from nbgrad.widgets.explorer import SharedState
from nbgrad.widgets.page import STATIC

MODULE = (STATIC / "explorer.js").read_text("utf-8")


def test_the_types_of_the_module_fit_together(tsc):
    check = subprocess.run(tsc, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if check.returncode:
        pytest.fail(check.stdout, pytrace=False)


def test_no_line_of_the_module_is_kept_from_the_check():
    assert not re.findall("@ts-(?:nocheck|ignore|expect-error)", MODULE)


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("Traits", SharedState.class_own_traits(sync=True)),
        ("Style", PATCH_NAMES),
        ("Field", [field.name for field in fields(Field)]),
    ],
)
def test_a_type_has_the_names_that_python_sends(type_, names):
    declared = next(each for each in MODULE.split("@typedef ") if f"}}}} {type_}" in each)
    assert {*re.findall(r"(\w+)\??:", declared.partition("}}")[0])} == {*names}

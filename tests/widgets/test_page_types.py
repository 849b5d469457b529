"""The page's modules keep their word: `tsc --strict` reads the types in its comments.

Nothing is built; browsers get the module as it is. TypeScript is held at its last version that
is itself JavaScript: one small lock, and it runs wherever Node does. `page_types/mistakes.js`
holds what the check has to find.
"""

import re
import subprocess

import pytest

from nbgrad.picture.scene import PATCH_NAMES
from nbgrad.widgets.bundle import STATIC
from nbgrad.widgets.explorer import Explorer

MODULES = "\n".join(path.read_text("utf-8") for path in sorted(STATIC.glob("*.js")))


def test_the_types_of_the_modules_fit_together(tsc):
    check = subprocess.run(tsc, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if check.returncode:
        pytest.fail(check.stdout, pytrace=False)


def test_no_line_of_a_module_is_kept_from_the_check():
    assert not re.findall("@ts-(?:nocheck|ignore|expect-error)", MODULES)


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("Traits", Explorer.class_own_traits(sync=True)),
        ("Style", PATCH_NAMES),
    ],
)
def test_a_type_has_the_names_that_python_sends(type_, names):
    declared = next(each for each in MODULES.split("@typedef ") if f"}}}} {type_}" in each)
    assert {*re.findall(r"(\w+)\??:", declared.partition("}}")[0])} == {*names}

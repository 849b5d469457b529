"""The page's modules do what their own tests say, under Node."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("module", sorted(HERE.glob("*.test.js")), ids=lambda path: path.stem)
def test_a_module_of_the_page_passes_its_own_tests(node, module):
    done = subprocess.run([node, "--test", module], capture_output=True, text=True)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)

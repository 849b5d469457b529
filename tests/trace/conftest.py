"""The tests of this folder look at the graphs of others: `import generated`, `import graphs`."""

import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS / "page"), str(TESTS / "picture")]

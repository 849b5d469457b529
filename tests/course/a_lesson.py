"""A short lesson that has everything which talks and handouts know of."""

import nbformat

Cell = tuple[str, str, str, tuple[str, ...]]

CELLS: list[Cell] = [
    ("markdown", "slide", "# 42 · A lesson\n\nDoes $f = x^2 y$ change with $x$, or with $y$?", ()),
    ("markdown", "notes", "Two minutes. Ask who knows a derivative.", ()),
    ("code", "fragment", "import nbgrad as tf\ntf.config(plain_numbers=True)", ()),
    ("markdown", "slide", "## Predict\n\nType what you expect for $\\frac{df}{dx}$.", ()),
    (
        "code",
        "subslide",
        "x = tf.Variable(3.0)\ny = tf.Variable(4.0)\nf = x * x * y\n"
        'tf.explore(f, [x, y], hide="adjoints")',
        (),
    ),
    ("markdown", "slide", "## What came back\n\nTwo ways bring 12, together 24.", ("reveal",)),
    ("code", "fragment", "assert tf.Session().run(f, {x: 1.0, y: 1.0}) == 1", ("reveal",)),
    ("markdown", "slide", "## See\n\nDrag $x$, and watch $\\partial f/\\partial x = 2xy$.", ()),
    ("code", "subslide", "explorer = tf.explore(f, [x, y])\nexplorer", ("film",)),
    (
        "code",
        "slide",
        "tf.Session().run(tf.gradients(f, x), {x: 1.0, y: 2.0})",
        ("predict",),
    ),
    ("code", "fragment", "tf.explain(f, x)", ("screen",)),
    ("markdown", "slide", "## Exercise\n\nWhat is $df/dy$ where $x = 5$?", ("exercise",)),
    ("code", "-", "answer = None\ntf.check_answer(answer, 25.0)", ("exercise",)),
    ("markdown", "skip", "It is $x^2 = 25$.", ("answer",)),
    (
        "markdown",
        "slide",
        "## What you can now do\n\n- Say what a gradient is.\n\nNext: [43](43_b.ipynb).",
        (),
    ),
]


def write_lesson(path):
    """Write it as a notebook."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    for kind, slide_type, source, tags in CELLS:
        make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        metadata = {"slideshow": {"slide_type": slide_type}, "tags": [*tags]}
        notebook.cells.append(make(source, metadata=metadata))
    nbformat.write(notebook, path)
    return path

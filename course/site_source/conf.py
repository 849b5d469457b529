"""How Sphinx sets the site: no page asks a network for anything."""

import re

from docutils import nodes

from course.mathematics import block_math, inline_math

project = "nbgrad"
author = "The nbgrad developers"
language = "en"
extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_nb"]
exclude_patterns: list[str] = []

html_theme = "furo"
html_title = "nbgrad: see how gradients flow"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sourcelink = False
html_math_renderer = "mathml"

# Lessons have run before they come here, and their explorers bring their own script.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, object] = {}
nb_mime_priority_overrides = [("html", "text/html", 0)]
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header", "docutils", "ref", "app"]

numpydoc_show_class_members = False
autodoc_default_options = {"members": True}
autodoc_typehints = "none"


def visit_inline(translator, node):
    """Write a formula in a line as MathML."""
    translator.body.append(inline_math(node.astext()))
    raise nodes.SkipNode


def visit_block(translator, node):
    """Write a formula of its own as MathML."""
    translator.body.append(f'<div class="math">{block_math(node.astext())}</div>')
    raise nodes.SkipNode


def read_as_words(app, what, name, subject, options, lines):
    """Take a docstring for what it is: words with code between single backquotes, and |x|."""
    for n, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            line = re.sub(r"(?<![`:])`([^`]+)`(?!`)(?=(\w?))", as_code, line)
            lines[n] = re.sub(r"\|(?=\S)([^|`]+)(?<=\S)\|", r"\\|\1\\|", line)


def as_code(found):
    """Code in reStructuredText; a plural's s after it needs a joint."""
    return f"``{found[1]}``" + ("\\ " if found[2] else "")


def setup(app):
    """Give Sphinx a way to write mathematics that needs no script, and to read docstrings."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("autodoc-process-docstring", read_as_words, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

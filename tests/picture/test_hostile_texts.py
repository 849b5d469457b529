"""A label, a symbol or a text may hold anything: a page stays one page, and a picture is XML."""

import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
import traces

import nbgrad as ng
from nbgrad.picture.derivations.derivation import Derivation
from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.trace.model import Trace

HOSTILE = [
    "<!--<script>",
    "</script><script>alert(1)</script><evil>",
    "</style><evil>",
    "</title><evil>",
    "]]><evil>",
    "\"><evil onload='x'>",
    "'><evil>",
    "&lt;evil&gt;",
    "{x}%s$x$`${1}`",
    "\\frac{\\",
    "a\u2028b\u202ec\nd",
    "\x00\x1f",
]
every_text = pytest.mark.parametrize("text", HOSTILE)


class Page(HTMLParser):
    """The tags, the comments and the data of a page, as a browser finds them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.comments, self.scripts = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script":
            self.scripts[-1] += data


def check_page(html, scripts=0):
    page = Page(html)
    assert "evil" not in page.tags
    assert page.tags.count("script") == scripts
    assert page.comments == []
    return page


@every_text
def test_a_label_opens_nothing_in_a_page_and_breaks_no_picture(text):
    trace = traces.square(text)
    for layout in LAYOUTS:
        check_page(Drawing.of(trace, layout=layout).html)
    drawing = Drawing.of(trace)
    for result in (drawing, drawing.film(), drawing.cell("y", ()), Derivation(trace, trace.xs[0])):
        check_page(result.html)
        check_page(result.writers()[".html"]())
    for result in (drawing, drawing.film()):
        ET.fromstring(result.writers()[".svg"]())
    assert Trace.from_dict(json.loads(drawing.writers()[".json"]())) == trace


@every_text
def test_what_an_explorer_saves_keeps_its_script(text, tmp_path):
    pytest.importorskip("anywidget")

    def named(x):
        return x * x, lambda dy: 2.0 * dy * x

    named.__name__ = text
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        matches = ng.cast(ng.equal(ng.constant(text), text), ng.float32)
        y = ng.multiply(ng.custom_gradient(named)(x), matches, name="y")
        explorer = ng.explore(y, x)
    html = explorer.save(tmp_path / "page.html").read_text("utf-8")
    check_page(html, scripts=1)
    for view in explorer.views.values():
        check_page(f"<body>{view['svg']}")
    check_page(explorer._repr_mimebundle_()["text/html"], scripts=1)

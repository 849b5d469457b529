"""A notebook that is converted keeps its pictures: inline, readable, and without a network."""

import re
import xml.etree.ElementTree as ET

import nbformat
import pytest
import traces
from nbconvert import HTMLExporter, SlidesExporter

from nbgrad.picture.drawing import Drawing


def executed_notebook():
    """A notebook as it is after a cell returned a drawing."""
    drawing = Drawing.of(traces.textbook())
    shown = nbformat.v4.new_output(
        "execute_result", data=drawing._repr_mimebundle_(), execution_count=1
    )
    cell = nbformat.v4.new_code_cell("ng.draw(f)", outputs=[shown], execution_count=1)
    cell.metadata["slideshow"] = {"slide_type": "slide"}
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_the_picture_stays_inline_with_its_style_and_its_words(exporter):
    page, _ = exporter().from_notebook_node(executed_notebook())
    [picture] = re.findall(r'<svg [^>]*class="nbgrad-picture".*?</svg>', page, re.DOTALL)
    root = ET.fromstring(picture)
    assert root.get("aria-label").startswith("f = b + c = 42")
    assert ".nbgrad .reverse{" in page
    start = page.index('<div class="nbgrad"')
    fragment = page[start : page.index("</svg>", start)]
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", fragment)
    assert "<img" not in fragment


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_slides_turn_without_a_network_where_reveal_js_lies_beside_them():
    options = {"reveal_url_prefix": "reveal.js", "require_js_url": "require.js"}
    page, _ = SlidesExporter(**options).from_notebook_node(executed_notebook())
    loaded = re.findall(r"(?:src|href)=\"([^\"]+\.(?:js|css))\"", page)
    assert not [url for url in loaded if "reveal" in url and "://" in url]
    assert "require.js" in loaded
    assert '"reveal.js/dist/reveal.js"' in page

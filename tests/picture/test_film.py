"""The film shows each step as the picture after it, with what it did."""

import xml.etree.ElementTree as ET

import pytest
import traces
from page import SVG, inline_svgs

from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.words import sentence

every_layout = pytest.mark.parametrize("layout", LAYOUTS)


def test_there_is_a_picture_for_each_step_and_for_the_beginning():
    trace = traces.textbook()
    film = Drawing.of(trace).film()
    assert film.ks == tuple(range(len(trace.steps) + 1))
    assert film.captions()[1:] == [
        f"{k}. {sentence(trace, s)}" for k, s in enumerate(trace.steps, 1)
    ]


def test_a_film_shows_what_is_known_before_the_first_step_and_after_each():
    trace = traces.textbook()
    assert list(range(len(trace.steps) + 1)) == list(Drawing.of(trace).film().ks)


@every_layout
def test_a_frame_hides_what_comes_later(layout):
    film = Drawing.of(traces.textbook(), layout=layout).film([1, 14])
    pages = map(ET.fromstring, inline_svgs(film.html))
    first, last = (frame for page in pages for frame in page.findall(f"{SVG}g"))
    for frame, away in ((first, True), (last, False)):
        ids = {element.get("data-id") for element in frame.iter()}
        assert ("n0.adjoint" not in ids) is away


def test_a_long_pass_is_shown_in_evenly_chosen_steps():
    film = Drawing.of(traces.chain()).film()
    assert len(film.ks) == 25
    assert (film.ks[0], film.ks[-1]) == (0, len(traces.chain().steps))


@pytest.mark.parametrize("ending", ["svg", "pdf", "png", "html", "htm", "txt"])
def test_it_saves_itself_the_same_each_time(tmp_path, ending):
    film = Drawing.of(traces.textbook()).film([0, 5, 14])
    one, two = (film.save(tmp_path / f"{n}.{ending}").read_bytes() for n in (1, 2))
    assert one == two


def test_what_cannot_be_is_refused():
    drawing = Drawing.of(traces.textbook())
    with pytest.raises(IndexError, match="no step 15"):
        drawing.film([15])
    with pytest.raises(ValueError, match="at least one column"):
        drawing.film(columns=0)
    with pytest.raises(ValueError, match=r"\.svg \.png"):
        drawing.film().save("film.gif")

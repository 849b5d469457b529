"""The film shows each step as the picture after it, with what it did."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import pytest
import traces
from page import SVG, inline_svgs

from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.film import A4
from nbgrad.picture.words import sentence

every_layout = pytest.mark.parametrize("layout", LAYOUTS)


def test_there_is_a_picture_for_each_step_and_for_the_beginning():
    trace = traces.textbook()
    film = Drawing.of(trace).film()
    assert film.ks == tuple(range(len(trace.steps) + 1))
    assert film.captions[1:] == [f"{k}. {sentence(trace, s)}" for k, s in enumerate(trace.steps, 1)]


def test_a_film_shows_what_is_known_before_the_first_step_and_after_each():
    trace = traces.textbook()
    assert list(range(len(trace.steps) + 1)) == list(Drawing.of(trace).film().ks)


def test_a_film_that_asks_has_blanks_for_what_the_way_back_finds():
    trace = traces.textbook()
    asking, told = Drawing.of(trace).asking().film(), Drawing.of(trace).film()
    captions = zip(trace.steps, asking.captions[1:], told.captions[1:], strict=True)
    for step, asked, caption in captions:
        assert asked.endswith(" ______") == (step.kind in ("multiply", "sum"))
        assert caption.startswith(asked.removesuffix(" ______"))


@every_layout
def test_a_frame_hides_what_comes_later(layout):
    film = Drawing.of(traces.textbook(), layout=layout).film([1, 14])
    pages = map(ET.fromstring, inline_svgs(film.html))
    first, last = (frame for page in pages for frame in page.findall(f"{SVG}g"))
    for frame, away in ((first, True), (last, False)):
        ids = {element.get("data-id") for element in frame.iter()}
        assert ("n0.adjoint" not in ids) is away


@pytest.mark.parametrize("graph", [traces.textbook, traces.matrices, traces.network])
@pytest.mark.parametrize("width", [360, 640, 878])
def test_a_page_is_not_larger_than_paper_and_its_pictures_do_not_meet(graph, width):
    film = Drawing.of(graph(), width=width).film()
    wide, high = film.room
    assert sum(map(len, film.pages)) == len(film.ks)
    assert math.isclose(max(film.room) / min(film.room), (1123 - 76) / (794 - 76))
    for page in film.pages:
        for place in page:
            assert 0 <= place.x <= wide - film.cell_size[0] + 0.01
            assert 0 <= place.y <= high - film.cell_size[1] + 0.01
        for a, b in itertools.combinations(page, 2):
            beside = abs(a.x - b.x) >= film.cell_size[0]
            assert beside or abs(a.y - b.y) >= film.cell_size[1]


def test_a_few_steps_are_on_each_page_and_a_sheet_of_pages_is_no_strip():
    film = Drawing.of(traces.textbook(), width=640).film()
    assert 2 <= len(film.pages[0]) <= 6
    (width, height), corners = film.sheet()
    assert len(set(corners)) == len(film.pages)
    assert 0.5 < width / height < 2


def test_a_smaller_page_has_fewer_pictures_and_a_larger_one_more():
    drawing = Drawing.of(traces.textbook())
    counts = [len(drawing.film(page=page).pages) for page in ((400, 600), A4, (1123, 1588))]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_a_pdf_has_a_leaf_for_each_page_as_large_as_the_page(tmp_path):
    film = Drawing.of(traces.textbook()).film()
    pdf = film.save(tmp_path / "f.pdf").read_bytes()
    leaves = re.findall(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf)
    assert len(leaves) == len(film.pages)
    assert {tuple(sorted(map(float, leaf))) for leaf in leaves} == {(794 * 0.75, 1123 * 0.75)}


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
    with pytest.raises(ValueError, match="at least 152 pixels"):
        drawing.film(page=(100, 900))
    with pytest.raises(ValueError, match=r"\.svg \.png"):
        drawing.film().save("film.gif")


@every_layout
def test_on_a_screen_a_page_is_as_wide_as_its_pictures_and_no_wider_than_a_cell(layout):
    picture = Drawing.of(traces.textbook(), layout=layout)
    for page in map(ET.fromstring, inline_svgs(picture.film().html)):
        left = min(float(g.get("transform")[10:].split()[0]) for g in page.findall(f"{SVG}g"))
        assert left == 0
        assert float(page.get("width")) <= max(878, picture.scene.width)

"""A page of lesson 00 as one file, sent to somebody without Python, who tries every control.

The network is refused. By mouse, by fingers, and by keys alone; where colours are forced or motion
is not wanted. What lesson 00's small picture has no use for is tried on a network and on a chain.
"""

import json
from pathlib import Path

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

import nbgrad as tf

LESSON = Path(__file__).parents[2] / "notebooks" / "00_start_here.ipynb"
BEGINNING = "explorer = tf.explore("
X, Y, P, Q, R, F = "n0", "n1", "n2", "n3", "n5", "n6"


@pytest.fixture(scope="module")
def explorer_of_lesson(tmp_path_factory):
    """The second explorer of the lesson, made by the cells of the lesson up to it."""
    cells = json.loads(LESSON.read_text("utf-8"))["cells"]
    code = "\n".join("".join(each["source"]) for each in cells if each["cell_type"] == "code")
    before, found, after = code.partition(BEGINNING)
    path = tmp_path_factory.mktemp("lesson") / "cells.py"  # names are read from a file
    path.write_text(before + found + after.partition("\n")[0], "utf-8")
    names = {}
    with tf.Graph().as_default():
        exec(compile(path.read_text("utf-8"), str(path), "exec"), names)
    tf.config(plain_numbers=False)
    return names["explorer"]


def network():
    def dense(x, units, name):
        with tf.name_scope(name):
            w = tf.Variable(tf.ones([x.shape[1], units]) / 2, name="W")
            return tf.sigmoid(tf.matmul(x, w) + tf.Variable(tf.zeros([units]), name="b"))

    out = dense(dense(tf.constant([[0.0, 1.0], [1.0, 1.0]]), 2, "hidden"), 1, "out")
    with tf.name_scope("loss"):
        return tf.explore(tf.reduce_mean(tf.square(out - 1.0)))


def chain():
    v, w = tf.Variable(0.5, name="v"), tf.Variable(0.5, name="w")
    a = v
    for n in range(29):
        a = tf.tanh(tf.add(a, w, name=f"s{n}"), name=f"t{n}")
    return tf.explore(a, [v, w])


@pytest.fixture
def opened(open_page, explorer_of_lesson, tmp_path):
    """Opens the page of the lesson, or that of another explorer."""

    def opened(build=None, **options):
        with tf.Graph().as_default():
            explorer = build() if build else explorer_of_lesson
        return ExplorerOnPage(open_page(explorer.save(tmp_path / "page.html"), **options))

    return opened


def adjoints(explorer, x, y):
    expect(explorer.number(X, "adjoint")).to_have_text(x)
    expect(explorer.number(Y, "adjoint")).to_have_text(y)


def test_it_is_small(explorer_of_lesson, tmp_path):
    path = explorer_of_lesson.save(tmp_path / "page.html")
    assert path.stat().st_size <= 150_000
    assert len(json.dumps(explorer_of_lesson.program)) < 12_000


# By mouse ----------------------------------------------------------------------------------------


def test_numbers_and_seeds_are_dragged_typed_and_stepped(opened):
    explorer = opened()
    adjoints(explorer, "24", "10")
    explorer.drag("x", -320)
    adjoints(explorer, "−40", "26")
    explorer.type("y", "2")
    adjoints(explorer, "−20", "26")
    explorer.page.keyboard.press("Shift+ArrowUp")
    adjoints(explorer, "−30", "26")
    explorer.drag("seed of f", 8)
    adjoints(explorer, "−36", "31.2")
    explorer.type("seed of f", "-1")
    adjoints(explorer, "30", "−26")
    explorer.shows("30.0", "-26.0")


def test_two_stops_count_both(opened):
    explorer = opened()
    explorer.valve("p").click()
    adjoints(explorer, "None ‖", "10")
    explorer.valve("r").click()
    adjoints(explorer, "None ‖", "9")
    explorer.valve("p").click()
    adjoints(explorer, "24", "9")


def test_the_transport_goes_to_every_step(opened):
    explorer = opened()
    explorer.press("first step")
    expect(explorer.number(P, "value")).to_be_hidden()
    explorer.press("one step forward")
    expect(explorer.number(P, "value")).to_have_text("9")
    explorer.press("one step back")
    expect(explorer.readout).to_have_text("step 0 of 14")
    explorer.root.get_by_role("slider", name="step", exact=True).fill("13")
    expect(explorer.readout).to_have_text("step 13 of 14")
    explorer.press("speed 1×")
    explorer.press("play")
    expect(explorer.readout).to_have_text("all 14 steps")
    explorer.press("one step back")
    explorer.press("last step")
    adjoints(explorer, "24", "10")


@pytest.mark.parametrize("layout", ["mirror", "tape", "paths", "overlay"])
def test_every_layout_shows_the_numbers_that_were_moved(opened, layout):
    explorer = opened()
    explorer.type("x", "5")
    explorer.press(layout)
    adjoints(explorer, "40", "26")


def test_it_says_why_and_lists_its_keys(opened):
    explorer = opened(permissions=["clipboard-read", "clipboard-write"])
    explorer.root.locator(f"[data-id='{X}.adjoint']").click()
    expect(explorer.step_line).to_contain_text("Why?")
    explorer.press("keys and signs")
    expect(explorer.root.get_by_role("dialog", name="help")).to_be_visible()
    explorer.press("keys and signs")
    explorer.press("copy")
    copied = "async () => (await navigator.clipboard.readText()).includes('→ [24.0, 10.0]')"
    explorer.page.wait_for_function(copied)


def test_groups_are_unfolded_and_folded(opened):
    explorer = opened(network)
    explorer.unfold("hidden").click()
    explorer.type("b₂[0]", "2")
    explorer.fold("hidden").click()
    expect(explorer.unfold("hidden")).to_be_visible()
    explorer.has({"b₂[0]": 2})


def test_a_large_graph_is_zoomed_and_searched(opened):
    explorer = opened(chain)
    percent = explorer.root.locator(".zoom-percent")
    expect(percent).to_have_text("all")
    explorer.press("zoom in")
    expect(percent).not_to_have_text("all")
    explorer.press("zoom out")
    box = explorer.root.get_by_role("searchbox", name="find a node")
    box.fill("s14")
    expect(explorer.root.locator(".search-count")).to_have_text("1 found")
    box.press("Enter")
    expect(percent).to_have_text("100 %")
    explorer.press("show all of it")
    expect(percent).to_have_text("all")


# By fingers --------------------------------------------------------------------------------------


def test_fingers_reach_everything_on_a_telephone(opened):
    explorer = opened(width=400, has_touch=True, is_mobile=True)
    explorer.input("x").tap()
    row = explorer.page.get_by_role("group", name="slider")
    row.get_by_role("button", name="more").tap()
    adjoints(explorer, "24.8", "10.61")
    row.get_by_role("textbox", name="x").fill("5")
    row.get_by_role("textbox", name="x").press("Enter")
    adjoints(explorer, "40", "26")
    explorer.input("seed of f").tap()
    row.get_by_role("slider", name="seed of f").fill("2")
    adjoints(explorer, "80", "52")
    with explorer.finger_on(explorer.card("p").locator(".name")):
        expect(explorer.number(X, "adjoint")).to_contain_text("None")
    explorer.touch(explorer.valve("p"))
    adjoints(explorer, "80", "52")
    explorer.root.get_by_role("button", name="first step").tap()
    explorer.touch(explorer.step_line, swipe=-80)
    expect(explorer.readout).to_have_text("step 1 of 14")
    explorer.touch(explorer.step_line, swipe=80)
    expect(explorer.readout).to_have_text("step 0 of 14")
    assert explorer.page.evaluate("document.documentElement.scrollWidth") <= 400


# By keys alone -----------------------------------------------------------------------------------


def goes_through_steps(explorer, press):
    for key, said in (("Home", "step 0 "), ("ArrowRight", "step 1 "), ("ArrowLeft", "step 0 ")):
        press(key)
        expect(explorer.readout).to_contain_text(said)
    press("End")
    expect(explorer.readout).to_have_text("all 14 steps")


def plays(explorer, press):
    press("Home")
    press("Space")
    expect(explorer.root.get_by_role("button", name="pause", exact=True)).to_be_visible()
    press("Space")
    expect(explorer.root.get_by_role("button", name="play", exact=True)).to_be_visible()
    press("End")


def steps_numbers(explorer, press):
    explorer.tab_to(explorer.input("x"))
    for key, value in (("ArrowUp", 3.1), ("Shift+ArrowUp", 4.1), ("ArrowDown", 4)):
        press(key)
        explorer.has({"x": value})
    explorer.page.keyboard.type("5")
    press("Enter")
    adjoints(explorer, "40", "26")


def turns_the_seed(explorer, press):
    press("g")
    expect(explorer.input("seed of f")).to_be_focused()
    explorer.page.keyboard.type("2")
    press("Enter")
    adjoints(explorer, "80", "52")


def stops(explorer, press):
    for label in ("q", "p"):  # from f, whose seed has the focus
        press("Alt+ArrowLeft")
        expect(explorer.card(label)).to_be_focused()
    press("s")
    expect(explorer.number(X, "adjoint")).to_contain_text("None")
    press("s")
    adjoints(explorer, "80", "52")


def walks(explorer, press):
    for way in ("Right q", "Right f", "Left q", "Left p", "Down r", "Up p"):
        key, label = way.split()
        press(f"Alt+Arrow{key}")
        expect(explorer.card(label)).to_be_focused()


def says_why(explorer, press):
    press("w")
    expect(explorer.step_line).to_contain_text("Why?")
    press("Escape")
    expect(explorer.step_line).not_to_contain_text("Why?")


def predicts(explorer, press):
    press("h")
    expect(explorer.step_line).to_contain_text("0 of 5 right")
    explorer.tab_to(explorer.root.get_by_role("textbox", name="predict r̄", exact=True))
    explorer.page.keyboard.type("2")
    press("Enter")
    expect(explorer.step_line).to_contain_text("1 of 5 right")
    explorer.tab_to(explorer.root.get_by_role("button", name="play", exact=True))
    press("h")
    adjoints(explorer, "80", "52")


def presents(explorer, press):
    press("p")
    expect(explorer.code).to_be_hidden()
    press("Escape")
    expect(explorer.code).to_be_visible()


def lists_keys(explorer, press):
    press("?")
    expect(explorer.root.get_by_role("dialog", name="help")).to_be_visible()
    press("Escape")
    expect(explorer.root.get_by_role("dialog", name="help")).to_be_hidden()


ON_THE_LESSON = {
    "Tab ↑ ↓": steps_numbers,
    "g": turns_the_seed,
    "s Alt + arrows": stops,
    "": walks,
    "w": says_why,
    "h": predicts,
    "← → Home End": goes_through_steps,
    "Space": plays,
    "p Esc": presents,
    "?": lists_keys,
}


def opens_groups_and_cells(explorer, press):
    explorer.tab_to(explorer.unfold("hidden"))
    press("Enter")
    expect(explorer.fold("hidden")).to_be_visible()
    explorer.tab_to(explorer.input("b₂[0]"))
    explorer.page.keyboard.type("2")
    press("Enter")
    explorer.has({"b₂[0]": 2})
    explorer.tab_to(explorer.fold("hidden"))
    press("Enter")
    expect(explorer.unfold("hidden")).to_be_visible()


def searches(explorer, press):
    explorer.tab_to(explorer.root.get_by_role("button", name="play", exact=True))
    press("/")
    explorer.page.keyboard.type("s14")
    expect(explorer.root.locator(".search-count")).to_have_text("1 found")
    press("Enter")
    expect(explorer.root.locator(".zoom-percent")).to_have_text("100 %")
    press("Escape")


def zooms_and_moves(explorer, press):
    percent, frame = (
        explorer.root.locator(f".{each}") for each in ("zoom-percent", "minimap-frame")
    )
    for key, way in (("Left", "x"), ("Right", "x")):
        before = frame.get_attribute(way)
        press(f"Shift+Arrow{key}")
        expect(frame).not_to_have_attribute(way, before)
    press("-")
    expect(percent).not_to_have_text("100 %")
    press("0")
    expect(percent).to_have_text("all")
    press("+")
    expect(percent).not_to_have_text("all")


ON_OTHERS = {
    "Enter": (network, opens_groups_and_cells),
    "/": (chain, searches),
    "+ − 0 Shift + arrows": (chain, zooms_and_moves),
}


def test_keys_do_everything_that_is_listed(opened):
    explorer = opened()
    for does in ON_THE_LESSON.values():
        does(explorer, explorer.page.keyboard.press)
    explorer = opened(network)
    opens_groups_and_cells(explorer, explorer.page.keyboard.press)
    explorer = opened(chain)
    for does in (searches, zooms_and_moves):
        does(explorer, explorer.page.keyboard.press)
    listed = explorer.root.locator(".help kbd").all_text_contents()
    tried = " ".join([*ON_THE_LESSON, *ON_OTHERS])
    assert [each for each in listed if each not in tried] == []


# Forced colours, less motion ---------------------------------------------------------------------

# Of every text that is seen, how far it stands out from what it is painted on, from 1 to 21.
CONTRASTS = """root => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => parse(color).slice(0, 3).map((each) => each / 255)
    .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    const card = element.closest("[data-node]")?.querySelector(":scope > :is(rect, path)");
    for (element = card ?? element; element; element = element.parentElement) {
      const { backgroundColor, fill } = getComputedStyle(element);
      if (element === card && parse(fill).length) return fill;
      if (parse(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const isText = (node) => node.nodeType === 3 && node.data.trim();
  const others = "title, desc, option, .screen-reader-only, :disabled, [aria-disabled=true]";
  return [...root.querySelectorAll("*")]
    .filter((each) => [...each.childNodes].some(isText))
    .filter((each) => !each.matches(others))
    .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((each) => {
      const style = getComputedStyle(each);
      const color = each instanceof SVGElement ? style.fill : style.color;
      const [a, b] = [color, ground(each)].map(luminance).sort();
      return [each.textContent.trim(), (b + 0.05) / (a + 0.05)];
    });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_colours_are_forced_every_text_is_read(opened, scheme, theme):
    explorer = opened(forced_colors="active", color_scheme=scheme)
    assert explorer.page.evaluate("matchMedia('(forced-colors: active)').matches")
    # JupyterLab's own theme is no reason to paint a card in a colour that is not forced.
    is_light = str(theme == "light").lower()
    explorer.page.evaluate("is => document.body.setAttribute('data-jp-theme-light', is)", is_light)
    explorer.valve("p").click()
    explorer.type("y", "four")
    explorer.settle()
    contrasts = explorer.root.evaluate(CONTRASTS)
    assert len(contrasts) > 40
    assert [each for each in contrasts if each[1] < 4.5] == []


def test_who_wants_less_motion_sees_none(opened):
    explorer = opened(reduced_motion="reduce")
    moving = "document.getAnimations().length"
    explorer.press("first step")
    for _ in range(14):
        explorer.press("one step forward")
        assert explorer.page.evaluate(moving) == 0
    explorer.valve("p").click()
    assert explorer.page.evaluate(moving) == 0
    other = opened()
    other.hold_motions()
    other.press("first step")
    other.press("one step forward")
    assert other.page.evaluate(moving) > 0

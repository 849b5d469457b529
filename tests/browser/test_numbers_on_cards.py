"""Numbers, seeds and stops are changed where they stand, in a page without a kernel."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

import nbgrad as ng
from nbgrad.trace.numbers import short
from tests.page.explorer_page import GRAPHS


class SavedExplorer(ExplorerOnPage):
    """An explorer that was opened from the disk, and the graph behind it."""

    def __init__(self, page, ys, xs):
        super().__init__(page)
        self.ys, self.xs = ys, xs

    def is_right(self, stopped=()):
        """Every adjoint of the xs is what nbgrad finds for the numbers that are entered."""
        self.settle()
        seed = self.value(f"seed of {self.ys.op.name}")
        feeds = {x: self.value(x.op.name) for x in self.xs}
        grads = ng.gradients(self.ys, self.xs, [seed], stop_gradients=list(stopped))
        session = ng.Session()
        session.run(ng.global_variables_initializer())
        for x, gradient in zip(self.xs, grads, strict=True):
            card = self.page.locator(f"[data-node]:has([data-number='inputs 0 {x.op.name}'])")
            shown = card.locator("[data-id$='.adjoint'] > text")
            if gradient is None:
                expect(shown).to_contain_text("None")
            else:
                expect(shown).to_have_text(short(float(session.run(gradient, feeds))))


@pytest.fixture
def explore(browser, tmp_path):
    """Open the explorer of a named graph from the disk; the console stays empty."""
    contexts, errors = [], []

    def explore(name, width=878, graph=None, **options):
        ys, xs = GRAPHS[name]() if graph is None else graph()
        path = tmp_path / "explorer.html"
        ng.explore(ys, xs).save(path)
        size = {"width": width, "height": 700}
        contexts.append(browser.new_context(viewport=size, offline=True, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        return SavedExplorer(page, ys, xs)

    with ng.Graph().as_default():
        yield explore
    for context in contexts:
        context.close()
    assert not errors


def test_a_number_is_dragged_four_pixels_for_a_step(explore):
    explorer = explore("neuron")
    explorer.drag("w1", 20)
    explorer.has({"w1": -2.5})
    explorer.is_right()
    explorer.drag("w1", -8)
    explorer.has({"w1": -2.7})
    explorer.is_right()


def test_shift_drags_ten_times_as_fast_and_alt_a_tenth(explore):
    explorer = explore("neuron")
    explorer.page.keyboard.down("Shift")
    explorer.drag("w0", 8)
    explorer.page.keyboard.up("Shift")
    explorer.has({"w0": 4})
    explorer.page.keyboard.down("Alt")
    explorer.drag("w0", 8)
    explorer.page.keyboard.up("Alt")
    explorer.has({"w0": 4.02})
    explorer.is_right()


@pytest.mark.parametrize(
    ("text", "number"), [("-3.5", -3.5), ("−3", -3), ("1/2", 0.5), ("2e-3", 0.002), ("0,5", 0.5)]
)
def test_a_number_is_typed_as_people_write_it(explore, text, number):
    explorer = explore("neuron")
    explorer.type("x0", text)
    explorer.has({"x0": number})
    expect(explorer.input("x0")).to_be_focused()
    expect(explorer.input("x0")).to_have_attribute("aria-valuenow", str(number))
    explorer.is_right()


def test_escape_keeps_what_was(explore):
    explorer = explore("neuron")
    explorer.input("x0").focus()
    explorer.page.keyboard.type("77")
    expect(explorer.field("x0")).to_be_focused()
    explorer.page.keyboard.press("Escape")
    explorer.has({"x0": -1})
    expect(explorer.field("x0")).to_have_count(0)


def test_keys_step_a_number(explore):
    explorer = explore("neuron")
    explorer.input("w0").focus()
    for keys, number in [
        ("ArrowUp", 2.1),
        ("ArrowDown", 2),
        ("Shift+ArrowDown", 1),
        ("Alt+ArrowUp", 1.01),
        ("End", 5),
        ("Home", -5),
    ]:
        explorer.page.keyboard.press(keys)
        explorer.has({"w0": number})
    explorer.is_right()


def test_the_slider_of_the_focused_number_sets_it(explore):
    explorer = explore("neuron")
    explorer.input("w2").focus()
    slider = explorer.page.locator(".slider")
    slider.locator(".nudge").nth(1).click()
    explorer.has({"w2": -2.9})
    box = slider.locator(".track").bounding_box()
    explorer.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    explorer.has({"w2": 0})
    expect(explorer.input("w2")).to_be_focused()
    explorer.is_right()


def test_a_seed_is_dragged_typed_and_set_back(explore):
    explorer = explore("neuron")
    explorer.drag("seed of out", 4, -8)
    explorer.has({"seed of out": 1.3})
    explorer.is_right()
    explorer.input("seed of out").dblclick()
    explorer.has({"seed of out": 1})
    explorer.type("seed of out", "-2")
    explorer.has({"seed of out": -2})
    explorer.is_right()


def test_a_valve_stops_a_node_and_lets_it_go(explore):
    explorer = explore("neuron")
    valve, b = explorer.valve("b"), explorer.ys.graph.get_tensor_by_name("b:0")
    expect(valve).to_have_css("opacity", "0")
    valve.click()
    expect(valve).to_have_attribute("aria-checked", "true")
    explorer.is_right(stopped=[b])
    valve.click()
    expect(valve).to_have_attribute("aria-checked", "false")
    explorer.is_right()


def test_a_card_that_is_pressed_for_long_is_stopped(explore):
    explorer = explore("neuron")
    name = explorer.page.locator("[data-node]:has([data-number='inputs 0 w0']) .name")
    name.hover()
    explorer.page.mouse.down()
    expect(explorer.page.locator("[data-stopped]")).to_have_count(1)
    explorer.page.mouse.up()


def test_bad_entries_wait_each_with_its_own_line_and_all_else_goes_on(explore):
    explorer = explore("neuron")
    explorer.type("x1", "2..7")
    explorer.type("seed of out", "1e")
    explorer.type("w1", "-4")
    expect(explorer.complaints).to_have_text(
        ["“2..7” is no number; x1 stays −2", "“1e” is no number; seed of out stays 1"]
    )
    expect(explorer.field("x1")).to_have_value("2..7")
    expect(explorer.field("x1")).to_have_attribute("aria-invalid", "true")
    explorer.is_right()
    explorer.field("x1").fill("5")
    explorer.field("x1").press("Enter")
    expect(explorer.field("x1")).to_have_count(0)
    explorer.has({"x1": 5})
    explorer.is_right()


def test_what_is_no_number_can_be_corrected_at_once_and_esc_keeps_what_was(explore):
    explorer = explore("neuron")
    explorer.type("x1", "2..7")
    expect(explorer.field("x1")).to_be_focused()
    expect(explorer.root.locator(".slider")).to_have_count(0)  # it would lie below the complaint
    explorer.page.keyboard.press("Escape")
    expect(explorer.complaints).to_have_count(0)
    expect(explorer.input("x1")).to_be_focused()
    explorer.has({"x1": -2})


def test_a_whole_number_refuses_a_half_and_steps_by_one(explore):
    def graph():
        n = ng.placeholder(ng.int32, [], name="n")
        x = ng.Variable(2.0, name="x")
        return ng.multiply(x, ng.cast(n, ng.float32), name="f"), [x]

    explorer = explore("counted", graph=graph)
    explorer.type("n", "2.5")
    expect(explorer.complaints).to_have_text("2.5 is not a whole number of int32; n stays 1")
    explorer.page.keyboard.press("Escape")
    explorer.input("n").focus()
    explorer.page.keyboard.press("ArrowUp")
    explorer.has({"n": 2})


def test_a_map_is_one_tab_stop_whose_cells_are_walked_and_typed(explore):
    explorer = explore("matrices")
    stops = explorer.page.locator("[data-number^='inputs'][tabindex='0']")
    expect(stops).to_have_count(3)
    assert [stop.get_attribute("aria-label") for stop in stops.all()] == [
        "X[0, 0]",
        "W[0, 0]",
        "b[0]",
    ]
    explorer.card("W").focus()
    explorer.page.keyboard.press("Enter")
    expect(explorer.input("W[0, 0]")).to_be_focused()
    explorer.page.keyboard.press("ArrowRight")
    explorer.page.keyboard.press("ArrowDown")
    expect(explorer.input("W[1, 1]")).to_be_focused()
    explorer.page.keyboard.type("2.5")
    explorer.page.keyboard.press("Enter")
    expect(explorer.input("W[1, 1]")).to_have_attribute("aria-valuenow", "2.5")
    expect(explorer.input("W[1, 1]")).to_be_focused()
    expect(explorer.input("W[1, 1]")).to_have_attribute("tabindex", "0")


def test_a_tap_opens_a_row_with_a_slider_for_fingers(explore):
    explorer = explore("neuron", width=400, has_touch=True)
    explorer.input("w1").tap()
    row = explorer.page.get_by_role("group", name="slider")
    expect(row).to_be_visible()
    row.get_by_role("button", name="more").tap()
    explorer.has({"w1": -2.9})
    row.get_by_role("slider", name="w1").fill("-2.5")
    explorer.has({"w1": -2.5})
    explorer.is_right()
    sizes = row.get_by_role("button").all()
    assert all(each.bounding_box()["height"] >= 44 for each in sizes)


def test_the_wheel_scrolls_the_page(explore):
    explorer = explore("neuron")
    explorer.page.evaluate("document.body.style.height = '3000px'")
    explorer.page.mouse.move(300, 200)
    explorer.page.mouse.wheel(0, 200)
    explorer.page.wait_for_function("scrollY > 100")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(explore, scheme):
    explorer = explore("neuron", color_scheme=scheme)
    explorer.type("x1", "2..7")
    explorer.input("w1").focus()
    results = Axe().run(explorer.page)
    assert results.violations_count == 0, results.generate_report()


def test_a_group_is_unfolded_by_its_name_and_folded_again(explore):
    explorer = explore("scopes")
    explorer.type("w₁", "0.5")
    explorer.unfold("first").click()
    expect(explorer.fold("first")).to_be_visible()
    explorer.has({"w₁": 0.5})
    explorer.type("x", "1..")
    explorer.fold("first").click()
    expect(explorer.unfold("first")).to_be_visible()
    expect(explorer.complaints).to_have_text("“1..” is no number; x stays 0.5")


def test_a_narrow_window_shows_rows_and_a_number_keeps_its_focus(explore):
    explorer = explore("neuron")
    explorer.input("w2").focus()
    explorer.page.set_viewport_size({"width": 400, "height": 700})
    expect(explorer.root.locator("[data-id='head.value']")).to_be_visible()
    expect(explorer.input("w2")).to_be_focused()
    explorer.page.keyboard.press("ArrowUp")
    explorer.has({"w2": -2.9})
    explorer.is_right()


def test_the_card_under_the_pointer_stands_out_with_its_roads(explore):
    explorer = explore("neuron")
    explorer.card("a").locator(".name").hover()
    expect(explorer.card("out")).to_have_css("opacity", "0.45")
    for label in ("a", "w0", "x0", "c"):
        expect(explorer.card(label)).to_have_css("opacity", "1")


def test_a_block_of_an_overview_is_changed_where_it_stands(explore):
    def graph():
        x = ng.Variable(0.5, name="x")
        y = x
        for i in range(30):
            y = ng.add(ng.multiply(y, x, name=f"m{i}"), y, name=f"a{i}")
        return y, [x]

    explorer = explore("long", graph=graph)
    ends = explorer.root.locator("[data-node] [data-id$='.number']").first
    before = ends.text_content()
    explorer.drag("x", -8)
    explorer.has({"x": 0.48})
    expect(ends).not_to_have_text(before)


def test_seeds_of_an_array_are_one_number_or_one_each(explore):
    def graph():
        x = ng.Variable([1.0, 2.0, 3.0], name="x")
        return ng.square(x, name="y"), [x]

    explorer = explore("vector", graph=graph)
    adjoints = explorer.root.locator(".cell-number:not([data-input]) text")
    explorer.type("seed of y", "2")
    expect(adjoints.filter(has_text="12")).to_have_count(1)  # 2 · 3 · 2
    explorer.type("seed of y", "1 0 -1")
    expect(adjoints.filter(has_text="−6")).to_have_count(1)
    explorer.type("seed of y", "1 2")
    expect(explorer.complaints).to_contain_text("2 numbers, where there is room for 1 or 3")


@pytest.mark.parametrize("layout", ["tape", "paths", "mirror"])
def test_every_layout_has_valves_and_a_dial(explore, layout):
    explorer = explore("neuron")
    explorer.press(layout)
    valve = explorer.valve("b")
    valve.click()
    expect(valve).to_have_attribute("aria-checked", "true")
    expect(explorer.code).to_contain_text("stop_gradients=")
    explorer.valve("c").hover()
    expect(explorer.valve("c")).to_have_css("opacity", "1")
    valve.click()
    expect(valve).to_have_attribute("aria-checked", "false")
    expect(explorer.code).not_to_contain_text("stop_gradients=")
    expect(explorer.root.locator(".dial .arc")).to_have_count(1)
    explorer.drag("seed of out", 8)
    explorer.has({"seed of out": 1.2})
    explorer.type("seed of out", "-2")
    explorer.has({"seed of out": -2})


def test_one_element_of_a_seed_is_changed_on_its_cell(explore):
    def graph():
        x = ng.Variable([1.0, 2.0, 3.0], name="x")
        return ng.square(x, name="f"), [x]

    explorer = explore("vector", graph=graph)
    gradients = explorer.root.locator(".cell-number:not([data-input]) text")
    explorer.type("seed of f[1]", "3")
    expect(gradients.filter(has_text="12")).to_have_count(1)  # 2 · 2 · 3
    expect(explorer.input("seed of f[1]")).to_be_focused()
    explorer.page.keyboard.press("ArrowRight")
    expect(explorer.input("seed of f[2]")).to_be_focused()
    explorer.type("seed of f[2]", "1..")
    expect(explorer.complaints).to_have_text("“1..” is no number; seed of f[2] stays 1")
    explorer.page.keyboard.press("Escape")
    explorer.drag("seed of f[0]", 8)
    explorer.has({"seed of f[0]": 1.2, "seed of f[1]": 3, "seed of f[2]": 1})
    expect(explorer.step_line).not_to_contain_text("Why?")
    explorer.type("seed of f", "5")
    explorer.has({"seed of f[0]": 5, "seed of f[2]": 5})


def press_for_long(explorer, element, stopped):
    """A finger rests on an element until so many cards are stopped."""
    with explorer.finger_on(element):
        expect(explorer.root.locator("[data-stopped]")).to_have_count(stopped)
    element.dispatch_event("click")  # some browsers click when the finger leaves, others do not


def test_a_finger_that_rests_on_a_number_stops_its_card_and_asks_for_nothing(explore):
    explorer = explore("neuron", width=400, has_touch=True)
    adjoint = explorer.root.locator("[data-node]:has(.name) [data-id$='.adjoint']")
    adjoint.first.tap()
    expect(explorer.step_line).to_contain_text("Why?")
    explorer.page.keyboard.press("Escape")
    expect(explorer.step_line).not_to_contain_text("Why?")
    press_for_long(explorer, adjoint.first, 1)
    expect(explorer.step_line).not_to_contain_text("Why?")
    press_for_long(explorer, explorer.input("w1"), 2)
    expect(explorer.root.locator("[data-stopped]")).to_have_count(2)
    expect(explorer.step_line).not_to_contain_text("Why?")
    adjoint.first.tap()
    expect(explorer.step_line).to_contain_text("Why?")


def test_a_slider_covers_no_valve(explore):
    def graph():
        x, w = ng.Variable([1.0, -2.0, 3.0], name="x"), ng.Variable([0.5, 0.2, 0.1], name="w")
        return ng.multiply(w, ng.tanh(x, name="t"), name="f"), [x, w]

    explorer = explore("attached", graph=graph)
    for name in ("w[1]", "x[0]", "seed of f[2]", "seed of f"):
        explorer.input(name).focus()
        slider = explorer.root.locator(".slider > rect").first.bounding_box()
        for valve in explorer.root.locator(".valve > circle").all():
            box = valve.bounding_box()
            apart = (
                box["x"] > slider["x"] + slider["width"]
                or slider["x"] > box["x"] + box["width"]
                or box["y"] > slider["y"] + slider["height"]
                or slider["y"] > box["y"] + box["height"]
            )
            assert apart, name


def test_a_ladder_that_is_open_for_there_is_room_is_folded_by_its_title(explore):
    explorer = explore("neuron")
    explorer.fold("out").click()
    expect(explorer.unfold("out")).to_be_visible()
    expect(explorer.card("k")).to_have_count(0)
    explorer.type("w1", "-2")
    explorer.is_right()
    explorer.unfold("out").press("Enter")
    expect(explorer.card("k")).to_be_visible()
    explorer.fold("out").press("Enter")
    expect(explorer.card("k")).to_have_count(0)


def test_an_element_of_a_seed_is_changed_where_more_than_the_seed_arrives_too(explore):
    def graph():
        x = ng.Variable([1.0, 2.0, 3.0], name="x")
        h = ng.multiply(x, 2.0, name="h")
        return [h, ng.reduce_sum(ng.square(h, name="q"), name="f")], [x]

    explorer = explore("two ys", graph=graph)
    explorer.input("seed of h[1]").focus()
    said = explorer.root.locator(".slider .reading")
    expect(said).to_have_text("seed of h[1] = 1")  # on the card is all that arrives
    explorer.drag("seed of h[1]", 8)
    explorer.has({"seed of h[0]": 1, "seed of h[1]": 1.2, "seed of h[2]": 1})
    expect(said).to_have_text("seed of h[1] = 1.2")
    expect(explorer.root.locator(".dotted").first).to_be_attached()
    expect(explorer.root.locator("[data-id^='n1.adjoint'] .dotted")).to_have_count(0)
    explorer.type("seed of h[1]", "-3")
    explorer.has({"seed of h[1]": -3})
    expect(explorer.code).to_contain_text("grad_ys=[[1.0, -3.0, 1.0], 1.0]")
    expect(explorer.code).to_contain_text("[10.0, 10.0, 26.0]")  # 2 · (seed + 4x)


def test_the_slider_of_a_seed_stands_beside_its_dial_and_covers_no_word(explore):
    def graph():
        x = ng.Variable([1.0, 2.0, 3.0], name="x")
        return [ng.square(x, name="f"), ng.reduce_sum(x, name="g")], [x]

    explorer = explore("vectors", graph=graph)
    word = explorer.root.locator("text:text-is('seeds')").bounding_box()
    for name in ("seed of f[1]", "seed of f"):
        explorer.input(name).focus()
        slider = explorer.root.locator(".slider > rect").first.bounding_box()
        dial = explorer.input("seed of f").locator("rect").bounding_box()
        assert slider["x"] + slider["width"] < dial["x"]
        assert slider["y"] > word["y"] + word["height"]


@pytest.mark.parametrize("width", [878, 400])
def test_what_is_wrong_in_a_row_is_said_below_the_picture_and_covers_no_other(explore, width):
    explorer = explore("square", width)
    if width == 878:
        explorer.press("tape")
    expect(explorer.root.locator("[data-id='head.value']")).to_be_visible()
    explorer.type("x", "2..7")
    explorer.type("y", "1e")
    expect(explorer.complaints).to_have_text(
        ["“2..7” is no number; x stays 3", "“1e” is no number; y stays 4"]
    )
    bottom = explorer.root.locator("svg.nbgrad-picture").bounding_box()
    places = [each.bounding_box() for each in explorer.complaints.all()]
    assert bottom["y"] + bottom["height"] <= places[0]["y"] < places[1]["y"]
    explorer.type("x", "5")
    explorer.has({"x": 5})
    expect(explorer.complaints).to_have_text("“1e” is no number; y stays 4")
    found = Axe().run(explorer.page)
    assert found.violations_count == 0, found.generate_report()


def test_the_slider_of_a_seed_has_the_colour_of_a_gradient(explore):
    explorer = explore("square", 400)
    colours = []
    for name in ("x", "seed of f"):
        explorer.input(name).focus()
        row = explorer.root.locator(".slider-row b")
        expect(row).to_have_text(name)
        colours.append(row.evaluate("element => getComputedStyle(element).color"))
    assert colours == ["rgb(0, 114, 178)", "rgb(179, 71, 0)"]

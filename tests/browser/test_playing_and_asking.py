"""Steps, motion, "was" and "why?", in a page without a kernel."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.explorer_on_page import answer, begin
from tests.page.explorer_page import deep, neuron


def seek(explorer, step):
    """Go to a step from the first one, without a motion."""
    explorer.press("first step")
    for _ in range(step):
        explorer.press("one step forward")
    explorer.page.keyboard.press("Shift")  # which ends the motion


# Steps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x", "seed of f"])
def test_arrows_step_wherever_the_focus_is(opened, name):
    explorer = opened()
    explorer.press("first step")
    explorer.input(name).focus()
    explorer.page.keyboard.press("ArrowRight")
    expect(explorer.readout).to_have_text("step 1 of 14")
    explorer.page.keyboard.press("ArrowRight")
    explorer.page.keyboard.press("ArrowLeft")
    expect(explorer.readout).to_have_text("step 1 of 14")
    expect(explorer.step_line).to_contain_text("a = x · x = 3 · 3 = 9")


def test_an_arrow_moves_in_a_text_that_is_edited(opened):
    explorer = opened()
    explorer.input("x").focus()
    explorer.page.keyboard.type("12")
    explorer.page.keyboard.press("ArrowLeft")
    explorer.page.keyboard.type("5")
    explorer.page.keyboard.press("Enter")
    explorer.has({"x": 152})
    expect(explorer.readout).to_have_text("all 14 steps")


def test_a_button_at_its_end_keeps_the_focus(opened):
    explorer = opened()
    last = explorer.root.get_by_role("button", name="last step")
    first = explorer.root.get_by_role("button", name="first step")
    first.click()
    expect(first).to_have_attribute("aria-disabled", "true")
    expect(first).to_be_focused()
    last.click()
    expect(last).to_be_focused()


def test_space_plays_to_the_end_and_pauses(opened):
    explorer = opened(reduced_motion="reduce")
    explorer.press("speed 1×")
    explorer.stop_clock()
    explorer.card("a").focus()
    explorer.page.keyboard.press("Space")
    expect(explorer.readout).to_have_text("step 1 of 14")
    explorer.page.clock.run_for(750)
    expect(explorer.readout).to_have_text("step 2 of 14")
    explorer.page.keyboard.press("Space")
    expect(explorer.root.get_by_role("button", name="play")).to_be_visible()
    explorer.page.clock.run_for(7500)
    expect(explorer.readout).to_have_text("step 2 of 14")
    explorer.page.keyboard.press("Space")
    explorer.page.clock.run_for(13 * 750)
    expect(explorer.readout).to_have_text("all 14 steps")
    expect(explorer.root.get_by_role("button", name="play")).to_be_visible()


def test_keys_with_ctrl_are_left_to_the_page(opened):
    explorer = opened()
    explorer.card("a").focus()
    explorer.page.evaluate(
        "addEventListener('keydown', (event) => { window.taken = event.defaultPrevented })"
    )
    explorer.page.keyboard.press("Control+s")
    assert explorer.page.evaluate("window.taken") is False
    expect(explorer.root.locator("[data-stopped]")).to_have_count(0)


def test_help_lists_keys_and_gives_the_focus_back(opened):
    explorer = opened()
    explorer.card("a").focus()
    explorer.page.keyboard.press("?")
    help_ = explorer.root.get_by_role("dialog", name="help")
    expect(help_).to_contain_text("play the steps, pause")
    for sign in ("⌀", "‖", "ℤ", "∄", "×0", "off", "cancel", "seed 0", "≈ 0"):
        expect(help_.get_by_text(sign, exact=True)).to_be_visible()
    explorer.page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    expect(explorer.card("a")).to_be_focused()


def test_a_finger_presses_a_key_in_the_help(opened):
    explorer = opened(has_touch=True, is_mobile=True)
    explorer.root.get_by_role("button", name="keys and signs").tap()
    explorer.root.get_by_role("button", name="predict: hide the gradients").tap()
    expect(explorer.step_line).to_contain_text("0 of 5 right")
    explorer.root.get_by_role("button", name="show all", exact=True).tap()
    expect(explorer.step_line).to_contain_text("Both passes are done.")
    explorer.page.keyboard.press("Home")  # the focus has stayed in the explorer
    expect(explorer.readout).to_have_text("step 0 of 14")


def test_nothing_below_the_picture_moves_with_the_steps(opened):
    explorer = opened(reduced_motion="reduce")
    explorer.press("first step")
    before = explorer.places()[-1]
    for _ in range(14):
        explorer.press("one step forward")
        assert explorer.places()[-1] == before


# Motion ------------------------------------------------------------------------------------------


def freeze(explorer, time):
    """Show all motions, which are held, at a time in milliseconds."""
    explorer.page.evaluate(
        "time => document.getAnimations().forEach((each) => (each.currentTime = time))", time
    )


def beads(explorer):
    """What stands on the beads that can be seen."""
    return explorer.page.evaluate(
        """[...document.querySelectorAll(".bead")]
        .filter((each) => getComputedStyle(each).opacity === "1").map((each) => each.textContent)"""
    )


def test_a_gradient_meets_the_local_derivative_and_goes_on_as_their_product(opened):
    explorer = opened()
    explorer.hold_motions()
    seek(explorer, 10)
    explorer.press("one step forward")
    row = explorer.root.locator("[data-id='e2.0.inbox']")
    for time, numbers in ((200, ["4"]), (340, ["4", "× 3"]), (540, ["12"])):
        freeze(explorer, time)
        assert beads(explorer) == numbers
        expect(row).to_have_css("opacity", "0")
    freeze(explorer, 700)
    assert beads(explorer) == []
    expect(row).to_have_css("opacity", "1")
    expect(row).to_have_text("+12")


def scrub(explorer, step):
    explorer.root.get_by_role("slider", name="step", exact=True).fill(f"{step}")


def test_in_an_overview_a_gradient_goes_along_the_line_between_two_blocks(opened):
    explorer = opened(deep)
    explorer.hold_motions()
    scrub(explorer, 25)
    explorer.press("one step forward")
    expect(explorer.step_line).to_contain_text("dloss/db₆")
    for time, numbers in ((200, ["1×2"]), (340, ["1×2", "× 1"]), (540, ["−1.217"])):
        freeze(explorer, time)
        assert beads(explorer) == numbers
    block = explorer.root.locator("[data-id='n27'] > .block").bounding_box()
    bead = explorer.root.locator(".bead", has_text="−1.217").bounding_box()
    assert block["x"] < bead["x"] < block["x"] + block["width"] + 40
    expect(explorer.root.locator("[data-working]")).to_contain_text(["z₆ … a"])


def test_inside_a_closed_group_numbers_meet_on_its_block(opened):
    explorer = opened(deep, width=656)
    explorer.hold_motions()
    scrub(explorer, 24)
    expect(explorer.root.locator("[data-working]")).to_contain_text(["nodes"])
    explorer.press("one step forward")
    expect(explorer.step_line).to_contain_text("dloss/dz")
    block = explorer.root.locator("[data-working]").bounding_box()
    for time, count in ((200, 1), (340, 2), (540, 1)):
        freeze(explorer, time)
        assert len(beads(explorer)) == count
        bead = explorer.root.locator(".bead", has_text=beads(explorer)[0]).all()
        places = [each.bounding_box()["y"] for each in bead]
        assert any(block["y"] < y < block["y"] + block["height"] for y in places)


def test_blocks_of_a_large_graph_follow_the_steps_which_stay_in_view(opened):
    explorer = opened(deep, reduced_motion="reduce")  # nothing glides
    explorer.press("zoom in")
    expect(explorer.root.locator(".blocks")).to_be_visible()
    for _ in range(3):
        explorer.press("zoom in")
    expect(explorer.root.locator(".blocks")).to_be_visible()
    frame = explorer.root.locator("svg.nbgrad-picture").bounding_box()
    for step, label in ((27, "w₆"), (53, "x")):
        scrub(explorer, step)
        block = explorer.root.locator(".blocks [data-working]")
        place = block.bounding_box()
        assert frame["x"] < place["x"] < frame["x"] + frame["width"]
        receiver = explorer.root.locator(f".blocks [data-node]:has(text:text-is('{label}'))")
        expect(receiver.locator(".tint")).not_to_have_attribute("data-away")
        scrub(explorer, step - 1)
        expect(receiver.locator(".tint")).to_have_attribute("data-away", "")


def test_another_key_ends_a_motion_in_its_last_frame(opened):
    explorer = opened()
    explorer.hold_motions()
    seek(explorer, 10)
    explorer.press("one step forward")
    freeze(explorer, 300)
    assert beads(explorer)
    explorer.page.keyboard.press("Tab")
    expect(explorer.root.locator(".bead")).to_have_count(0)
    explorer.page.wait_for_function("document.getAnimations().length === 0")
    expect(explorer.root.locator("[data-id='e2.0.inbox']")).to_have_css("opacity", "1")


def test_who_wants_less_motion_sees_the_last_frame_at_once(opened):
    explorer = opened(reduced_motion="reduce")
    seek(explorer, 10)
    explorer.press("one step forward")
    expect(explorer.root.locator(".bead")).to_have_count(0)
    expect(explorer.root.locator("[data-id='e2.0.inbox']")).to_have_text("+12")


# What was ----------------------------------------------------------------------------------------


def test_what_a_number_was_stands_beside_it_for_a_second(opened):
    explorer = opened()
    explorer.stop_clock()
    explorer.type("x", "4")
    explorer.page.clock.run_for(500)
    was = explorer.root.locator(".was text")
    expect(was.filter(has_text=re.compile("^was 42$"))).to_be_visible()
    explorer.page.clock.run_for(1000)
    expect(explorer.root.locator(".was")).to_have_count(0)


def test_while_dragging_it_is_the_number_at_the_beginning(opened):
    explorer = opened()
    box = explorer.input("x").bounding_box()
    explorer.page.mouse.move(box["x"] + 5, box["y"] + 5)
    explorer.page.mouse.down()
    for pixels in (8, 16, 40):
        explorer.page.mouse.move(box["x"] + 5 + pixels, box["y"] + 5)
        expect(explorer.root.locator(".was text", has_text="was 42")).to_be_visible()
    explorer.page.mouse.up()


# Why? --------------------------------------------------------------------------------------------


def test_an_adjoint_says_why_it_is_what_it_is(opened):
    explorer = opened()
    adjoint = explorer.root.locator("[data-node]:has([data-number]) [data-id$='.adjoint']").first
    adjoint.click()
    expect(explorer.step_line).to_contain_text("Why?")
    expect(explorer.step_line).to_contain_text("24")
    adjoint.click()
    expect(explorer.step_line).not_to_contain_text("Why?")
    explorer.card("y").focus()
    explorer.page.keyboard.press("w")
    expect(explorer.step_line).to_contain_text("Why? df/dy")
    explorer.page.keyboard.press("Escape")
    expect(explorer.step_line).not_to_contain_text("Why?")


def test_with_a_stop_the_line_says_total_and_partial(opened):
    explorer = opened()
    explorer.card("b").focus()
    explorer.page.keyboard.press("s")
    lines = explorer.step_line.locator(".line")
    expect(lines.nth(0)).to_contain_text("total df/dx")
    expect(lines.nth(1)).to_contain_text("partial df/dx")
    expect(lines.nth(1).locator("s").first).to_be_visible()


# Words -------------------------------------------------------------------------------------------


def test_a_screen_reader_hears_where_a_change_ends_and_not_all_on_its_way(opened):
    explorer = opened()
    status = explorer.root.locator(".screen-reader-only[role=status]")
    heard = """status => {
        window.heard = [];
        new MutationObserver(() => heard.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
    }"""
    status.evaluate(heard)
    explorer.stop_clock()
    for _ in range(5):
        explorer.input("x").press("ArrowUp")
        explorer.page.clock.run_for(100)
    explorer.page.clock.run_for(1000)
    expect(status).to_contain_text("f = b + c = 55")
    assert len(explorer.page.evaluate("heard")) == 1


def test_the_code_line_is_copied(opened):
    explorer = opened(permissions=["clipboard-read", "clipboard-write"])
    explorer.stop_clock()
    explorer.press("copy")
    expect(explorer.root.get_by_role("button", name="copied")).to_be_visible()
    copied = explorer.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("# → [24.0, 10.0]")


def test_fingers_have_room(opened):
    explorer = opened(width=400, has_touch=True, is_mobile=True)
    for button in explorer.root.locator(".transport button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44


# Everywhere --------------------------------------------------------------------------------------


def test_a_presentation_fits_the_screen(opened):
    explorer = opened(width=1280, height=720)
    explorer.card("a").focus()
    explorer.page.keyboard.press("p")
    expect(explorer.root).to_have_class(re.compile("presenting"))
    expect(explorer.code).to_be_hidden()
    explorer.page.wait_for_function("document.fullscreenElement?.matches('.presenting')")
    explorer.settle()
    sizes = "root => [root.scrollHeight - root.clientHeight, root.scrollWidth - root.clientWidth]"
    assert explorer.root.evaluate(sizes) == [0, 0]
    number = explorer.input("x")
    at = number.bounding_box()
    number.focus()
    explorer.page.keyboard.type("2")
    field = explorer.field("x").bounding_box()
    assert abs(field["y"] + field["height"] / 2 - at["y"] - at["height"] / 2) < 6
    explorer.page.keyboard.press("Escape")
    explorer.page.keyboard.press("p")
    expect(explorer.root).not_to_have_class(re.compile("presenting"))


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_a_presentation_has_the_wide_picture_and_all_of_the_step_line(opened, width, height):
    explorer = opened(neuron, width=width, height=height)
    explorer.card("a").focus()
    explorer.page.keyboard.press("p")
    expect(explorer.fold("out")).to_be_visible()  # a narrower picture has the chain as one card
    explorer.page.wait_for_function(
        "() => { const root = document.querySelector('.nbgrad-explorer');"
        " return root.scrollHeight === root.clientHeight }"
    )
    picture = explorer.root.locator("svg.nbgrad-picture").bounding_box()
    assert picture["width"] > 0.9 * width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [878, 400])
def test_rows_and_predictions_are_accessible(opened, width, theme):
    explorer = opened(width=width, color_scheme=theme)
    explorer.page.keyboard.press("Tab")
    begin(explorer)
    answer(explorer, "df/dc", "7")
    explorer.root.get_by_role("button", name="keys and signs").click()
    found = Axe().run(explorer.page)
    assert found.violations_count == 0, found.generate_report()
    assert explorer.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_click_beside_all_controls_lets_keys_work_and_so_does_h_in_a_field(opened):
    explorer = opened()
    box = explorer.root.locator(".nbgrad-picture").bounding_box()
    explorer.page.mouse.click(box["x"] + 2, box["y"] + box["height"] - 2)
    explorer.page.keyboard.press("h")
    field = explorer.root.locator("input.prediction").first
    field.click()
    explorer.page.keyboard.press("h")
    expect(explorer.root.locator("input.prediction")).to_have_count(0)
    explorer.page.keyboard.press("h")
    expect(field).to_be_visible()

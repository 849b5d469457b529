"""The catalogue: the one place that shows every operation, its formula and its rule."""

import pytest

import nbgrad as ng
from nbgrad.core.registry import operation_types


def test_every_registered_operation_is_listed():
    assert [each.type for each in ng.operations()] == operation_types()


def test_every_formula_is_a_line_of_its_own():
    for each in ng.operations():
        assert each.formula
        assert "\n" not in each.formula


def test_a_rule_is_shown_as_it_is_written():
    assert ng.operations()["Mul"].rule == (
        "x, y = op.inputs\nreturn multiply(dz, y), multiply(dz, x)"
    )


def test_a_rule_begins_with_the_reason_that_stands_before_it():
    assert ng.operations()["Cumprod"].rule.startswith("# xᵢ stands in every later product.")


def test_where_no_gradient_passes_it_says_so():
    assert ng.operations()["Floor"].rule == "no derivative: gradients end here"
    assert ng.operations()["TruncateMod"].rule == "no rule: a gradient is an error"


def test_a_rule_of_your_own_is_listed_as_soon_as_it_is_registered():
    name, before = "TruncateMod", len(ng.operations())
    try:

        @ng.RegisterGradient(name)
        def mine(op, dz):
            """The straight-through estimate."""
            return dz, None

        assert ng.operations(name)[name].rule == "return dz, None"
        assert len(ng.operations()) == before
    finally:
        from nbgrad.core import registry

        del registry._rules[name]


def test_it_shows_itself_as_text_and_as_a_table():
    some = ng.operations("softplus")
    assert repr(some) == (
        "Softplus: A smooth relu of every element, z = log(1 + eˣ), whose slope is the sigmoid.\n"
        "    return multiply(dz, sigmoid(x))"
    )
    page = some._repr_html_()
    assert page.count("<tr>") == 2
    assert "multiply(dz, sigmoid(x))" in page


def test_an_unknown_name_is_answered_with_what_is_spelt_alike():
    with pytest.raises(LookupError, match="Did you mean 'Softplus'"):
        ng.operations()["Softplu"]


def test_many_operations_take_a_line_each_in_a_console_and_all_are_printed():
    every = ng.operations()
    *lines, end = repr(every).splitlines()
    assert len(lines) == len(every)
    assert max(map(len, lines)) <= 100
    assert "print them to see their rules" in end
    assert "return multiply(dz, y), multiply(dz, x)" in str(every)


def test_where_nothing_is_found_it_says_so_and_names_what_is_like_it():
    none = ng.operations("Relo")
    said = "No operation's name contains 'Relo'. Did you mean 'Relu'"
    assert repr(none).startswith(said)
    assert "Did you mean" in none._repr_html_()


def shown_rows(page):
    return page.evaluate("[...document.querySelectorAll('tbody tr')].filter(r => !r.hidden).length")


def test_the_table_is_searched_without_a_kernel(browser):
    page = browser.new_page()
    page.set_content(ng.operations()._repr_html_())
    assert shown_rows(page) == len(ng.operations())
    page.fill("input", "conv filter")
    found = shown_rows(page)
    page.fill("input", "zzz")
    nothing, count = shown_rows(page), page.text_content("output")
    page.close()
    assert 0 < found < 20
    assert (nothing, count) == (0, "0")


def test_where_no_scripts_run_the_whole_table_is_there_and_no_search_box(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(ng.operations()._repr_html_())
    is_seen = page.locator("input").is_visible(), page.locator("tr:last-child").last.is_visible()
    context.close()
    assert is_seen == (False, True)

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from home import drawings
from home.hyphens import hyphenated

NB = "\u00a0"


def render(source: str, **context) -> str:
    return engines["django"].from_string("{% load site_tags %}" + source).render(context)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("sv", f"12{NB}500{NB}kr exkl. moms"), ("en", f"SEK{NB}12,500 excl. VAT")],
)
def test_money_says_whether_vat_is_in_it(language, expected):
    with translation.override(language):
        assert render('{{ ore|money:"excl" }}', ore=1_250_000) == expected


def test_filters_of_nothing_are_empty():
    assert (
        render("{{ a|day }}{{ a|day_time }}{{ a|time_span }}{{ a|money }}{{ a|clock }}", a=None)
        == ""
    )


def test_seats_draw_one_shape_per_place():
    drawn = render("{% seats taken=2 free=3 reserved=1 mine=1 %}")
    assert [drawn.count(f'class="{kind}"') for kind in ("t", "mine", "f", "r")] == [2, 1, 3, 1]
    assert 'aria-hidden="true"' in drawn
    assert "style=" not in drawn


def test_seats_of_an_availability_count_mine_among_the_taken():
    availability = SimpleNamespace(taken=4, free=1, reserved=0)
    drawn = render("{% seats availability mine=3 %}", availability=availability)
    assert [drawn.count(f'class="{kind}"') for kind in ("t", "mine", "f")] == [1, 3, 1]


def test_seats_start_a_new_row_after_sixteen():
    one, two = drawings.seats(free=16), drawings.seats(free=17)
    assert 'width="207" height="12"' in one
    assert 'width="207" height="25"' in two


def test_seats_never_draw_without_bound():
    assert drawings.seats(free=10_000).count("<rect") == 200


def test_glyph_fills_the_host_and_greys_those_that_may_book():
    drawn = render("{% glyph host open %}", host=SimpleNamespace(code="20"), open=["21", "20"])
    assert drawn.count('class="on"') == 1
    assert drawn.count('class="open"') == 1
    assert drawn.index('class="on"') > drawn.index("M50 160")


def test_map_puts_every_balloon_inside_its_box_and_none_on_another():
    codes = ["2184", "2181", "2180", "2182", "2104", "1780", "2085", "2081"]
    drawn = drawings.county_map(list(enumerate(codes, 1)))
    spots = [
        tuple(map(float, m))
        for m in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="14"', drawn)
    ]
    assert len(spots) == len(codes) == len(set(spots))
    assert all(-2 < x < 362 and 4 < y < 392 for x, y in spots)


def test_map_draws_an_unknown_municipality_in_its_county():
    assert 'cx="95" cy="270"' in drawings.county_map([(1, "1799")])


def test_unknown_drawing_is_left_out():
    assert render('{% drawing "../base" %}{% drawing "none-such" %}') == ""
    assert render('{% drawing "gear" %}').startswith("<svg")


def test_long_words_of_headings_may_break():
    assert "\u00ad" in hyphenated("Stärkt omställningsförmåga", language="sv")
    assert hyphenated("Kurser i Dalarna", language="sv") == "Kurser i Dalarna"
    assert hyphenated("Stärkt omställningsförmåga", language="sv").replace("\u00ad", "") == (
        "Stärkt omställningsförmåga"
    )


class Sample(forms.Form):
    name = forms.CharField(label="Namn", help_text="Som på legitimation.")
    note = forms.CharField(label="Hälsning", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Slag", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    terms = forms.BooleanField(label="Villkor")

    def clean(self):
        raise forms.ValidationError("Det går inte ihop.")


def test_problem_lists_every_error_and_links_to_its_field():
    with translation.override("sv"):
        html = render('{% include "components/problem.html" %}', form=Sample({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_kind_0"' in html
    assert 'href="#id_terms"' in html
    assert "<li>Det går inte ihop.</li>" in html
    assert 'role="alert"' in html and 'tabindex="-1"' in html
    assert "Det finns problem att rätta" in html


def test_problem_is_silent_when_there_is_none():
    assert render('{% include "components/problem.html" %}', form=Sample()).strip() == ""


def test_field_ties_label_hint_and_message_to_the_input():
    form = Sample({})
    html = form["name"].as_field_group()
    assert '<label for="id_name">Namn</label>' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_marks_what_may_be_left_out():
    with translation.override("sv"):
        html = Sample()["note"].as_field_group()
    assert "(valfritt)" in html


def test_radios_stand_in_a_fieldset_with_a_legend():
    html = Sample()["kind"].as_field_group()
    assert "<fieldset" in html and "<legend>Slag</legend>" in html
    assert html.count('class="tick"') == 2
    assert '<label for="id_kind_0">A</label>' in html


def test_typed_values_are_escaped():
    html = Sample({"name": '"><script>alert(1)</script>'})["name"].as_field_group()
    assert "<script>" not in html

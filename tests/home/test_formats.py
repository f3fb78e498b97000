from datetime import UTC, date, datetime

import pytest

from home import formats

NB = "\u00a0"
START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
END = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("sv", f"tis 3 mars 2026 kl.{NB}09.00–12.00"), ("en", "Tue 3 March 2026, 09:00–12:00")],
)
def test_time_span_of_one_day_gives_the_date_once(language, expected):
    assert formats.time_span(START, END, language=language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", f"tis 3 mars 2026 kl.{NB}09.00 – ons 4 mars 2026 kl.{NB}12.00"),
        ("en", "Tue 3 March 2026, 09:00 – Wed 4 March 2026, 12:00"),
    ],
)
def test_time_span_over_midnight_gives_both_dates(language, expected):
    assert formats.time_span(START, END.replace(day=4), language=language) == expected


def test_times_are_shown_in_swedish_time_in_summer_and_winter():
    assert formats.clock(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), language="sv") == "00.30"
    assert formats.clock(datetime(2026, 12, 1, 22, 30, tzinfo=UTC), language="sv") == "23.30"
    assert (
        formats.day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), language="sv") == "tors 2 juli 2026"
    )


@pytest.mark.parametrize(
    ("first", "last", "sv", "en"),
    [
        (date(2027, 1, 12), date(2027, 1, 14), "12–14 januari 2027", "12–14 January 2027"),
        (date(2027, 1, 12), date(2027, 5, 4), "12 januari – 4 maj 2027", "12 January – 4 May 2027"),
        (
            date(2026, 12, 16),
            date(2027, 1, 20),
            "16 december 2026 – 20 januari 2027",
            "16 December 2026 – 20 January 2027",
        ),
        (date(2027, 1, 12), date(2027, 1, 12), "12 januari 2027", "12 January 2027"),
    ],
)
def test_period_says_nothing_twice(first, last, sv, en):
    assert formats.period(first, last, language="sv") == sv
    assert formats.period(first, last, language="en") == en


@pytest.mark.parametrize(
    ("ore", "sv", "en"),
    [
        (1_250_000, f"12{NB}500{NB}kr", f"SEK{NB}12,500"),
        (1_250_050, f"12{NB}500,50{NB}kr", f"SEK{NB}12,500.50"),
        (0, f"0{NB}kr", f"SEK{NB}0"),
        (-5_000, f"−50{NB}kr", f"SEK{NB}−50"),
        (123_456_789_00, f"123{NB}456{NB}789{NB}kr", f"SEK{NB}123,456,789"),
    ],
)
def test_money_is_written_from_ore(ore, sv, en):
    assert formats.money(ore, language="sv") == sv
    assert formats.money(ore, language="en") == en


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_a_short_and_a_long_name(month):
    day = date(2026, month, 1)
    for language in ("sv", "en"):
        assert (
            formats.date_words(day, language=language)
            .split()[1]
            .lower()
            .startswith(formats.short_date(day, language=language).split()[1].lower()[:3])
        )

import pytest

from enrollment.payments.amounts import line


@pytest.mark.parametrize(
    ("unit", "quantity", "percent", "net", "vat"),
    [
        (499500, 1, 25, 499500, 124875),
        (133333, 3, 25, 399999, 100000),
        (2, 1, 25, 2, 1),
        (1, 1, 25, 1, 0),
        (1001, 1, 6, 1001, 60),
        (100, 2, 0, 200, 0),
    ],
)
def test_vat_is_rounded_half_up_per_line(unit, quantity, percent, net, vat):
    """Among them the sums of the price list: 4 995.00 and 3 × 1 333.33 kr."""
    sum_ = line(unit_price_ore=unit, quantity=quantity, vat_percent=percent)
    assert (sum_.net, sum_.vat, sum_.total) == (net, vat, net + vat)

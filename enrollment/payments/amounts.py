"""Money: whole öre, VAT rounded half up per line (R-PAY-03)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Amount:
    """A line or a sum in öre: `net` without VAT, `vat`, and `total` of both."""

    net: int
    vat: int

    @property
    def total(self) -> int:
        return self.net + self.vat


def line(*, unit_price_ore: int, quantity: int, vat_percent: int) -> Amount:
    """Net and VAT of one line: the net sum first, then its VAT, rounded half up to whole öre."""
    net = unit_price_ore * quantity
    return Amount(net=net, vat=(net * vat_percent * 2 + 100) // 200)

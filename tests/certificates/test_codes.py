import pytest

from certificates.codes import ALPHABET, LENGTH, new_code, normalise


def test_new_code_has_at_least_96_bits():
    assert len(ALPHABET) ** LENGTH >= 2**96
    assert len({new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM4T9X2HVD8RWCP3N0",
        "k7qm-4t9x-2hvd-8rwc-p3n0",
        " K7QM 4T9X 2HVD 8RWC P3N0 ",
        "K7QM-4T9X-2HVD-8RWC-P3NO",
    ],
)
def test_normalise_reads_what_people_type(typed):
    assert normalise(typed) == "K7QM4T9X2HVD8RWCP3N0"


def test_normalise_reads_i_and_l_as_one():
    assert normalise("IL" * 10) == "1" * 20


@pytest.mark.parametrize("typed", ["", "K7QM", "K7QM4T9X2HVD8RWCP3NÅ", "U" * 20, "1" * 21, "../x"])
def test_normalise_refuses_what_cannot_be_a_code(typed):
    assert normalise(typed) == ""

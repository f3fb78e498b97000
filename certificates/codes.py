"""Verification codes: 20 signs of a 32-letter alphabet, 100 bits, random."""

import secrets

# Crockford's base 32: no I, L, O or U, so that nothing is misread on paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20


def new_code() -> str:
    """A fresh code of 20 signs; guessing one is hopeless (100 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(text: str) -> str:
    """The code somebody typed or scanned, as stored; "" when it cannot be one.

    Letter case, spaces and hyphens do not matter; O is read as 0, I and L as 1.
    """
    code = "".join(text.upper().split()).replace("-", "").replace("–", "")
    code = code.translate(str.maketrans("OIL", "011"))
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""

"""How does a customer find her answer? By a number she can write down or say on the telephone, and nobody can guess.

Fourteen digits and a check digit, in three groups of five. The check digit (Damm 2004, the quasigroup of order 10 of
his thesis) finds each wrong digit and each two neighbours that changed places, so that a slip of the pen is told from
an unknown number. The code is made from the submission under a key; only its keyed hash is kept.
"""

from __future__ import annotations

import hmac
import unicodedata

from huixiang.apps.access.sealing import key_for

DIGITS, GROUP = 14, 5
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def made(once: str, draw: int) -> str:
    """The code of a submission: the same each time it is asked for, since it is kept nowhere."""
    drawn = hmac.digest(key_for("tracking codes v1"), f"{once} {draw}".encode(), "sha256")
    digits = f"{int.from_bytes(drawn) % 10**DIGITS:0{DIGITS}d}"
    return digits + str(check_digit(digits))


def check_digit(digits: str) -> int:
    """The digit that makes the whole come out as 0."""
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return state


def grouped(code: str) -> str:
    """12345 67890 12345: as it is shown."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(typed: str) -> str | None:
    """The digits of what somebody typed, with or without blanks, in any digits; None where it cannot be a code."""
    digits = "".join(str(unicodedata.digit(sign)) for sign in typed if unicodedata.digit(sign, None) is not None)
    others = {sign for sign in typed if unicodedata.digit(sign, None) is None} - set(" -－—\u3000\t")
    if others or len(digits) != DIGITS + 1 or check_digit(digits):
        return None
    return digits


def hashed(code: str) -> str:
    """By which it is found again."""
    return hmac.digest(key_for("tracking hashes v1"), code.encode(), "sha256").hex()

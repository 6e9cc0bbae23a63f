"""IIN and BIN: twelve digits whose last is a check digit, so that a slip of the pen shows without any register."""

from __future__ import annotations

from enum import StrEnum

DIGITS = 12
_FIRST = range(1, 12)
_SECOND = (*range(3, 12), 1, 2)
_NO_DIGIT = 10


class IdentityFault(StrEnum):
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"


def identity_fault(number: str) -> IdentityFault | None:
    """What is wrong with an IIN or BIN as written, blanks left out; None when its form is right."""
    if len(number) != DIGITS or not number.isdigit():
        return IdentityFault.LENGTH
    return None if check_digit(number[:-1]) == int(number[-1]) else IdentityFault.CHECK_DIGIT


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of a number; None where the rule gives none, since such a number is never handed out."""
    digits = [int(each) for each in first_eleven]
    for weights in (_FIRST, _SECOND):
        rest: int = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest != _NO_DIGIT:
            return rest
    return None

"""Spelling: which known key an unknown one was probably meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MIN_LENGTH = 3
_MAX_LENGTH = 60
_UNSEEN = "\xad\u200b\u200c\u200d\u2060\ufeff"
"""Characters that no author sees, beside no-break spaces: both come from web pages that were copied."""


def spelling_of(known: Iterable[str]) -> Callable[[str], str | None]:
    """Return what finds the known key that differs by a letter, by two that changed places, by case or unseen signs.

    Both keys are compared with each of their letters left out (the symmetric deletion of SymSpell), so that a key
    costs its length, however many are known.
    """
    by_form: dict[str, str] = {}

    def find(key: str) -> str | None:
        key = key.strip().strip(_UNSEEN)
        if not _MIN_LENGTH <= len(key) <= _MAX_LENGTH:
            return None
        if not by_form:
            for name in sorted(known, reverse=True):
                by_form.update(dict.fromkeys(_forms(name), name))
            by_form.update({name.casefold(): name for name in known})
        return next((by_form[form] for form in _forms(key) if form in by_form), None)

    return find


def _forms(key: str) -> Iterator[str]:
    """Yield a key in small letters, then with each of them left out."""
    folded = key.casefold()
    yield folded
    if _MIN_LENGTH <= len(folded) <= _MAX_LENGTH:
        for at in range(len(folded)):
            yield folded[:at] + folded[at + 1 :]

"""Gives the text of a key in one language; an object, since an act's language is not the language of the window."""

import os
from collections.abc import Mapping

from judge_desk.domain.norms import norm_in
from judge_desk.i18n import catalogs, formats

LANGUAGES = catalogs.LANGUAGES
STRICT_VARIABLE = "JUDGE_DESK_STRICT_TEXTS"
PSEUDO = "en-XA"
_ACCENTS = str.maketrans("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ")


class UnknownTextError(LookupError):
    """A key that no catalog has, or a placeholder that got no value; raised in strict mode only."""


class Translator:
    """Texts of one language.

    Invariant: outside strict mode no call raises; an unknown key shows itself. Strict mode (argument, or the
    environment variable JUDGE_DESK_STRICT_TEXTS=1 that the tests set) raises UnknownTextError instead.
    `en-XA` is English made longer and accented, to find clipped labels and texts that bypass the catalogs.
    """

    def __init__(self, language: str, *, strict: bool | None = None) -> None:
        self.language = language
        self._pseudo = language == PSEUDO
        self._base = "en" if self._pseudo else language
        if self._base not in LANGUAGES:
            raise ValueError(f"no catalog for language {language!r}")
        self._strict = os.environ.get(STRICT_VARIABLE) == "1" if strict is None else strict
        self._catalog = catalogs.load(self._base)

    def __call__(self, key: str, **params: object) -> str:
        """`plural` when a whole number `n` is given and the key has plural forms, else `text`."""
        count = params.get("n")
        if isinstance(count, int) and self._catalog.ngettext(key, key, count) != key:
            return self.plural(key, count, **{name: value for name, value in params.items() if name != "n"})
        return self.text(key, **params)

    def text(self, key: str, **params: object) -> str:
        """The text of `key` with `{name}` filled from params; of a `norm` of a rule pack, its part in this language."""
        return self._fill(key, self._catalog.gettext(key), params)

    def plural(self, key: str, n: int, **params: object) -> str:
        """The form of `key` for the number n, with `{n}` written in the language's grouping."""
        template = self._catalog.ngettext(key, key, n)
        return self._fill(key, template, {**params, "n": formats.whole(n, self._base)})

    def has(self, key: str) -> bool:
        """Whether the language has a text for the key."""
        return self._catalog.gettext(key) != key or self._catalog.ngettext(key, key, 1) != key

    def _fill(self, key: str, template: str, params: Mapping[str, object]) -> str:
        if template == key:
            if self._strict:
                raise UnknownTextError(f"{key} has no text in {self.language}")
            return key
        if self._pseudo:
            template = _pseudo(template)
        if "{" not in template and "}" not in template:
            return template
        if isinstance(norm := params.get("norm"), str):
            params = {**params, "norm": norm_in(norm, self._base)}
        return template.format_map(_Params(key, params, self._strict))


class _Params(dict[str, object]):
    """Values for a template; outside strict mode a missing one leaves its placeholder readable."""

    def __init__(self, key: str, values: Mapping[str, object], strict: bool) -> None:
        super().__init__(values)
        self._key = key
        self._strict = strict

    def __missing__(self, name: str) -> str:
        if self._strict:
            raise UnknownTextError(f"{self._key} needs a value for {{{name}}}")
        return f"{{{name}}}"


def _pseudo(template: str) -> str:
    """Accented and a third longer, placeholders untouched."""
    parts: list[str] = []
    for index, piece in enumerate(template.replace("}", "{").split("{")):
        parts.append(f"{{{piece}}}" if index % 2 else piece.translate(_ACCENTS))
    return f"[{''.join(parts)}{'~' * (len(template) // 3)}]"

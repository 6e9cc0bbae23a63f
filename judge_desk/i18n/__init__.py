"""Texts, dates, numbers and sorting in Kazakh, Russian and English; shared by desk, hub, command line and paper.

Context: four kinds of output need the same words, and an act's language is not the language of the window around it.
Decision: gettext catalogs with keys as message ids, one PO file an area and language, compiled into one MO file a
language; a `Translator` is an object, one per language in use. Dates and numbers come from our own small tables.
Alternatives: Qt `.ts` files (the hub and the PDF would need Qt); babel at run time (60 ms and 30 MB for three
languages); keys in JSON (no plural rules, no tools for translators).
Consequences: i18n asks runtime where catalogs lie, so it stands a step above it. A key without a text is an error in
tests and shows itself as the key to the judge, never as a crash.
"""

from judge_desk.i18n.translator import LANGUAGES, Translator, UnknownTextError

__all__ = ["LANGUAGES", "Translator", "UnknownTextError"]

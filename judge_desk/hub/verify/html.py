"""The page itself: words from the catalogs, one style sheet, no line of script."""

from __future__ import annotations

import base64
import hashlib
from enum import StrEnum
from functools import cache
from html import escape

from judge_desk.domain.act_codes import shown
from judge_desk.i18n.translator import LANGUAGES, Translator
from judge_desk.protocol.http import VERIFY
from judge_desk.runtime import paths


class Answer(StrEnum):
    """What the page says."""

    NOTHING = "nothing"
    """Nothing was asked yet."""
    IS_ACT = "is_act"
    UNSIGNED = "unsigned"
    OTHER_CODE = "other_code"
    NOT_ACT = "not_act"
    CODE_KNOWN = "code_known"
    CODE_UNKNOWN = "code_unknown"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_OFTEN = "too_often"
    BROKEN = "broken"


TONES = {
    Answer.IS_ACT: "ok",
    Answer.CODE_KNOWN: "note",
    Answer.UNSIGNED: "warn",
    Answer.OTHER_CODE: "warn",
    Answer.NOT_ACT: "bad",
    Answer.CODE_UNKNOWN: "bad",
}
_SIGNS = {"ok": "✓", "note": "i", "warn": "!", "bad": "✕"}


@cache
def style() -> str:
    return paths.resource("verify", "page.css").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """Only this style sheet may load; nothing may run, frame the page or be sent elsewhere."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def render_page(language: str, answer: Answer, code: str) -> str:
    """The page in a language, with an answer, and the code kept in its field."""
    words = Translator(language)
    text = {key: escape(words.text(f"verify.{key}")) for key in PIECES}
    return _PAGE.format(
        language=language,
        style=style(),
        links="".join(_link(each, language, code) for each in LANGUAGES),
        answer=_answer(words, answer),
        action=f"{VERIFY}?lang={language}",
        code=escape(shown(code) if code else ""),
        **text,
    )


PIECES = (
    "title lead code_label code_hint file file_hint either ask languages court what what_1 what_2 what_3 kept"
).split()


def _link(language: str, current: str, code: str) -> str:
    name = escape(Translator(language).text("verify.language"))
    here = ' aria-current="true"' if language == current else ""
    rest = f"&amp;code={escape(code)}" if code else ""
    return f'<a href="{VERIFY}?lang={language}{rest}" lang="{language}" hreflang="{language}"{here}>{name}</a>'


def _answer(words: Translator, answer: Answer) -> str:
    if answer is Answer.NOTHING:
        return ""
    tone = TONES.get(answer, "warn")
    title = escape(words.text(f"verify.answer.{answer}"))
    next_step = escape(words.text(f"verify.answer.{answer}.next"))
    return (
        f'<section class="answer {tone}" role="status" aria-labelledby="answer"><span class="sign" aria-hidden="true">'
        f'{_SIGNS[tone]}</span><div><h2 id="answer">{title}</h2><p>{next_step}</p></div></section>'
    )


_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<p class="court">{court}</p>
<nav aria-label="{languages}">{links}</nav>
</header>
<main>
<h1>{title}</h1>
<p class="lead">{lead}</p>
{answer}
<form method="post" action="{action}" enctype="multipart/form-data">
<div class="field">
<label for="code">{code_label}</label>
<input id="code" name="code" type="text" value="{code}" maxlength="40" autocomplete="off" autocapitalize="characters"
 spellcheck="false" aria-describedby="code-hint" placeholder="XXXX-XXXX-XXXX-XXXX">
<p class="hint" id="code-hint">{code_hint}</p>
</div>
<p class="or" aria-hidden="true">{either}</p>
<div class="field">
<label for="file">{file}</label>
<input id="file" name="file" type="file" accept="application/pdf,.pdf" aria-describedby="file-hint">
<p class="hint" id="file-hint">{file_hint}</p>
</div>
<button type="submit">{ask}</button>
</form>
<details>
<summary>{what}</summary>
<ul><li>{what_1}</li><li>{what_2}</li><li>{what_3}</li></ul>
</details>
</main>
<footer><p>{kept}</p></footer>
</body>
</html>
"""

"""The public question: is this paper an act of the court? No token, no cookie, and never a word about the act."""

from __future__ import annotations

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from judge_desk.domain.act_codes import read_code
from judge_desk.hub import public_acts
from judge_desk.hub.routes.asked import address_of, hub_of
from judge_desk.hub.verify.html import Answer, policy, render_page
from judge_desk.hub.verify.upload import Asked, BrokenForm, TooLarge, read_form
from judge_desk.i18n.translator import LANGUAGES

_STATUS = {Answer.TOO_LARGE: 413, Answer.TOO_OFTEN: 429, Answer.BROKEN: 400}


async def page(request: Request) -> Response:
    """The form, and the answer to what was asked through it or by the square code on paper."""
    hub = hub_of(request)
    typed = request.query_params.get("code", "")
    asks = request.method == "POST" or bool(typed)
    wait = hub.load.public.seconds_to_wait(address_of(request)) if asks else 0
    if wait:
        return _said(request, Answer.TOO_OFTEN, "", wait)
    if not asks:
        return _said(request, Answer.NOTHING, "")
    try:
        asked = await read_form(request) if request.method == "POST" else Asked(code=typed)
    except TooLarge:
        return _said(request, Answer.TOO_LARGE, "")
    except BrokenForm:
        return _said(request, Answer.BROKEN, "")
    answer = await hub.run(_answer, hub.engine, asked)
    return _said(request, answer, read_code(asked.code))


def _answer(engine: Engine, asked: Asked) -> Answer:
    code = read_code(asked.code)
    has_code = bool(asked.code.strip())
    if not has_code and not asked.sha256:
        return Answer.EMPTY
    # Both are looked up whatever was asked: the time of an answer says nothing.
    with engine.connect() as connection:
        file = public_acts.by_hash(connection, asked.sha256)
        is_known = public_acts.is_code(connection, code)
    if not asked.sha256:
        return Answer.CODE_KNOWN if is_known else Answer.CODE_UNKNOWN
    if file is None:
        return Answer.NOT_ACT
    if has_code and file.code_hash != public_acts.code_hash(code):
        return Answer.OTHER_CODE
    return Answer.IS_ACT if file.is_signed else Answer.UNSIGNED


def _said(request: Request, answer: Answer, code: str, wait: int = 0) -> Response:
    language = _language(request)
    headers = {
        "content-security-policy": policy(),
        "content-language": language,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    if wait:
        headers["retry-after"] = str(wait)
    return HTMLResponse(render_page(language, answer, code), _STATUS.get(answer, 200), headers)


def _language(request: Request) -> str:
    """As asked, else as the browser prefers, else Kazakh."""
    asked = request.query_params.get("lang", "")
    accepted = [each.partition(";")[0].strip()[:2] for each in request.headers.get("accept-language", "").split(",")]
    return next((each for each in (asked, *accepted) if each in LANGUAGES), LANGUAGES[0])

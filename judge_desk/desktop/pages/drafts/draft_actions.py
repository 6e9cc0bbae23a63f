"""Every deed of the page by key; the command palette and the shortcut help read the same list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from judge_desk.desktop.actions import Action
from judge_desk.desktop.editor.toolbar import KINDS, MARKS, TABLE_KEYS
from judge_desk.services.remarks import RemarkState

if TYPE_CHECKING:
    from judge_desk.desktop.pages.drafts.page import DraftsPage

KIND_KEYS = {
    "paragraph": "Ctrl+Alt+0",
    "heading_1": "Ctrl+Alt+1",
    "heading_2": "Ctrl+Alt+2",
    "heading_3": "Ctrl+Alt+3",
    "dash": "Ctrl+Alt+8",
    "decimal": "Ctrl+Alt+7",
    "bracket": "Ctrl+Alt+6",
    "quotation": "Ctrl+Alt+9",
}


def draft_actions(page: DraftsPage) -> Sequence[Action]:
    """For the list, for the draft as a whole, and for its text."""
    return (*_list_actions(page), *_draft_actions(page), *_signing_actions(page), *_text_actions(page))


def _list_actions(page: DraftsPage) -> tuple[Action, ...]:
    return (
        Action(id="drafts.new", text_key="drafts.new", handler=page.begin, shortcut="Ctrl+N", icon="file-plus"),
        Action(
            id="drafts.delete",
            text_key="drafts.delete",
            handler=page.ask_delete,
            shortcut="Ctrl+Shift+Backspace",
            icon="trash-2",
            enabled_when=lambda: page.is_writing() or page.work is None,
        ),
    )


def _signing_actions(page: DraftsPage) -> tuple[Action, ...]:
    outputs = page.outputs
    rows: tuple[tuple[str, Callable[[], object], str, str, Callable[[], bool]], ...] = (
        (
            "signing.sign",
            outputs.ask_sign,
            "Ctrl+Shift+S",
            "signature",
            lambda: page.work is None or outputs.may_sign(),
        ),
        ("signing.stamp", outputs.stamp, "Ctrl+Alt+S", "clock", lambda: True),
        ("signing.verify.choose", outputs.ask_verify, "Ctrl+Alt+V", "shield-check", lambda: True),
    )
    return tuple(
        Action(id=key, text_key=key, handler=deed, shortcut=keys, icon=icon, enabled_when=may)
        for key, deed, keys, icon, may in rows
    )


def _draft_actions(page: DraftsPage) -> tuple[Action, ...]:
    deeds, is_open = page.deeds, lambda: page.work is not None
    rows: tuple[tuple[str, Callable[[], object], str, str, Callable[[], bool]], ...] = (
        ("drafts.history.keep", deeds.ask_version_name, "Ctrl+S", "save", page.is_writing),
        ("drafts.history", deeds.toggle_history, "Ctrl+Shift+H", "history", is_open),
        ("drafts.preview", page.desk.columns.toggle_preview, "F9", "eye", is_open),
        ("drafts.next_column", page.desk.next_column, "F6", "columns-2", is_open),
        ("drafts.export", page.outputs.ask_export, "Ctrl+Shift+E", "download", page.may_export),
        ("outputs.word.choose", page.outputs.ask_word, "Ctrl+Alt+W", "upload", page.is_writing),
        ("outputs.public.title", page.outputs.ask_public, "Ctrl+Alt+P", "eye", page.may_export),
        ("drafts.lay_out", deeds.toggle_state, "Ctrl+Shift+G", "signature", page.is_writing),
        ("drafts.open_case", deeds.open_case, "Ctrl+Shift+O", "folder-open", is_open),
        ("drafts.finalise", deeds.ask_finalise, "Ctrl+Shift+Return", "file-check", page.may_finalise),
    )
    return tuple(
        Action(id=key, text_key=key, handler=deed, shortcut=keys, icon=icon, enabled_when=may)
        for key, deed, keys, icon, may in rows
    )


def _text_actions(page: DraftsPage) -> tuple[Action, ...]:
    desk, is_writing = page.desk, page.is_writing
    rows: list[tuple[str, Callable[[], object], str]] = [
        ("editor.find", desk.find_bar.open_bar, "Ctrl+F"),
        ("editor.replace", partial(desk.find_bar.open_bar, replace=True), "Ctrl+H"),
        ("editor.find.next", desk.find_bar.find_next, "F3"),
        ("editor.find.previous", partial(desk.find_bar.find_next, backwards=True), "Shift+F3"),
        ("editor.next_blank", desk.edit.next_blank, "F8"),
        ("editor.table.insert", desk.toolbar.ask_table, "Ctrl+Alt+T"),
        ("editor.list.restart", desk.toolbar.restart_numbering, "Ctrl+Alt+5"),
        ("editor.footnote", desk.toolbar.put_note, "Ctrl+Alt+F"),
        ("editor.footnote.drop", desk.edit.notes.drop, "Ctrl+Alt+Shift+F"),
        ("editor.reference", page.deeds.ask_reference, "Ctrl+Alt+R"),
        ("editor.reference.open", desk.edit.open_reference, "Ctrl+Return"),
        ("editor.norm", desk.citing.ask, "Ctrl+Space"),
        ("editor.spelling.next", desk.next_misspelt, "F7"),
        ("editor.spelling.toggle", desk.toggle_spelling, "Shift+F7"),
        ("remarks.new", desk.remarks.ask, "Ctrl+Alt+M"),
        ("remarks.next", desk.remarks.next_open, "Ctrl+Alt+N"),
        ("remarks.accept_next", partial(desk.remarks.answer_here, RemarkState.ACCEPTED), "Ctrl+Alt+A"),
        ("remarks.reject_next", partial(desk.remarks.answer_here, RemarkState.REJECTED), "Ctrl+Alt+X"),
    ]
    rows += [
        (f"editor.table.{change}", partial(desk.toolbar.change_table, change), keys)
        for change, keys in TABLE_KEYS.items()
    ]
    rows += [(f"editor.{mark}", partial(desk.edit.toggle_mark, mark), keys) for mark, keys in MARKS.items()]
    rows += [(f"editor.kind.{name}", partial(desk.toolbar.set_kind, name), KIND_KEYS[name]) for name in KINDS]
    return tuple(
        Action(id=key, text_key=key, handler=deed, shortcut=keys, enabled_when=is_writing) for key, deed, keys in rows
    )

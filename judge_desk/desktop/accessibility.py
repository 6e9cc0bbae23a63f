"""Walks what a screen reader would meet, so that a test can refuse a control without a name.

For page-writers, in a test: ``assert nameless(page) == []``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QHeaderView, QLineEdit, QWidget

NAMED_ROLES: Final = (
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.List,
    QAccessible.Role.Table,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
)


def nameless(root: QWidget) -> list[str]:
    """The visible controls under ``root`` that have no accessible name, as "role class objectName"."""
    QAccessible.setActive(True)
    found = QAccessible.queryAccessibleInterface(root)
    return [_describe(each) for each in _walk(found) if _is_nameless(each)] if found.isValid() else []


def unreachable(root: QWidget) -> list[str]:
    """The visible, enabled controls under ``root`` that Tab never reaches."""
    controls = [
        *root.findChildren(QAbstractButton),
        *root.findChildren(QLineEdit),
        *root.findChildren(QAbstractItemView),
    ]
    return [
        f"{type(each).__name__} {each.accessibleName()}"
        for each in controls
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() == Qt.FocusPolicy.NoFocus
        and not _is_part_of_another(each)
    ]


def focused_name() -> str:
    """What a screen reader says about the control that has the focus."""
    widget = QApplication.focusWidget()
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) if widget is not None else ""


def _is_part_of_another(widget: QWidget) -> bool:
    """The cross inside a line and the heads of a table: keys of the line and actions of the page do the same."""
    return isinstance(widget, QHeaderView) or isinstance(widget.parentWidget(), QLineEdit)


def _walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    # Rows of a list are made when asked for: 100,000 of them are not what this walk is about.
    if node.role() in (QAccessible.Role.List, QAccessible.Role.Table, QAccessible.Role.Tree):
        return
    for number in range(node.childCount()):
        child = node.child(number)
        if child.isValid():
            yield from _walk(child)


def _is_nameless(node: QAccessibleInterface) -> bool:
    state = node.state()
    hidden = bool(getattr(state, "invisible", False)) or bool(getattr(state, "offscreen", False))
    return node.role() in NAMED_ROLES and not hidden and not node.text(QAccessible.Text.Name).strip()


def _describe(node: QAccessibleInterface) -> str:
    thing = node.object()
    return f"{node.role().name} {type(thing.parent()).__name__} > {type(thing).__name__} {thing.objectName()}".strip()

"""Says of a signed PDF whether it is what was signed, by whom and when, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.dialogs.frame import DialogFrame
from judge_desk.desktop.widgets.fact_rows import FactRows
from judge_desk.desktop.wording import Wording, say, t
from judge_desk.i18n import formats

if TYPE_CHECKING:
    from judge_desk.services.signing import Verdict


class VerifyDialog(DialogFrame):
    """Opens with a verdict."""

    def __init__(self, verdict: Verdict, file_name: str, parent: QWidget) -> None:
        super().__init__(parent, "signing.verify.title")
        self.file = self.add_sentence()
        self.file.setText(file_name)
        key = "signing.verify.valid" if verdict.valid else "signing.verify.invalid"
        self.answer = self.add_sentence(key, "ok" if verdict.valid else "bad")
        self.answer.set_face("strong")
        for reason in verdict.reasons:
            line = self.add_sentence(tone="text")
            say(line.setText, reason.key, **dict(reason.params))
        self.signers: list[FactRows] = []
        language = Wording.current().language
        for signer in verdict.signers:
            rows = FactRows()
            self.signers.append(rows)
            self.column.addWidget(rows)
            at = signer.stamped_at or signer.claimed_at
            rows.add("signing.verify.signer", signer.name)
            rows.add("signing.verify.issuer", signer.issuer)
            if at is not None:
                when = formats.date_and_time(at, language)
                proven = "signing.verify.proven" if signer.stamped_at else "signing.verify.claimed"
                rows.add("signing.verify.when", t(proven, when=when))
            rows.add("signing.verify.level", t(f"signing.level.{signer.level.replace('-', '_').lower()}"))
        self.add_buttons(close_key="common.close").setFocus()

"""Says of a dossier whether every entry is what the hub sealed: a quiet line when it is, a banner when it is not."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from judge_desk.desktop.theme import Space, Theme
from judge_desk.desktop.widgets.banner import Banner
from judge_desk.desktop.widgets.plain_label import PlainLabel
from judge_desk.desktop.wording import say
from judge_desk.services.dossier import DossierView


class ChainLine(PlainLabel):
    """The quiet line; ``broken`` is the banner, to be placed above the page's content."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(face="caption", tone="muted", wrap=True, parent=parent)
        self.broken = Banner()
        self.broken.set_closable(False)
        self._part()
        Theme.current().changed.connect(self._part)

    def show_view(self, view: DossierView) -> None:
        chain = view.chain
        self.setVisible(chain is not None and bool(chain.links) and not chain.faults)
        self.broken.setVisible(chain is not None and bool(chain.faults))
        if chain is None:
            return
        if chain.faults:
            self.broken.say_text("dossier.chain.broken", "bad", "dossier.chain.broken.hint", n=len(chain.faults))
        else:
            say(self.setText, "dossier.chain.whole", n=chain.links, last=chain.last[:8])

    def _part(self) -> None:
        """Else it seems one more row of the list above it."""
        self.setContentsMargins(0, Theme.current().px(Space.ROW), 0, 0)

"""How much of the link and of the disk document files may take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from judge_desk.desktop.widgets.card import Card
from judge_desk.desktop.widgets.segmented import Segmented
from judge_desk.desktop.widgets.setting_row import SettingRow
from judge_desk.runtime.settings import CACHE_MB, FETCH_KBIT, METERED, SEND_KBIT, Setting, Settings

RATES = (0, 256, 1024, 4096)
GIGABYTES = (0, 1, 5, 10, 50)
_MB_A_GB = 1024


class LinkCard(Card):
    """Every choice holds from the next file on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__("settings.link")
        self._settings = settings
        self.metered = Segmented((("no", "common.no"), ("yes", "common.yes")), METERED.text_key)
        self.metered.picked.connect(lambda chosen: settings.set(METERED, chosen == "yes"))
        self.fetch, self.send = _rates(FETCH_KBIT), _rates(SEND_KBIT)
        self.fetch.picked.connect(lambda rate: settings.set(FETCH_KBIT, int(rate)))
        self.send.picked.connect(lambda rate: settings.set(SEND_KBIT, int(rate)))
        self.cache = _numbers(CACHE_MB, GIGABYTES, "settings.gigabytes")
        self.cache.picked.connect(lambda size: settings.set(CACHE_MB, int(size) * _MB_A_GB))
        rows = (
            SettingRow(METERED.text_key, "settings.metered.hint", self.metered),
            SettingRow(FETCH_KBIT.text_key, "settings.fetch.hint", self.fetch),
            SettingRow(SEND_KBIT.text_key, "settings.send.hint", self.send),
            SettingRow(CACHE_MB.text_key, "settings.cache.hint", self.cache),
        )
        for number, row in enumerate(rows):
            if number:
                line = QFrame()
                line.setProperty("kind", "line")
                self.body.addWidget(line)
            self.body.addWidget(row)

    def show_chosen(self) -> None:
        """What holds now; a value of the file that is none of the choices shows none."""
        settings = self._settings
        self.metered.set_value("yes" if settings.get(METERED) else "no")
        self.fetch.set_value(str(settings.get(FETCH_KBIT)))
        self.send.set_value(str(settings.get(SEND_KBIT)))
        self.cache.set_value(str(settings.get(CACHE_MB) // _MB_A_GB))


def _rates(setting: Setting[int]) -> Segmented:
    return _numbers(setting, RATES, "settings.rate")


def _numbers(setting: Setting[int], choices: Sequence[int], key: str) -> Segmented:
    segments = Segmented([], setting.text_key)
    for choice in choices:
        if choice:
            segments.add(str(choice), key, n=choice)
        else:
            segments.add("0", "settings.rate.free")
    return segments

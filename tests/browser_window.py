"""The window of tests/browser.py, a process of its own: Chromium's engine as Qt ships it, without a screen.

Usage: python browser_window.py PORT. It lives as long as its standard input; commands come to PORT on loopback.
"""

from __future__ import annotations

import os
import sys
import threading

ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    # Pages come from loopback and from the test's own folder; root has no sandbox in any Chromium.
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    # A key or a click that comes before a page's first picture counts as well, as with Chromium's own driver.
    "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --hide-scrollbars --allow-pre-commit-input",
}


def leave_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> int:
    os.environ |= {**ENVIRONMENT, "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{sys.argv[1]}"}
    from PySide6.QtCore import QUrl
    from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication

    application = QApplication(sys.argv[:1])
    threading.Thread(target=leave_with_parent, daemon=True).start()
    # A profile without a name writes nothing to the disk.
    profile = QWebEngineProfile()
    view = QWebEngineView()
    view.setPage(QWebEnginePage(profile, view))
    view.resize(1000, 1100)
    view.show()
    view.setUrl(QUrl("about:blank"))
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())

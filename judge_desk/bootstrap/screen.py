"""Asks whether a window can be shown before Qt is asked: Qt ends the process where there is no screen."""

from __future__ import annotations

import ctypes
import os
import sys
import time

from judge_desk.domain.errors import KnownError

PLATFORM = "QT_QPA_PLATFORM"
_CURSOR = "libxcb-cursor.so.0"
_TRIES = 5
_BETWEEN_SECONDS = 0.1


class NoScreen(KnownError):
    """There is no display server, or it refuses this user."""

    default_key = "cli.no_screen"


def require_screen() -> None:
    """Return if Qt will find a screen, or was told to do without one.

    Raises:
        NoScreen: neither X nor Wayland answers, or the library that Qt needs for X is missing.
    """
    told = {name.partition(":")[0] for name in os.environ.get(PLATFORM, "").split(";") if name}
    if sys.platform != "linux" or told - {"xcb", "wayland"}:
        return
    if told != {"xcb"} and _wayland_answers():
        return
    if not _x_answers():
        raise NoScreen
    if _library(_CURSOR) is None:
        raise NoScreen("cli.no_screen_library", library=_CURSOR, package="libxcb-cursor0")


def _library(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _x_answers() -> bool:
    """Whether X takes a connection. A server that its last client left starts anew and refuses for a moment."""
    xcb = _library("libxcb.so.1")
    if xcb is None or not os.environ.get("DISPLAY"):
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    for _ in range(_TRIES):
        connection = xcb.xcb_connect(None, None)
        if not xcb.xcb_connection_has_error(connection):
            # Left open to the end: closed, it would be the last client before Qt comes.
            return True
        xcb.xcb_disconnect(connection)
        # Before there is any window or event loop: nothing else waits for this thread.
        time.sleep(_BETWEEN_SECONDS)
    return False


def _wayland_answers() -> bool:
    wayland = _library("libwayland-client.so.0")
    if wayland is None or not os.environ.get("WAYLAND_DISPLAY"):
        return False
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    connection = wayland.wl_display_connect(None)
    if connection:
        wayland.wl_display_disconnect(connection)
    return bool(connection)

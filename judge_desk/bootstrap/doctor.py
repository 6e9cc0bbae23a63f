"""Puts the check-up together: what can be asked without a passphrase, and the rest when the desk can be opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from judge_desk.bootstrap.profile import Profile
from judge_desk.cli.secret_input import PASSPHRASE
from judge_desk.domain.errors import DamagedStore, HubProblem, KnownError
from judge_desk.i18n import catalogs
from judge_desk.runtime import paths, settings
from judge_desk.runtime.clock import SystemClock
from judge_desk.security.session import State
from judge_desk.services.doctor import (
    Check,
    check_clock,
    check_contests,
    check_disk,
    check_dossiers,
    check_files,
    check_manifest,
    check_room,
    check_store,
    repair,
)
from judge_desk.sync.transport import HttpHub


def check_up(folder: Path | None, *, deep: bool = False, mends: bool = False) -> Iterator[Check]:
    """Every check on the profile in ``folder`` (the signed-in user's by default). ``deep`` reads every file against its
    hash; ``mends`` has what was found wanting come anew."""
    profile = Profile(folder or paths.default_profile_dir(), SystemClock())
    yield check_disk(profile.folder)
    yield Check("texts", all(catalogs.mo_file(each).is_file() for each in catalogs.LANGUAGES))
    yield Check("zone", _knows_the_court_zone())
    yield Check("enrolled", profile.is_enrolled)
    hub_time, hub = _hub(profile)
    yield hub
    yield check_clock(hub_time, SystemClock())
    if profile.sign_in.state is not State.NEW:
        yield _keyring(profile)
        yield from _inside(profile, deep=deep, mends=mends)


def _knows_the_court_zone() -> bool:
    """Old Windows tables still put Almaty at UTC+6; the tzdata package is there for them."""
    try:
        offset = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Almaty")).utcoffset()
    except ZoneInfoNotFoundError:
        return False
    return offset is not None and offset.total_seconds() == 5 * 3600


def _hub(profile: Profile) -> tuple[datetime | None, Check]:
    url = profile.settings.get(settings.HUB_URL)
    if not url:
        return None, Check("hub", False)
    hub = HttpHub(url)
    try:
        return hub.version().hub_time, Check("hub", True)
    except HubProblem:
        return None, Check("hub", False)
    finally:
        hub.close()


def _keyring(profile: Profile) -> Check:
    try:
        profile.sign_in.vault.device_secret()
    except KnownError:
        return Check("keyring", False)
    return Check("keyring", True)


def _lease(profile: Profile) -> Check:
    """How long this desk may still be opened without having heard of the hub."""
    until = profile.sign_in.lease_until()
    days = 0 if until is None else max((until - SystemClock().now()).days, 0)
    try:
        profile.sign_in.check_standing()
    except KnownError:
        return Check("lease", False, {"days": days})
    return Check("lease", True, {"days": days})


def _inside(profile: Profile, *, deep: bool, mends: bool) -> Iterator[Check]:
    """What needs the passphrase: only when the environment gives one, for a check-up asks nothing."""
    passphrase = os.environ.get(PASSPHRASE)
    if not passphrase:
        return
    try:
        opened = profile.unlock(passphrase, with_loop=False)
    except KnownError:
        yield Check("unlock", False)
        return
    try:
        yield Check("unlock", True)
        yield _lease(profile)
        stored = check_store(opened.context)
        yield from stored
        if not all(each.ok for each in stored if each.id == "database"):
            return  # what lies in a damaged file is compared with nothing
        yield check_dossiers(opened.context)
        yield check_contests(opened.context)
        yield check_room(opened.context, profile.settings.get(settings.CACHE_MB) << 20)
        compared = [*check_manifest(opened.desk.manifest), check_files(opened.context, deep=deep)]
        yield from compared
        if mends:
            repair(opened.context, compared)
    except DamagedStore:
        yield Check("database", False)
    finally:
        opened.close()
        profile.sign_in.lock()

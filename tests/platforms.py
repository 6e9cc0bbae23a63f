"""Which tests Windows cannot have, why, and what stands in for them there: the one place where that is said.

On Linux nothing of it holds: set-up brings what these tests need, and a program that is missing is an error.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Tests under ``places`` (folder, file or file::test) and those with one of ``fixtures``; ``instead``: files that
    try the same on Windows, empty where nothing can."""

    places: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    why: str
    instead: tuple[str, ...] = ()

    def holds(self, test: str, fixtures: Collection[str] = ()) -> bool:
        """Whether the test with this id, its path with slashes, is one of them."""
        return any(test.startswith(place) for place in self.places) or bool({*self.fixtures} & {*fixtures})


SIGNATURES = "tests/unit/security/signatures"
APART_ON_WINDOWS = (
    Apart(
        places=("tests/keyring/test_secret_service.py",),
        why="the Secret Service, its bus and its daemon are those of Linux desktops",
        instead=("tests/keyring/test_credential_locker.py",),
    ),
    Apart(
        places=(
            "tests/e2e/test_day.py",
            "tests/e2e/test_campaign_day.py",
            "tests/e2e/test_ruling_day.py",
            "tests/e2e/test_kill_typing.py",
            "tests/e2e/test_demo.py",
        ),
        why="the hands of these tests are xdotool's, on an X server of their own",
        instead=("tests/desktop", "tests/e2e/test_cli.py"),
    ),
    Apart(
        places=("tests/e2e/test_installer.py",),
        why="a .deb is made and tried with Debian's own tools",
        instead=("tests/unit/bootstrap/installer/test_bundle.py",),
    ),
    Apart(
        fixtures=("s3_server",),
        why="Swift, the S3 server of these tests, runs on Linux alone",
        instead=("tests/contract/test_blobs.py",),
    ),
    Apart(
        places=("tests/sync/test_wire.py",),
        why="two networks and a wire between them are namespaces of Linux",
        instead=("tests/sync/test_poor_link.py",),
    ),
    Apart(
        places=(
            "tests/hub/test_backends_killed.py",
            "tests/hub/test_failover.py",
            "tests/hub/test_replicas.py",
            "tests/hub/test_restored.py",
        ),
        why="these servers of PostgreSQL are led by signals and by commands of a POSIX shell",
        instead=("tests/hub/test_killed.py",),
    ),
    Apart(
        places=(
            "tests/hub/test_serving.py::test_workers_share_an_address_and_a_dead_one_is_replaced",
            "tests/hub/test_serving.py::test_a_stop_under_load_loses_and_doubles_nothing",
            "tests/hub/test_serving.py::test_a_draining_process_says_so_and_still_answers",
        ),
        why="workers behind one socket and a stop by SIGTERM are POSIX's",
        instead=("tests/hub/test_serving.py",),
    ),
    Apart(
        fixtures=("drawer",),
        why="SoftHSM, the token of these tests, is packaged for Linux",
        instead=(f"{SIGNATURES}/test_ncalayer.py",),
    ),
    Apart(
        places=(
            f"{SIGNATURES}/test_stamps.py",
            f"{SIGNATURES}/test_signing.py::test_openssl_agrees_about_the_signature",
            "tests/unit/drafting/test_docx.py::test_it_survives_a_trip_through_libreoffice",
            "tests/unit/drafting/test_footnotes.py::test_notes_survive_another_word_processor",
            "tests/desktop/test_dossier_deeds.py::test_an_extract_is_signed_for_its_purpose_and_any_reader_verifies_it",
            f"{SIGNATURES}/test_signing.py::test_a_signed_act_stays_an_archive_file_for_everybody",
            f"{SIGNATURES}/test_verifying.py::test_a_bar_laid_over_the_text_is_found_though_pdfsig_is_content",
        ),
        why="the second opinion is that of openssl, poppler or LibreOffice, which set-up brings through apt alone",
        instead=(f"{SIGNATURES}/test_verifying.py", "tests/unit/drafting/test_docx.py"),
    ),
)


def apart_on_windows(test: str, fixtures: Collection[str] = ()) -> Apart | None:
    """The group a test belongs to; None for one that runs there."""
    return next((each for each in APART_ON_WINDOWS if each.holds(test, fixtures)), None)

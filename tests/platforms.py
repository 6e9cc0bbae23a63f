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
SIGNING = "tests/unit/services/test_signing.py"
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
        places=(
            "tests/e2e/test_installer.py",
            "tests/unit/bootstrap/installer/test_deb.py::test_everything_lies_where_debian_has_it",
            "tests/unit/bootstrap/installer/test_deb.py::test_only_programs_are_executable_and_only_root_may_write",
        ),
        why="a .deb is made and tried with Debian's own tools, and its links and modes are POSIX's",
        instead=("tests/unit/bootstrap/installer/test_bundle.py",),
    ),
    Apart(
        fixtures=("s3_server",),
        why="Swift, the S3 server of these tests, runs on Linux alone",
        instead=("tests/contract/test_blobs.py",),
    ),
    Apart(
        places=("tests/hub/test_files_away.py::test_where_there_is_no_room_a_file_waits_for_it",),
        why="a bound on the files of a process is POSIX's, and Swift runs on Linux alone",
        instead=("tests/hub/test_border.py",),
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
    Apart(
        places=(
            f"{SIGNATURES}/test_verifying.py::test_a_certificate_that_ran_out_since_needs_a_stamp",
            f"{SIGNATURES}/test_verifying.py::test_a_revoked_certificate_is_not_valid",
            f"{SIGNING}::test_a_final_act_is_signed_stamped_and_exported_as_it_was_signed",
            f"{SIGNING}::test_without_a_link_the_stamp_comes_later_and_the_first_signature_stays",
            f"{SIGNING}::test_a_lying_stamp_server_spoils_no_signature",
            f"{SIGNING}::test_the_loop_stamps_what_waits_when_it_hears_of_a_link",
            "tests/unit/cli/test_ruling_signing.py::test_a_second_signature_and_a_stamp",
            "tests/desktop/test_signing_card.py::test_a_server_that_answers_is_named_and_kept",
        ),
        why="the stamp server of these tests is openssl's, which set-up brings through apt alone",
        instead=(SIGNING, f"{SIGNATURES}/test_verifying.py", "tests/desktop/test_signing_card.py"),
    ),
    Apart(
        places=(
            "tests/unit/i18n/test_spelling.py::test_words_of_the_courts_are_right",
            "tests/unit/i18n/test_spelling.py::test_slips_are_seen_and_a_better_word_is_offered",
            "tests/unit/services/test_spelling.py::test_names_of_the_case_are_known_in_every_form",
            "tests/unit/services/test_spelling.py::test_what_was_learnt_stays_learnt_after_a_restart",
            "tests/desktop/test_spell_check.py::test_a_slip_is_marked_and_no_mark_enters_the_text",
        ),
        why="dictionaries are the system's, which set-up brings through apt alone; the window says that there are none",
        instead=("tests/unit/i18n/test_spelling.py", "tests/unit/services/test_spelling.py"),
    ),
)


def apart_on_windows(test: str, fixtures: Collection[str] = ()) -> Apart | None:
    """The group a test belongs to; None for one that runs there."""
    return next((each for each in APART_ON_WINDOWS if each.holds(test, fixtures)), None)

"""``judge-desk doctor`` on a real profile at a real hub: what is wrong is named, and cured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.programs import desk, seeded_hub


def found(profile: Path, *words: str, code: int) -> dict[str, Any]:
    answer = desk("doctor", "--profile", str(profile), "--json", *words).with_code(code).json
    assert answer["ok"] is (code == 0)
    return {each["id"]: each for each in answer["checks"]}


def test_a_lost_file_is_named_and_comes_again(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with seeded_hub(tmp_path / "hub", cases=3, documents=6) as hub:
        hub.enrol(profile)
        desk("sync", "--profile", str(profile)).with_code(0)
        checks = found(profile, code=0)
        assert checks["manifest"]["ok"]
        assert checks["signature"]["ok"]
        assert "scopes compared" in checks["manifest"]["message"]
        max((profile / "files").iterdir()).unlink()
        bad = found(profile, "--repair", code=1)["files"]
        assert [each["reason"] for each in bad["named"]] == ["missing_file"]
        assert "--repair" in bad["cure"]
        desk("sync", "--profile", str(profile)).with_code(0)
        assert found(profile, "--deep", code=0)["files"]["ok"]

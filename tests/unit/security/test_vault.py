"""The vault uses a keyring it may trust or a private file, remembers which, and puts every failure in words."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from keyring import backend, errors
from keyring.backends import SecretService, chainer, fail, null

from judge_desk.domain.errors import BadInput, DamagedStore, DeviceSecretMissing, KeyringProblem
from judge_desk.security import keyring_place
from judge_desk.security.vault import Place, Vault


class MemoryKeyring(backend.KeyringBackend):
    """A keyring that works, or fails as it is told to."""

    priority = 1

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.fault = fault
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        del self.kept[service, username]

    def _fail(self) -> None:
        if self.fault:
            raise self.fault


def secret_service() -> SecretService.Keyring:
    return SecretService.Keyring()  # type: ignore[no-untyped-call]  # keyring's own


class ForgetfulKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        return None


FAULTS = [
    (errors.NoKeyringError(), "security.keyring.gone"),
    (errors.KeyringLocked(), "security.keyring.locked"),
    (errors.InitError("Prompt dismissed"), "security.keyring.dismissed"),
    (errors.PasswordSetError("secret words"), "security.keyring.refused"),
    (ConnectionResetError(), "security.keyring.refused"),
]
if sys.platform == "linux":
    # What the keyring library lets through from the two layers under it.
    storage = importlib.import_module("secretstorage.exceptions")
    bus = importlib.import_module("jeepney.wrappers")
    FAULTS.append((storage.PromptDismissedException(), "security.keyring.refused"))
    FAULTS.append((bus.DBusErrorResponse.__new__(bus.DBusErrorResponse), "security.keyring.refused"))


@pytest.mark.parametrize("in_keyring", [True, False])
def test_the_secret_made_is_the_secret_found_later(tmp_path: Path, in_keyring: bool) -> None:
    ring = MemoryKeyring() if in_keyring else None
    vault = Vault(tmp_path, find=lambda: ring)
    assert vault.place is None
    made = vault.make_device_secret()
    assert len(made) == 32
    later = Vault(tmp_path, find=lambda: ring)
    assert later.device_secret() == made
    assert later.place is (Place.KEYRING if in_keyring else Place.FILE)
    assert (tmp_path / "vault.secrets").exists() is not in_keyring
    with pytest.raises(BadInput):
        later.make_device_secret()
    assert later.device_secret() == made


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "profile", use_keyring=False)
    vault.make_device_secret()
    secrets = tmp_path / "profile" / "vault.secrets"
    if os.name == "posix":
        assert secrets.stat().st_mode & 0o777 == 0o600
        assert secrets.parent.stat().st_mode & 0o777 == 0o700
        secrets.chmod(0o644)
        Vault(tmp_path / "profile", use_keyring=False).device_secret()
        assert secrets.stat().st_mode & 0o777 == 0o600


def test_other_short_secrets_live_beside_it(tmp_path: Path) -> None:
    for vault in (Vault(tmp_path / "a", use_keyring=False), Vault(tmp_path / "b", find=MemoryKeyring)):
        vault.make_device_secret()
        assert vault.get("refresh") is None
        vault.put("refresh", "ж" * 1280)
        assert vault.get("refresh") == "ж" * 1280
        vault.put("refresh", "new")
        assert vault.get("refresh") == "new"
        vault.drop("refresh")
        vault.drop("refresh")
        assert vault.get("refresh") is None
        with pytest.raises(KeyringProblem) as raised:
            vault.put("refresh", "x" * 1281)
        assert raised.value.key == "security.keyring.too_long"
        with pytest.raises(ValueError, match="name"):
            vault.put("device-secret", "x")


@pytest.mark.parametrize(("fault", "key"), FAULTS)
def test_each_failure_of_a_keyring_has_its_sentence(tmp_path: Path, fault: Exception, key: str) -> None:
    ring = MemoryKeyring()
    vault = Vault(tmp_path, find=lambda: ring)
    made = vault.make_device_secret()
    ring.fault = fault
    for call in (vault.device_secret, lambda: vault.put("refresh", "x"), lambda: vault.drop("refresh"), vault.destroy):
        with pytest.raises(KeyringProblem) as raised:
            call()
        assert raised.value.key == key
        assert "secret words" not in str(raised.value)
    ring.fault = None
    assert vault.device_secret() == made


@pytest.mark.parametrize(("fault", "key"), FAULTS)
def test_a_keyring_that_fails_at_first_is_not_replaced_by_a_file_in_silence(
    tmp_path: Path, fault: Exception, key: str
) -> None:
    with pytest.raises(KeyringProblem) as raised:
        Vault(tmp_path, find=lambda: MemoryKeyring(fault)).make_device_secret()
    assert raised.value.key == key
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_that_keeps_nothing_is_found_out_at_once(tmp_path: Path) -> None:
    with pytest.raises(KeyringProblem) as raised:
        Vault(tmp_path, find=ForgetfulKeyring).make_device_secret()
    assert raised.value.key == "security.keyring.forgetful"
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_that_is_away_later_is_an_error_never_a_second_secret(tmp_path: Path) -> None:
    Vault(tmp_path, find=MemoryKeyring).make_device_secret()
    with pytest.raises(KeyringProblem) as raised:
        Vault(tmp_path, find=lambda: None).device_secret()
    assert raised.value.key == "security.keyring.gone"
    with pytest.raises(DeviceSecretMissing):
        Vault(tmp_path, find=MemoryKeyring).device_secret()
    assert not (tmp_path / "vault.secrets").exists()


def test_a_profile_without_a_secret_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceSecretMissing):
        Vault(tmp_path, use_keyring=False).device_secret()


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"device-secret": "!!"}', b'{"device-secret": "AAAA"}'])
def test_a_damaged_file_is_told_from_a_missing_secret(tmp_path: Path, content: bytes) -> None:
    Vault(tmp_path, use_keyring=False).make_device_secret()
    (tmp_path / "vault.secrets").write_bytes(content)
    with pytest.raises(DamagedStore):
        Vault(tmp_path, use_keyring=False).device_secret()
    (tmp_path / "vault.json").write_bytes(content)
    with pytest.raises(DamagedStore):
        Vault(tmp_path, use_keyring=False).device_secret()


def test_destroying_takes_the_secret_out_of_its_place(tmp_path: Path) -> None:
    ring = MemoryKeyring()
    for vault in (Vault(tmp_path, find=lambda: ring), Vault(tmp_path, use_keyring=False)):
        vault.make_device_secret()
        vault.destroy()
        assert ring.kept == {}
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(DeviceSecretMissing):
            vault.device_secret()


@pytest.mark.parametrize("refused", [fail.Keyring, null.Keyring, MemoryKeyring])
def test_only_the_four_named_backends_are_trusted(refused: type[backend.KeyringBackend]) -> None:
    assert not keyring_place.is_trusted(refused())
    assert keyring_place.is_trusted(secret_service())
    assert not keyring_place.is_trusted(type("Keyring", (SecretService.Keyring,), {})())


def test_a_chain_gives_its_trusted_link_and_not_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """keyrings.alt brings a plaintext keyring, which the chain asks next when the real one is locked."""
    trusted = secret_service()
    chain = chainer.ChainerBackend()  # type: ignore[no-untyped-call]  # keyring's own
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [MemoryKeyring(), trusted])
    monkeypatch.setattr("keyring.get_keyring", lambda: chain)
    assert keyring_place.find() is trusted
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [MemoryKeyring()])
    assert keyring_place.find() is None


def test_on_windows_the_secret_stays_on_its_machine() -> None:
    """Windows would let it roam with the domain profile; the persistence is set before anything is kept."""
    vault_of_windows = type("WinVaultKeyring", (MemoryKeyring,), {"persist": "enterprise"})()
    keyring_place.KeyringPlace(vault_of_windows, "account")
    assert vault_of_windows.persist == "local machine"


def test_an_untrusted_backend_of_the_environment_leads_to_the_file(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\nfrom judge_desk.security.vault import Vault\n"
        "vault = Vault(pathlib.Path(sys.argv[1])); vault.make_device_secret(); print(vault.place)"
    )
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "file"

"""The first tables: accounts and devices, scopes and grants, records and their history, files, the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from judge_desk.hub.db.migrations import append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
KIND = "expand"

ID = sa.String(80, collation="C").with_variant(sa.String(80), "sqlite")
"""See tables.ID."""
GUARDED = ("audit", "revision")
"""Append only: the database itself refuses to change or delete their rows."""


def upgrade() -> None:
    _account()
    _act_code()
    _act_file()
    _attempt()
    _audit()
    _blob()
    _blob_ref()
    _courier_desk()
    _court()
    _device()
    _entity()
    _hearing_slot()
    _hub_state()
    _identity_key()
    _movement()
    _mutation()
    _person_role()
    _recovery_key()
    _rescue()
    _revision()
    _scope()
    _scope_grant()
    _signing_key()
    _upload()
    _upload_part()
    append_only.guard(GUARDED)


def downgrade() -> None:
    raise NotImplementedError("the first tables are the ground; there is nothing before them")


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("user_name", sa.String(length=128), nullable=False),
        sa.Column("court_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("user_name", name=op.f("pk_account")),
    )


def _act_code() -> None:
    op.create_table(
        "act_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("court_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("filed_by", ID, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_act_code")),
    )


def _act_file() -> None:
    op.create_table(
        "act_file",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "sha256", name=op.f("pk_act_file")),
    )
    op.create_index(op.f("ix_act_file_code_hash"), "act_file", ["code_hash"], unique=False)
    op.create_index(op.f("ix_act_file_sha256"), "act_file", ["sha256"], unique=False)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_attempt")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("chain", ID, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "chain", "n", name=op.f("pk_audit")),
    )


def _blob() -> None:
    op.create_table(
        "blob",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "sha256", name=op.f("pk_blob")),
    )


def _blob_ref() -> None:
    op.create_table(
        "blob_ref",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "scope", "sha256", name=op.f("pk_blob_ref")),
    )
    op.create_index(op.f("ix_blob_ref_court_id_sha256"), "blob_ref", ["court_id", "sha256"], unique=False)


def _courier_desk() -> None:
    op.create_table(
        "courier_desk",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("in_number", sa.BigInteger(), nullable=False),
        sa.Column("in_part", sa.Integer(), nullable=False),
        sa.Column("in_whole", sa.Boolean(), nullable=False),
        sa.Column("out_number", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("said_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("court_id", "device_id", name=op.f("pk_courier_desk")),
    )


def _court() -> None:
    op.create_table(
        "court",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", name=op.f("pk_court")),
    )


def _device() -> None:
    op.create_table(
        "device",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.String(length=27), nullable=False),
        sa.Column("revoked_at", sa.String(length=27), nullable=True),
        sa.Column("wiped_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("court_id", "id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_court_id_person_id"), "device", ["court_id", "person_id"], unique=False)
    op.create_index(op.f("ix_device_id"), "device", ["id"], unique=False)


def _entity() -> None:
    op.create_table(
        "entity",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "scope", "kind", "id", name=op.f("pk_entity")),
        sa.UniqueConstraint("court_id", "scope", "seq", name=op.f("uq_entity_court_id_scope_seq")),
    )


def _hearing_slot() -> None:
    op.create_table(
        "hearing_slot",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("starts_at", sa.String(length=27), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "scope", "id", name=op.f("pk_hearing_slot")),
    )
    op.create_index(op.f("ix_hearing_slot_court_id_starts_at"), "hearing_slot", ["court_id", "starts_at"], unique=False)


def _hub_state() -> None:
    table = op.create_table(
        "hub_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("settles_at", sa.String(length=27), nullable=True),
        sa.Column("mark", ID, nullable=False),
        sa.Column("oldest_program", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_state")),
    )
    op.bulk_insert(table, [{"id": 1, "generation": 0, "mark": "", "oldest_program": revision}])


def _identity_key() -> None:
    op.create_table(
        "identity_key",
        sa.Column("id", ID, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_key")),
    )


def _movement() -> None:
    op.create_table(
        "movement",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "xid", name=op.f("pk_movement")),
    )


def _mutation() -> None:
    op.create_table(
        "mutation",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("mid", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "device_id", "mid", name=op.f("pk_mutation")),
    )


def _person_role() -> None:
    op.create_table(
        "person_role",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "person_id", "role", name=op.f("pk_person_role")),
    )


def _recovery_key() -> None:
    op.create_table(
        "recovery_key",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "id", name=op.f("pk_recovery_key")),
    )


def _rescue() -> None:
    op.create_table(
        "rescue",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "id", name=op.f("pk_rescue")),
    )
    op.create_index(op.f("ix_rescue_court_id_device_id"), "rescue", ["court_id", "device_id"], unique=False)


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "scope", "kind", "id", "rev", name=op.f("pk_revision")),
    )


def _scope() -> None:
    op.create_table(
        "scope",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.BigInteger(), nullable=False),
        sa.Column("audit_count", sa.BigInteger(), nullable=False),
        sa.Column("audit_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "scope", name=op.f("pk_scope")),
    )


def _scope_grant() -> None:
    op.create_table(
        "scope_grant",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("from_at", sa.String(length=27), nullable=False),
        sa.Column("until_at", sa.String(length=27), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "person_id", "scope", name=op.f("pk_scope_grant")),
    )
    op.create_index(op.f("ix_scope_grant_court_id_scope"), "scope_grant", ["court_id", "scope"], unique=False)


def _signing_key() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", ID, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("retired_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )


def _upload() -> None:
    op.create_table(
        "upload",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scope", ID, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "device_id", "sha256", name=op.f("pk_upload")),
    )


def _upload_part() -> None:
    op.create_table(
        "upload_part",
        sa.Column("court_id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("court_id", "device_id", "sha256", "number", name=op.f("pk_upload_part")),
    )

"""Who holds a campaign's key: the desk that made it, and every desk of the commission that it was handed to.

A lost desk must not lose a campaign, and the hub must not get the key. So the secret half travels sealed to the other
desk's own key, and only after two people have compared that key's digits: a key that the hub slipped in has others.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from judge_desk.domain.campaigns import Campaign, CampaignState, KeyHolder, KeyShare
from judge_desk.domain.changes import Changes
from judge_desk.domain.errors import BadInput, NotFound
from judge_desk.domain.ids import new_id
from judge_desk.domain.kinds import Kind
from judge_desk.domain.scopes import campaign_scope
from judge_desk.services.context import DeskContext
from judge_desk.store import records, session_data
from judge_desk.store.unit_of_work import UnitOfWork

KEY = "campaign_key:"
OWN = "campaign_holder"
TRUSTED = "campaign_holders_trusted"


@dataclass(frozen=True, slots=True)
class OwnKey:
    """This desk's own key as a holder; the secret half never leaves the desk."""

    holder_id: str
    secret: str
    public: str


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A desk of the commission. ``digits`` is what is compared by telephone; ``has_key``: it can open this campaign."""

    holder: KeyHolder
    digits: str
    is_here: bool
    has_key: bool
    is_trusted: bool


class CampaignKeyService:
    """Telling this desk's key, and handing a campaign's key to others."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context

    def tell(self) -> Changes:
        """Let the other desks know that this one can hold keys; does nothing where it did before."""
        with self._context.store.unit_of_work(self._context.person.id, "campaign.holder") as work:
            told(work, self._context)
        return work.changes

    def holders(self, campaign_id: str) -> list[HolderRow]:
        """Every desk of the commission that has told its key, this one first."""
        with self._context.store.reading() as connection:
            campaign: Campaign = records.get(connection, Kind.CAMPAIGN, campaign_id)
            known: list[KeyHolder] = records.where(connection, Kind.KEY_HOLDER)
            own = session_data.get(connection, OWN, OwnKey)
            trusted = session_data.get(connection, TRUSTED, dict[str, str]) or {}
            has_own = secret_of(connection, campaign) is not None
        given = {each.holder_id for each in campaign.shares}
        here = own.holder_id if own is not None else ""
        rows = [
            HolderRow(
                holder=each,
                digits=digits(each.public_key),
                is_here=each.id == here,
                has_key=has_own if each.id == here else each.id in given,
                is_trusted=trusted.get(each.id) == each.public_key,
            )
            for each in known
        ]
        return sorted(rows, key=lambda row: (not row.is_here, row.holder.name, row.holder.id))

    def hand_over(self, campaign_id: str, holder_id: str, typed_digits: str) -> Changes:
        """Give the key to another desk whose digits were read out and typed here.

        Raises BadInput where they differ, NotFound where this desk has no key itself. The holder is trusted from then
        on: the next campaign that is prepared here is sealed to it at once.
        """
        with self._context.store.unit_of_work(self._context.person.id, "campaign.hand_over") as work:
            campaign: Campaign | None = work.get(Kind.CAMPAIGN, campaign_id)
            holder: KeyHolder | None = work.get(Kind.KEY_HOLDER, holder_id)
            if campaign is None or holder is None:
                raise NotFound(kind=Kind.KEY_HOLDER.value, id=holder_id)
            secret = secret_of(work.connection, campaign)
            if secret is None:
                raise NotFound("campaigns.key.elsewhere")
            if _plain(typed_digits) != _plain(digits(holder.public_key)):
                raise BadInput("campaigns.key.digits")
            trusted = session_data.get(work.connection, TRUSTED, dict[str, str]) or {}
            session_data.put(work.connection, TRUSTED, trusted | {holder.id: holder.public_key})
            if any(each.holder_id == holder.id for each in campaign.shares):
                return work.changes
            if campaign.state is CampaignState.CLOSED:
                raise BadInput("campaigns.key.closed")
            share = _share(holder, campaign_id, secret, self._context)
            after = replace(campaign, shares=(*campaign.shares, share))
            scope = campaign_scope(self._context.person.court_id)
            self._context.authorise(work, Kind.CAMPAIGN, scope, campaign, after)
            work.put(Kind.CAMPAIGN, scope, after)
        return work.changes


def digits(public_key: str) -> str:
    """Six groups of four digits by which two people tell that both screens show the same key."""
    from judge_desk.security import sealed_forms  # HPKE only where keys are looked at

    return sealed_forms.digits(public_key)


def keep(connection: Connection, campaign_id: str, secret: str) -> None:
    """Keep a campaign's secret half in the encrypted store of this desk."""
    session_data.put(connection, KEY + campaign_id, secret)


def secret_of(connection: Connection, campaign: Campaign) -> str | None:
    """The secret half of a campaign's key: made here, or handed to this desk; None where neither."""
    made_here = session_data.get(connection, KEY + campaign.id, str)
    if made_here is not None:
        return made_here
    own = session_data.get(connection, OWN, OwnKey)
    share = next((each for each in campaign.shares if own is not None and each.holder_id == own.holder_id), None)
    if own is None or share is None:
        return None
    from judge_desk.security import sealed_forms  # HPKE only where a share is opened

    with suppress(BadInput):
        return sealed_forms.open_secret(share.sealed, campaign.id, own.secret, campaign.seal_key)
    return None


def told(work: UnitOfWork, context: DeskContext) -> OwnKey:
    """This desk's own key, made and told to the commission at the first time."""
    own = session_data.get(work.connection, OWN, OwnKey)
    if own is not None:
        return own
    from judge_desk.security import sealed_forms  # HPKE only where a key is made

    secret, public = sealed_forms.new_key()
    own = OwnKey(new_id(), secret, public)
    person = context.person
    holder = KeyHolder(
        id=own.holder_id, person_id=person.id, name=person.name, public_key=public, told_at=context.clock.now()
    )
    scope = campaign_scope(person.court_id)
    context.authorise(work, Kind.KEY_HOLDER, scope, None, holder)
    work.put(Kind.KEY_HOLDER, scope, holder)
    session_data.put(work.connection, OWN, own)
    trusted = session_data.get(work.connection, TRUSTED, dict[str, str]) or {}
    session_data.put(work.connection, TRUSTED, trusted | {own.holder_id: public})
    return own


def shares_for_trusted(work: UnitOfWork, context: DeskContext, campaign_id: str, secret: str) -> tuple[KeyShare, ...]:
    """The new key sealed to this desk and to every desk whose digits were compared before and have not changed."""
    told(work, context)
    trusted = session_data.get(work.connection, TRUSTED, dict[str, str]) or {}
    known: list[KeyHolder] = records.where(work.connection, Kind.KEY_HOLDER)
    same = sorted((each for each in known if trusted.get(each.id) == each.public_key), key=lambda each: each.id)
    return tuple(_share(each, campaign_id, secret, context) for each in same)


def _share(holder: KeyHolder, campaign_id: str, secret: str, context: DeskContext) -> KeyShare:
    from judge_desk.security import sealed_forms  # HPKE only where a share is made

    return KeyShare(
        holder_id=holder.id,
        sealed=sealed_forms.seal_secret(secret, campaign_id, holder.public_key),
        given_by=context.person.name,
        given_at=context.clock.now(),
    )


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isalnum()).casefold()

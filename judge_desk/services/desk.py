"""The desk as one value: every use case of an unlocked profile, handed to the window and to the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from judge_desk.domain.people import Court, Person
from judge_desk.services.cases import CaseService
from judge_desk.services.context import DeskContext
from judge_desk.services.courier import CourierService
from judge_desk.services.court_forms import CourtFormService
from judge_desk.services.documents import DocumentService
from judge_desk.services.dossier import DossierService
from judge_desk.services.draft_facts import DraftFactService
from judge_desk.services.drafts import DraftService
from judge_desk.services.finalising import FinalisingService
from judge_desk.services.hearings import HearingService
from judge_desk.services.hub_side import HubSide
from judge_desk.services.linting import LintService
from judge_desk.services.manifest import ManifestService
from judge_desk.services.norms import NormService
from judge_desk.services.notes import NoteService
from judge_desk.services.outages import OutageService
from judge_desk.services.outputs import OutputService
from judge_desk.services.peer_review import PeerReview
from judge_desk.services.remarks import RemarkService
from judge_desk.services.review_reminders import ReminderService
from judge_desk.services.reviews import ReviewService
from judge_desk.services.search import SearchService
from judge_desk.services.series import SeriesService
from judge_desk.services.signing import SigningService
from judge_desk.services.spelling import SpellingService
from judge_desk.services.sync import SyncService
from judge_desk.services.terms import TermService
from judge_desk.services.today import TodayService
from judge_desk.services.twins import TwinService
from judge_desk.store.file_order import FilePlan
from judge_desk.sync.loop import SyncLoop

Loop = SyncLoop | None
Side = HubSide | None
Plan = Callable[[], FilePlan] | None


@dataclass(frozen=True, slots=True)
class Desk(PeerReview):
    """Lives from unlock to lock; made by ``Desk.over``."""

    context: DeskContext
    cases: CaseService
    documents: DocumentService
    hearings: HearingService
    terms: TermService
    notes: NoteService
    search: SearchService
    today: TodayService
    drafts: DraftService
    draft_facts: DraftFactService
    remarks: RemarkService
    spelling: SpellingService
    linting: LintService
    twins: TwinService
    series: SeriesService
    court_forms: CourtFormService
    finalising: FinalisingService
    signing: SigningService
    outputs: OutputService
    dossier: DossierService
    reviews: ReviewService
    review_reminders: ReminderService
    sync: SyncService
    courier: CourierService
    outages: OutageService
    manifest: ManifestService
    norms: NormService = field(default_factory=NormService)

    @property
    def person(self) -> Person:
        """Who sits here."""
        return self.context.person

    @property
    def court(self) -> Court:
        return self.context.court

    @classmethod
    def over(cls, context: DeskContext, loop: Loop = None, side: Side = None, plan: Plan = None) -> Desk:
        """All services over one open store; ``loop`` None: nothing syncs by itself; ``side`` None: no hub at all;
        ``plan`` None: nothing bounds which files come."""
        linting = LintService(context, drafts := DraftService(context))
        return cls(
            context=context,
            cases=CaseService(context),
            documents=DocumentService(context),
            hearings=HearingService(context),
            terms=TermService(context),
            notes=NoteService(context),
            search=SearchService(context),
            today=TodayService(context),
            drafts=drafts,
            draft_facts=DraftFactService(context),
            remarks=RemarkService(context, drafts),
            spelling=SpellingService(context),
            linting=linting,
            twins=TwinService(context, drafts),
            series=SeriesService(context, drafts, linting),
            court_forms=CourtFormService(context),
            finalising=FinalisingService(context),
            signing=SigningService(context),
            outputs=OutputService(context),
            dossier=DossierService(context),
            reviews=ReviewService(context),
            review_reminders=ReminderService(context),
            sync=SyncService(context, loop, plan),
            courier=CourierService(context, side),
            outages=OutageService(context, loop, side),
            manifest=ManifestService(context, side),
        )

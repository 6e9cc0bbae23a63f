"""Keys that are put together from a part that varies: the pattern as the code writes it, and every value of the part.

Add a line when you write `t(f"area.thing.{value}")`; a pattern with two holes gets one tuple per combination.
"""

from collections.abc import Iterable

from judge_desk.desktop import pages
from judge_desk.desktop.editor import toolbar
from judge_desk.desktop.pages.sync import in_words
from judge_desk.desktop.shell import command_palette
from judge_desk.domain import (
    act_forms,
    acts,
    campaigns,
    cases,
    chains,
    contest_log,
    contests,
    declarations,
    dossier,
    drafts,
    norms,
    review_appeals,
    review_periods,
    rules,
    terms,
    twins,
)
from judge_desk.drafting import docx_changes, papers, public_copy
from judge_desk.hub.verify import html
from judge_desk.protocol.codes import Code
from judge_desk.runtime import settings
from judge_desk.services import contests as contest_service
from judge_desk.services import dossier_extract, files_under_way, manifest, outage_paper, signing_keys
from judge_desk.services import norms as norm_service

CHECKS = (
    *"clock contests database disk dossiers enrolled files hub journal keyring lease".split(),
    *"manifest queue room signature texts unlock zone".split(),
)

REVIEW_SCORES = range(1, 6)
REVIEW_ACTIONS = "quote after before act.search act.after act.before submit decline print".split()
LINT_RULES = [
    *("part.missing part.empty part.foreign part.order part.misplaced term.other blank".split()),
    *("sum.words sum.total sum.table sum.reasons sum.claim claim.unanswered party.missing party.number".split()),
    *("name.spelling identity.length identity.check_digit case_number.form case_number.other".split()),
    *("norm.unknown norm.repealed norm.early norm.foreign date.impossible date.after_signing".split()),
    *("date.before_case date.after_act twin.authority series.same_reasons missing".split()),
    *(f"twin.{fault}" for fault in twins.TwinFault),
]
SYNCED_KINDS = (
    "case document hearing term note draft court_form dossier_entry dossier_reply review campaign campaign_act"
    " vacancy contest_application recusal score_sheet contest_decision"
).split()

PATTERNS: dict[str, Iterable[str | tuple[str, ...]]] = {
    "common.setting.{}": [setting.key for setting in settings.DECLARED],
    "errors.hub_version.{}": [Code.OLD_PROTOCOL, Code.NEW_PROTOCOL],
    "shell.page.{}": [page.id for page in pages.MAIN],
    "shell.status.{}": ["sending", "receiving", "fetching"],
    "shell.status.{}_begins": ["sending", "receiving", "fetching"],
    "doctor.{}.{}": [(check, verdict) for check in CHECKS for verdict in ("ok", "bad")],
    "doctor.{}.cure": CHECKS,
    "palette.kind.{}": [*command_palette.ICONS, "other"],
    "law.trigger.{}": list(rules.Trigger),
    "law.length.{}": list(rules.LengthUnit),
    "law.bound.{}": list(rules.Bound),
    "law.certainty.{}": list(norms.Certainty),
    "law.step.{}": [terms.StepKind.SKIPPED, terms.StepKind.SHIFTED],
    "law.pack.{}": [
        *("bad_item bad_value ends_before_start format missing_field missing_name not_a_choice overlap".split()),
        *("syntax unknown_field unknown_kind".split()),
    ],
    "drafting.bad.code.{}": ["syntax", "forbidden", "unknown", "too_long"],
    "lint.severity.{}": list(act_forms.Severity),
    "lint.count.{}": list(act_forms.Severity),
    "lint.{}": LINT_RULES,
    "twin.fault.{}": list(twins.TwinFault),
    "twin.create.{}": list(cases.Language),
    "drafts.group.{}": list(drafts.DraftState),
    "editor.norm.state.{}": list(norm_service.NormState),
    "remarks.state.{}": ["accepted", "rejected", "closed"],
    "drafts.language.{}": list(cases.Language),
    "drafts.secrecy.{}": list(drafts.Secrecy),
    "drafts.moved.{}": list(drafts.Secrecy),
    "drafts.history.reason.{}": list(drafts.VersionReason),
    "drafts.differences.{}": ["moved", "looks"],
    "editor.{}": list(acts.Mark),
    "editor.kind.{}": list(toolbar.KINDS),
    "editor.table.{}": list(toolbar.TABLE_CHANGES),
    "editor.here.{}": [*toolbar.HERE, "other"],
    "outages.column.{}": outage_paper.COLUMNS,
    "outages.reason.{}": outage_paper.REASONS,
    "refused.{}": list(Code),
    "verify.{}": html.PIECES,
    "verify.answer.{}": [each for each in html.Answer if each is not html.Answer.NOTHING],
    "verify.answer.{}.next": [each for each in html.Answer if each is not html.Answer.NOTHING],
    "outputs.hidden.{}": list(public_copy.HiddenKind),
    "outputs.left_out.{}": list(docx_changes.LeftOutKind),
    "outputs.paper.{}": [paper.name.lower() for paper in papers.Paper],
    "common.setting.sign_means.{}": list(signing_keys.MeansKind),
    "signing.level.{}": ["b_b", "b_t", "b_lt", "b_lta"],
    "ratings.remark.extreme.{}.{}": [(who, end) for who in ("rater", "criterion") for end in ("high", "low")],
    "campaigns.next.{}": "read launch wait open key fairness publish told closed".split(),
    "campaigns.report.agreement.{}": "good enough open poor unknown".split(),
    "campaigns.rule.{}": list(campaigns.DrawingRule),
    "campaigns.state.{}": list(campaigns.CampaignState),
    "campaigns.group.{}": list(campaigns.GROUPINGS),
    "campaigns.verdict.{}": ["few", "disagree", "same", "below", "meets", "open"],
    "campaigns.replay.{}.{}": [(what, how) for what in ("nonce", "input", "pairs") for how in ("same", "other")],
    "campaigns.replay.{}": ["missing", "added", "same", "other"],
    "campaigns.replay.shown.{}": ["same", "other"],
    "campaigns.appeal.panel.{}": ["first", "second"],
    "campaigns.action.{}": "trial stop launch open fairness forms publish results report keys close".split(),
    "campaigns.appeal.do.{}": "grant refuse open tell both first second".split(),
    "campaigns.appeal.ask.{}": "grant refuse first second".split(),
    "campaigns.appeal.state.{}": ["waits", *review_appeals.AppealState],
    "campaigns.appeal.stands.{}": list(review_appeals.Standing),
    "campaigns.due.reason.{}": list(review_periods.DueReason),
    "dossier.declare.{}.title": list(declarations.DeclarationKind),
    "dossier.declare.{}.short": list(declarations.DeclarationKind),
    "dossier.declare.{}.hint": list(declarations.DeclarationKind),
    "contests.phase.{}": [each for each in contest_service.Phase if each.value in ("open", "waiting", "deciding")],
    "contests.standing.{}": list(contests.Standing),
    "contests.recusal.{}": list(contests.RecusalReason),
    "contests.event.{}": list(contest_log.LogEvent),
    "contests.fault.{}": [*chains.ChainFault, *contest_log.LogFault],
    "contests.action.{}": "apply withdraw end save_log choose not_choose recuse".split(),
    "contests.ask.{}": "end choose not_choose".split(),
    "dossier.figure.{}": dossier_extract.FIGURES,
    "dossier.language.{}": list(cases.Language),
    "dossier.reply.placeholder.{}": list(dossier.ReplyKind),
    "reviews.evidence.{}": ["foreign", "hint", "needed"],
    "reviews.gap.{}": ["score", "comment", "evidence", "foreign"],
    "reviews.score.{}": [str(score) for score in REVIEW_SCORES],
    "reviews.{}": REVIEW_ACTIONS,
    "sync.field.{}": in_words.FIELDS,
    "sync.kind.{}": SYNCED_KINDS,
    "manifest.difference.{}": list(manifest.Change),
    "sync.files.held.{}": list(files_under_way.Held),
    "sync.files.why.{}": list(files_under_way.Why),
    "sync.files.why.{}.due": [files_under_way.Why.HEARING, files_under_way.Why.TERM],
    "sync.conflict.deleted_{}": ["here", "there"],
    "sync.step.{}": ["sending", "receiving", "fetching"],
    "common.setting.{}.{}": [
        (setting.key, choice) for setting in settings.DECLARED for choice in setting.choices if isinstance(choice, str)
    ],
}

# Strings that look like keys and are none.
NOT_KEYS = {
    *("drafts.rows", "drafts.compare", "drafts.documents", "drafts.new.enter"),  # jobs of desktop/pages/drafts
    "shell.identity",  # names of jobs in desktop/shell/main_window.py
    "shell.counters",
    # jobs of desktop/pages/campaigns
    *("campaigns.ask", "campaigns.trial", "campaigns.forms.again"),
    "series.same_reasons",  # a rule of the linter; its text is lint.series.same_reasons
    "sync.conflict.deleted_",  # the beginning of the two above
    "documents.{}",  # a file of resources/demo
}

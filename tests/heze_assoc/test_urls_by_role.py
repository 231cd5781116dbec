"""Who gets which answer from which URL. A URL that stands in no table here fails the tests."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from assessments.models import Brand, Cycle, MeasuredValue, Objection, Result, ScoringTask
from assessments.operations.calculating import calculate
from assessments.operations.cycles import announce, open_cycle
from assessments.operations.measuring import measure
from organizations.models import (
    Association,
    Department,
    DistinctName,
    Division,
    Document,
    Establishment,
    FormerName,
    Instructor,
    LeadershipTerm,
    Merger,
    NotDuplicate,
    PartyOrganization,
    Proposal,
    ProposalRow,
    Report,
    Suggestion,
    TrainingAttendance,
    UnresolvedAssignment,
    WeakListing,
)
from registers.export_writing import scope_of
from registers.models import Export, ImportBatch, LearnedAlias
from tests.factories.accounts import GrantFactory, StaffFactory, UserFactory
from tests.factories.assessments import (
    BrandFactory,
    CycleFactory,
    IndicatorFactory,
    ObjectionFactory,
    ParticipantFactory,
    ScoringTaskFactory,
)
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CommitteeFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    DistinctNameFactory,
    DocumentFactory,
    EstablishmentFactory,
    FormerNameFactory,
    InstructorFactory,
    JointBranchFactory,
    LeadershipTermFactory,
    MergerFactory,
    NotDuplicateFactory,
    SuggestionFactory,
    TrainingAttendanceFactory,
    UnresolvedAssignmentFactory,
    WeakListingFactory,
    WorkEntryFactory,
)
from tests.factories.proposals import ProposalRowFactory
from tests.factories.registers import LearnedAliasFactory
from tests.factories.reports import ReportFactory
from tests.registers.workbook_builder import NAME, roster, staged

pytestmark = pytest.mark.django_db

PUBLIC, LOGGED_IN = "everybody", "everybody who is logged in"
LOG_IN, FOUND, OK, FORBIDDEN, MISSING, WRONG_METHOD = "log in", 302, 200, 403, 404, 405
INCOMPLETE = 422  # a form sent with nothing in it
NOBODY, ANONYMOUS = "nobody", "anonymous"
PEOPLE = [*Role.values, NOBODY, ANONYMOUS]
SECRET = "密电"  # stands in every text of what lies outside the scope
CITYWIDE = (Role.ADMINISTRATOR, Role.LEADER, Role.REVIEWER, Role.FINANCE, Role.INSPECTOR)
SCOPED = (Role.DEPARTMENT_STAFF, Role.COUNTY_STAFF, Role.INSTRUCTOR)


@dataclass(frozen=True)
class Page:
    """What a URL answers.

    gate: PUBLIC, LOGGED_IN or the ability that it wants
    own, foreign: names of World's objects that fill the URL, within and outside the scope
    form: whether the page also takes what was filled in
    answer: for those who are let in; outside: for those who are not in scope
    """

    gate: str
    own: Callable[["World"], tuple[Any, ...]] | None = None
    foreign: Callable[["World"], tuple[Any, ...]] | None = None
    method: str = "get"
    answer: int = OK
    form: bool = False


def batch_page(
    method: str = "get",
    answer: int = OK,
    *,
    form: bool = False,
    gate: Permission = Permission.IMPORT_REGISTER,
) -> Page:
    return Page(
        gate,
        lambda world: (world.batch.pk,),
        lambda world: (world.foreign_batch.pk,),
        method,
        answer,
        form,
    )


def export_page(method: str = "get", answer: int = OK) -> Page:
    return Page(
        Permission.EXPORT_REGISTER,
        lambda world: (world.export.pk,),
        lambda world: (world.foreign_export.pk,),
        method,
        answer,
    )


def proposal_page(method: str = "get", answer: int = OK) -> Page:
    return Page(
        Permission.EDIT_INSTRUCTOR,
        lambda world: (world.proposal_row.proposal_id,),
        lambda world: (world.foreign_proposal_row.proposal_id,),
        method,
        answer,
    )


def word_page(method: str = "get", answer: int = OK, *, form: bool = False) -> Page:
    own = lambda world: (world.word.pk,)  # noqa: E731
    return Page(Permission.IMPORT_REGISTER, own, None, method, answer, form)


def report_page(*line: str, gate: str = Permission.VIEW_REGISTRY, form: bool = False) -> Page:
    return Page(
        gate,
        lambda world: (world.report.pk, *line),
        lambda world: (world.foreign_report.pk, *line),
        form=form,
    )


def establishment_page(gate: str, **options: Any) -> Page:
    return Page(
        gate,
        lambda world: (world.establishment.pk,),
        lambda world: (world.foreign_establishment.pk,),
        **options,
    )


def of_register(world: "World") -> tuple[str]:
    return ("associations",)


def of_association(*rest: str) -> dict[str, Any]:
    """Arguments of a page below an association."""
    return {
        "own": lambda world: (world.association.pk, *rest),
        "foreign": lambda world: (world.foreign.pk, *rest),
    }


def of_row(kind: str) -> dict[str, Any]:
    """Arguments of a page of a row that belongs to an association."""
    return {
        "own": lambda world: (world.association.pk, kind, world.term.pk),
        "foreign": lambda world: (world.foreign.pk, kind, world.foreign_term.pk),
    }


def of_pair() -> dict[str, Any]:
    """Arguments of a page of two associations; of the foreign pair one is within the scope."""
    return {
        "own": lambda world: (world.association.pk, world.double.pk),
        "foreign": lambda world: (world.association.pk, world.foreign.pk),
    }


def settled_page(name: str) -> Page:
    """A page of what was settled about associations."""
    return Page(
        MERGE,
        lambda world: (getattr(world, name).pk,),
        lambda world: (getattr(world, f"foreign_{name}").pk,),
        "post",
        FOUND,
    )


VIEW = Permission.VIEW_REGISTRY
MERGE = Permission.MERGE_ASSOCIATIONS
DOUBLES = Permission.VIEW_DUPLICATE
EDIT = Permission.EDIT_ASSOCIATION
EDIT_INSTRUCTOR = Permission.EDIT_INSTRUCTOR


LIST_WEAK = Permission.LIST_WEAK_ORGANIZATION


def party_page(gate: str, *rest: str, form: bool = False) -> Page:
    return Page(
        gate,
        lambda world: (world.association.party_organizations.get().pk, *rest),
        lambda world: (world.foreign.party_organizations.get().pk, *rest),
        form=form,
    )


def weak_page(gate: str, *rest: str, **options: Any) -> Page:
    return Page(
        gate,
        lambda world: (world.weak.pk, *rest),
        lambda world: (world.foreign_weak.pk, *rest),
        **options,
    )


def instructor_page(gate: str, *, form: bool = False) -> Page:
    return Page(
        gate,
        lambda world: (world.instructor.pk,),
        lambda world: (world.foreign_instructor.pk,),
        form=form,
    )


def assignment_page() -> Page:
    return Page(
        EDIT_INSTRUCTOR,
        lambda world: (world.instructor.assignments.get().pk,),
        lambda world: (world.foreign_instructor.assignments.get().pk,),
        form=True,
    )


def work_page(method: str = "get", answer: int = OK, *, form: bool = False) -> Page:
    return Page(
        Permission.LOG_WORK,
        lambda world: (world.instructor.work.get().pk,),
        lambda world: (world.foreign_instructor.work.get().pk,),
        method,
        answer,
        form,
    )


def session_page(gate: str, method: str = "get", **more: Any) -> Page:
    return Page(
        gate,
        lambda world: (world.attendance.session_id,),
        lambda world: (world.foreign_attendance.session_id,),
        method,
        **more,
    )


def attendance_page(
    gate: str, method: str = "get", answer: int = OK, *, form: bool = False
) -> Page:
    return Page(
        gate,
        lambda world: (world.attendance.pk,),
        lambda world: (world.foreign_attendance.pk,),
        method,
        answer,
        form,
    )


VIEW_ASSESSMENT, KEEP_ASSESSMENT = Permission.VIEW_ASSESSMENT, Permission.KEEP_ASSESSMENT
SCORE = Permission.SCORE_ASSESSMENT


def cycle_page(gate: str, *rest: str, **options: Any) -> Page:
    """A page of a cycle that has been announced."""
    return Page(
        gate,
        lambda world: (world.cycle.pk, *rest),
        lambda world: (world.foreign_cycle.pk, *rest),
        **options,
    )


def brand_page(gate: str, **options: Any) -> Page:
    """A page of a brand that was returned."""
    return Page(
        gate,
        lambda world: (world.brand.pk,),
        lambda world: (world.foreign_brand.pk,),
        **options,
    )


def preparing_page(of: str = "", *, form: bool = True, **options: Any) -> Page:
    """A page of a cycle in preparation, or of what belongs to it."""

    def own(world: "World") -> tuple[Any, ...]:
        more = (getattr(world.preparing, of).first().pk,) if of else ()
        return (world.preparing.pk, *more)

    return Page(KEEP_ASSESSMENT, own, form=form, **options)


def task_page(method: str = "get", answer: int = OK, *, form: bool = False) -> Page:
    return Page(SCORE, lambda world: (world.task.pk,), None, method, answer, form)


PAGES = {
    "assessments:cycle-list": Page(VIEW_ASSESSMENT),
    "assessments:cycle-add": Page(KEEP_ASSESSMENT, form=True),
    "assessments:cycle-detail": cycle_page(VIEW_ASSESSMENT),
    "assessments:cycle-step": cycle_page(KEEP_ASSESSMENT, "publish", method="post", answer=FOUND),
    "assessments:what-if": cycle_page(KEEP_ASSESSMENT, form=True),
    "assessments:showcase": Page(PUBLIC),
    "assessments:brand-public": Page(PUBLIC, lambda world: (world.named.pk,)),
    "assessments:brand-list": Page(VIEW_ASSESSMENT),
    "assessments:brand-add": Page(Permission.DECLARE_BRAND, form=True),
    "assessments:brand-detail": brand_page(VIEW_ASSESSMENT),
    "assessments:brand-edit": brand_page(Permission.DECLARE_BRAND, form=True),
    "assessments:brand-step": Page(
        Permission.REVIEW_BRAND,
        lambda world: (world.brand.pk, "screen"),
        lambda world: (world.foreign_brand.pk, "screen"),
        "post",
        FOUND,
    ),
    "assessments:ballot-sheet": Page(PUBLIC, form=True),
    "assessments:ballot-detail": cycle_page(KEEP_ASSESSMENT),
    "assessments:ballot-codes": cycle_page(KEEP_ASSESSMENT, method="post", answer=FOUND),
    "assessments:ballot-step": cycle_page(KEEP_ASSESSMENT, "close", method="post", answer=FOUND),
    "assessments:cycle-edit": preparing_page(),
    "assessments:indicator-add": preparing_page(),
    "assessments:indicator-edit": preparing_page("indicators"),
    "assessments:indicator-remove": preparing_page(
        "indicators", form=False, method="post", answer=FOUND
    ),
    "assessments:participant-add": preparing_page(),
    "assessments:participant-withdraw": Page(
        KEEP_ASSESSMENT, lambda world: (world.preparing.participants.get().pk,), form=True
    ),
    "assessments:evaluator-add": Page(
        KEEP_ASSESSMENT,
        lambda world: (world.preparing.indicators.first().pk,),
        method="post",
        answer=FOUND,
    ),
    "assessments:evaluator-release": Page(
        KEEP_ASSESSMENT, lambda world: (world.task.pk,), method="post", answer=FOUND
    ),
    "assessments:scoring-list": Page(SCORE),
    "assessments:scoring-detail": task_page(form=True),
    "assessments:scoring-submit": task_page("post", FOUND),
    "assessments:latest-results": Page(VIEW_ASSESSMENT, answer=FOUND),
    "assessments:result-list": cycle_page(VIEW_ASSESSMENT),
    "assessments:result-detail": Page(
        VIEW_ASSESSMENT,
        lambda world: (world.result_of(world.department).pk,),
        lambda world: (world.result_of(world.foreign_department).pk,),
        form=True,
    ),
    "assessments:objection-list": Page(VIEW_ASSESSMENT),
    "assessments:objection-raise": Page(
        Permission.OBJECT_TO_RESULT,
        lambda world: (world.result_of(world.department).participant_id,),
        lambda world: (world.result_of(world.foreign_department).participant_id,),
        "post",
        INCOMPLETE,
    ),
    "assessments:objection-reply": Page(
        KEEP_ASSESSMENT,
        lambda world: (world.objection.pk,),
        method="post",
        answer=INCOMPLETE,
    ),
    "assessments:measured-detail": Page(
        VIEW_ASSESSMENT,
        lambda world: (world.measured_of(world.department).pk,),
        lambda world: (world.measured_of(world.foreign_department).pk,),
    ),
    "home": Page(PUBLIC),
    "organizations:directory": Page(PUBLIC),
    "organizations:association-public": Page(PUBLIC, lambda world: (world.association.pk,)),
    "accounts:logout": Page(PUBLIC, method="post", answer=FOUND),
    "set_language": Page(PUBLIC, method="post", answer=FOUND),
    "desk": Page(LOGGED_IN),
    "accounts:password-change": Page(LOGGED_IN, form=True),
    "organizations:coverage": Page(VIEW),
    "organizations:association-list": Page(VIEW),
    "organizations:association-detail": Page(
        VIEW, lambda world: (world.association.pk,), lambda world: (world.foreign.pk,)
    ),
    "organizations:association-add": Page(EDIT, form=True),
    "organizations:association-edit": Page(EDIT, form=True, **of_association("basic")),
    "organizations:association-rows": Page(EDIT, **of_association("leadership")),
    "organizations:association-cell": Page(EDIT, form=True, **of_association("party_members")),
    "organizations:belonging-add": Page(EDIT, form=True, **of_association("leadership-terms")),
    "organizations:belonging-edit": Page(EDIT, form=True, **of_row("leadership-terms")),
    "organizations:belonging-remove": Page(
        EDIT, method="post", answer=FOUND, **of_row("leadership-terms")
    ),
    "organizations:document": Page(
        VIEW, lambda world: (world.document.pk,), lambda world: (world.foreign_document.pk,)
    ),
    "organizations:instructor-list": Page(VIEW),
    "organizations:instructor-detail": Page(
        VIEW, lambda world: (world.instructor.pk,), lambda world: (world.foreign_instructor.pk,)
    ),
    "organizations:unresolved": Page(Permission.EDIT_INSTRUCTOR),
    "organizations:unresolved-suggestions": Page(Permission.EDIT_INSTRUCTOR),
    "organizations:resolve": Page(
        Permission.EDIT_INSTRUCTOR,
        lambda world: (world.unresolved.pk,),
        lambda world: (world.foreign_unresolved.pk,),
        "post",
        FOUND,
    ),
    "organizations:proposal-list": Page(Permission.EDIT_INSTRUCTOR, form=True),
    "organizations:assignment-rules": Page(Permission.SET_ASSIGNMENT_RULES, form=True),
    "organizations:proposal-detail": proposal_page(),
    "organizations:proposal-row": Page(
        Permission.EDIT_INSTRUCTOR,
        lambda world: (world.proposal_row.pk,),
        lambda world: (world.foreign_proposal_row.pk,),
        form=True,
    ),
    "organizations:proposal-again": proposal_page("post", FOUND),
    "organizations:proposal-accept": proposal_page("post", FOUND),
    "organizations:proposal-discard": proposal_page("post", FOUND),
    "organizations:proposal-take-back": proposal_page("post", FOUND),
    "organizations:duplicates": Page(DOUBLES),
    "organizations:remembered": Page(DOUBLES),
    "organizations:mergers": Page(DOUBLES),
    "organizations:merge": Page(MERGE, form=True, **of_pair()),
    "organizations:tell-apart": Page(MERGE, method="post", answer=FOUND, **of_pair()),
    "organizations:forget-pair": settled_page("pair"),
    "organizations:forget-distinct": settled_page("distinct"),
    "organizations:forget-former": settled_page("former"),
    "organizations:undo-merger": settled_page("merger"),
    "organizations:statistics": Page(VIEW),
    "organizations:joint-organizations": Page(VIEW),
    "organizations:report-list": Page(VIEW),
    "organizations:report-freeze": Page(Permission.FREEZE_REPORT, form=True),
    "organizations:report-detail": report_page(),
    "organizations:report-correct": report_page(gate=Permission.FREEZE_REPORT, form=True),
    "organizations:report-rows": report_page("units"),
    "organizations:report-differences": report_page(),
    "organizations:report-changes": report_page("units"),
    "organizations:establishment-board": Page(VIEW),
    "organizations:establishment-list": Page(VIEW),
    "organizations:establishment-not-begun": Page(VIEW, form=True),
    "organizations:establishment-associations": Page(Permission.MOVE_ESTABLISHMENT),
    "organizations:superior-suggestions": Page(Permission.MOVE_ESTABLISHMENT),
    "organizations:establishment-detail": establishment_page(VIEW),
    "organizations:establishment-plan": establishment_page(
        Permission.MOVE_ESTABLISHMENT, form=True
    ),
    "organizations:establishment-act": establishment_page(
        Permission.MOVE_ESTABLISHMENT, method="post", answer=FOUND
    ),
    "organizations:establishment-move": Page(
        Permission.MOVE_ESTABLISHMENT,
        lambda world: (world.establishment.pk, "cultivating"),
        lambda world: (world.foreign_establishment.pk, "cultivating"),
        form=True,
    ),
    "organizations:joint-branch": Page(
        VIEW,
        lambda world: (world.joint_branch.pk,),
        lambda world: (world.foreign_joint_branch.pk,),
        form=True,
    ),
    "organizations:no-party-reason": Page(
        Permission.MOVE_ESTABLISHMENT,
        lambda world: (world.association.pk,),
        lambda world: (world.foreign.pk,),
        "post",
        FOUND,
    ),
    "organizations:partyorganization-list": Page(VIEW),
    "organizations:partyorganization-detail": party_page(VIEW),
    "organizations:partyorganization-edit": party_page(EDIT, "particulars", form=True),
    "organizations:weak-add": party_page(LIST_WEAK, form=True),
    "organizations:weak-list": Page(VIEW),
    "organizations:weak-detail": weak_page(VIEW),
    "organizations:weak-note": weak_page(EDIT, method="post", answer=INCOMPLETE),
    "organizations:weak-withdraw": weak_page(LIST_WEAK, "listed", method="post", answer=FOUND),
    "organizations:weak-step": weak_page(EDIT, "rectifying", method="post", answer=INCOMPLETE),
    "organizations:committee-list": Page(VIEW),
    "organizations:instructor-suggestions": Page(EDIT_INSTRUCTOR),
    "organizations:instructor-load": Page(VIEW),
    "organizations:instructor-add": Page(EDIT_INSTRUCTOR, form=True),
    "organizations:instructor-edit": instructor_page(EDIT_INSTRUCTOR, form=True),
    "organizations:instructor-assign": instructor_page(EDIT_INSTRUCTOR, form=True),
    "organizations:instructor-work": instructor_page(VIEW),
    "organizations:association-assign": Page(
        EDIT_INSTRUCTOR,
        lambda world: (world.association.pk,),
        lambda world: (world.foreign.pk,),
        form=True,
    ),
    "organizations:association-work": Page(
        VIEW, lambda world: (world.association.pk,), lambda world: (world.foreign.pk,)
    ),
    "organizations:assignment-end": assignment_page(),
    "organizations:assignment-replace": assignment_page(),
    "organizations:work-overdue": Page(VIEW),
    "organizations:work": Page(Permission.LOG_WORK),
    "organizations:work-log": Page(
        Permission.LOG_WORK,
        lambda world: (world.association.pk,),
        lambda world: (world.foreign.pk,),
        form=True,
    ),
    "organizations:work-edit": work_page(form=True),
    "organizations:work-remove": work_page("post", FOUND),
    "organizations:trainingsession-list": Page(VIEW),
    "organizations:trainingsession-add": Page(Permission.KEEP_TRAINING, form=True),
    "organizations:trainingsession-detail": session_page(VIEW),
    "organizations:trainingsession-edit": session_page(Permission.KEEP_TRAINING, form=True),
    "organizations:training-attend": session_page(
        Permission.KEEP_TRAINING, "post", answer=INCOMPLETE
    ),
    "organizations:trainingattendance-list": Page(VIEW),
    "organizations:trainingattendance-detail": attendance_page(VIEW),
    "organizations:trainingattendance-edit": attendance_page(Permission.KEEP_TRAINING, form=True),
    "organizations:training-associations": Page(Permission.KEEP_TRAINING),
    "organizations:training-strike": attendance_page(Permission.KEEP_TRAINING, "post", FOUND),
    "organizations:suggestions-public": Page(PUBLIC),
    "organizations:suggestion-new": Page(PUBLIC, form=True),
    "organizations:suggestion-status": Page(PUBLIC, form=True),
    "organizations:association-names": Page(PUBLIC),
    "organizations:suggestion-list": Page(Permission.VIEW_SUGGESTION),
    "organizations:suggestion-detail": Page(
        Permission.VIEW_SUGGESTION, lambda world: (world.suggestion.pk,)
    ),
    "organizations:suggestion-step": Page(
        Permission.ANSWER_SUGGESTION,
        lambda world: (world.suggestion.pk, "take"),
        method="post",
        answer=FOUND,
    ),
    "registers:batch-list": Page(Permission.VIEW_IMPORT),
    "registers:upload": Page(Permission.IMPORT_REGISTER, of_register, form=True),
    "registers:template": Page(Permission.IMPORT_REGISTER, of_register),
    "registers:dictionary": Page(Permission.VIEW_REGISTRY, of_register),
    "registers:batch-detail": batch_page(gate=Permission.VIEW_IMPORT),
    "registers:columns": batch_page(form=True),
    "registers:values": batch_page(form=True),
    "registers:headers": batch_page(form=True),
    "registers:marked": batch_page(),
    "registers:matches": batch_page(form=True),
    "registers:reconcile": batch_page(),
    "registers:reconcile-export": batch_page(),
    "registers:own-sheets": batch_page("post", FOUND),
    "registers:newer": batch_page("post", FOUND),
    "registers:check": batch_page("post", FOUND),
    "registers:commit": batch_page("post", FOUND),
    "registers:undo": batch_page("post", FOUND),
    "registers:restart": batch_page("post", FOUND),
    "registers:word-list": Page(Permission.IMPORT_REGISTER),
    "registers:word-detail": word_page(form=True),
    "registers:word-forget": word_page("post", FOUND),
    "registers:export-list": Page(Permission.EXPORT_REGISTER),
    "registers:export-detail": export_page(),
    "registers:export-download": export_page(),
    "registers:export-restart": export_page("post", FOUND),
}
# Tested by themselves: the log-in sends away who is logged in, the committee of a department is
# added by those alone who answer for it, the admin is walked as a whole.
ELSEWHERE = {"accounts:login", "organizations:committee-add"}
ADMIN = "admin"


@dataclass
class World:
    """Two counties and two departments with one of everything each; the second is foreign."""

    county: Division
    department: Department
    association: Association
    instructor: Instructor
    unresolved: UnresolvedAssignment
    term: LeadershipTerm
    document: Document
    double: Association
    pair: NotDuplicate
    distinct: DistinctName
    former: FormerName
    merger: Merger
    establishment: Establishment
    joint_branch: PartyOrganization
    attendance: TrainingAttendance
    weak: WeakListing
    foreign_county: Division
    foreign_department: Department
    foreign: Association | None = None
    foreign_instructor: Instructor | None = None
    foreign_unresolved: UnresolvedAssignment | None = None
    foreign_term: LeadershipTerm | None = None
    foreign_document: Document | None = None
    foreign_pair: NotDuplicate | None = None
    foreign_distinct: DistinctName | None = None
    foreign_former: FormerName | None = None
    foreign_merger: Merger | None = None
    foreign_establishment: Establishment | None = None
    foreign_joint_branch: PartyOrganization | None = None
    foreign_attendance: TrainingAttendance | None = None
    foreign_weak: WeakListing | None = None
    foreign_batch: ImportBatch | None = None
    foreign_export: Export | None = None
    foreign_proposal_row: ProposalRow | None = None

    @cached_property
    def batch(self) -> ImportBatch:
        """An import with an unknown word, waiting for a decision; read only where it is needed."""
        return staged(roster({NAME: "菏泽市新协会", "行业管理部门": "没有的局"}), by=UserFactory())

    @cached_property
    def suggestion(self) -> Suggestion:
        """Something that the public wrote."""
        return SuggestionFactory()

    @cached_property
    def word(self) -> LearnedAlias:
        """A writing that somebody has explained."""
        return LearnedAliasFactory(value=self.department.pk)

    @cached_property
    def proposal_row(self) -> ProposalRow:
        """A row of a proposal for an association of the own county and department."""
        waiting = AssociationFactory(
            division=self.county, industry_department=self.department, supervising_unit=None
        )
        return ProposalRowFactory(association=waiting, instructor=self.instructor)

    @cached_property
    def report(self) -> Report:
        """A frozen report of the own county, or of whose scope it is given to."""
        return ReportFactory(division=self.county)

    @cached_property
    def foreign_report(self) -> Report:
        return Report.objects.get(division=self.foreign_county)

    @cached_property
    def cycle(self) -> Cycle:
        """An announced cycle in which both departments were rated."""
        cycle = CycleFactory(year=2025)
        IndicatorFactory(cycle=cycle, kind="computed", measure="completeness")
        for department in (self.department, self.foreign_department):
            ParticipantFactory(cycle=cycle, department=department)
            AssociationFactory(
                industry_department=department, division=self.county, supervising_unit=None
            )
        office = StaffFactory()
        open_cycle(cycle=cycle, by=office)
        measure(cycle=cycle, by=office)
        calculate(cycle=cycle, by=office)
        announce(cycle=cycle, by=office)
        return cycle

    @cached_property
    def foreign_cycle(self) -> Cycle:
        """A cycle in which the own department takes no part."""
        cycle = IndicatorFactory(cycle__title=f"{SECRET}年度", cycle__year=2024).cycle
        ParticipantFactory(cycle=cycle, department=self.foreign_department)
        Cycle.objects.filter(pk=cycle.pk).update(stage="open")
        return cycle

    @cached_property
    def preparing(self) -> Cycle:
        """A cycle in preparation."""
        cycle = IndicatorFactory(cycle__year=2026).cycle
        ParticipantFactory(cycle=cycle)
        return cycle

    @cached_property
    def task(self) -> ScoringTask:
        """Something to score, whose evaluator is whom it is given to."""
        task = ScoringTaskFactory(indicator__cycle__year=2023)
        ParticipantFactory(cycle=task.indicator.cycle)
        Cycle.objects.filter(pk=task.indicator.cycle_id).update(stage="open")
        return task

    @cached_property
    def brand(self) -> Brand:
        """A brand of the own department that was returned."""
        return BrandFactory(department=self.department, stage="returned")

    @cached_property
    def named(self) -> Brand:
        return BrandFactory(department=self.department, named=True)

    @cached_property
    def foreign_brand(self) -> Brand:
        return BrandFactory(
            department=self.foreign_department, stage="returned", title=f"{SECRET}品牌"
        )

    @cached_property
    def objection(self) -> Objection:
        """What somebody objects to."""
        return ObjectionFactory(participant=self.cycle.participants.first())

    def result_of(self, department: Department) -> Result:
        return Result.objects.get(calculation__cycle=self.cycle, participant__department=department)

    def measured_of(self, department: Department) -> MeasuredValue:
        rows = MeasuredValue.objects.filter(measurement__cycle=self.cycle)
        return rows.get(participant__department=department)

    @cached_property
    def export(self) -> Export:
        """A long list that has been written."""
        return exported(UserFactory(), "")

    def person(self, role: str) -> User:
        """Somebody with that role, in the own scope where the role has one."""
        user = UserFactory()
        scope: dict[str, Any] = {}
        if role == Role.DEPARTMENT_STAFF:
            scope = {"department": self.department}
        elif role in SCOPED:
            scope = {"division": self.county}
        if role != NOBODY:
            GrantFactory(user=user, role=role, **scope)
        if role == Role.INSTRUCTOR:
            Instructor.objects.filter(pk=self.instructor.pk).update(user=user)
        return user

    def add_foreign(self) -> None:
        """What lies outside, every text of it with SECRET."""
        self.foreign = AssociationFactory(
            name=f"菏泽市{SECRET}协会",
            level=Association.Level.COUNTY,
            division=self.foreign_county,
            industry_department=self.foreign_department,
            legal_representative=f"{SECRET}人",
            party_members=5,
        )
        CoverageFactory(
            association=self.foreign,
            party_organization__name=f"{SECRET}支部",
            party_organization__secretary=f"{SECRET}书记",
        )
        self.foreign_weak = WeakListingFactory(
            party_organization=self.foreign.party_organizations.get(), reason_text=f"{SECRET}问题"
        )
        CommitteeFactory(name=f"{SECRET}委员会", host_department=self.foreign_department)
        self.foreign_term = LeadershipTermFactory(association=self.foreign, name=f"{SECRET}会长")
        self.foreign_pair = NotDuplicateFactory(
            low=self.association, high=self.foreign, reason=f"{SECRET}理由"
        )
        self.foreign_distinct = DistinctNameFactory(association=self.foreign, name=f"{SECRET}别会")
        self.foreign_former = FormerNameFactory(association=self.foreign, name=f"{SECRET}旧会")
        self.foreign_merger = MergerFactory(survivor=self.foreign, absorbed_name=f"{SECRET}并会")
        self.foreign_document = DocumentFactory(association=self.foreign, title=f"{SECRET}章程")
        self.foreign_instructor = InstructorFactory(
            name=f"{SECRET}员", unit=f"{SECRET}办", in_pool=True
        )
        AssignmentFactory(instructor=self.foreign_instructor, association=self.foreign)
        self.foreign_unresolved = UnresolvedAssignmentFactory(
            instructor=self.foreign_instructor, association_name=f"{SECRET}商会"
        )
        self._add_foreign_establishments()
        WorkEntryFactory(
            instructor=self.foreign_instructor, association=self.foreign, done=f"{SECRET}走访"
        )
        self.foreign_attendance = TrainingAttendanceFactory(
            name=f"{SECRET}学员",
            session__title=f"{SECRET}培训班",
            session__organiser=self.foreign_department,
            association=self.foreign,
            instructor=self.foreign_instructor,
        )
        self.foreign_batch = ImportBatch.objects.create(
            register_key="associations",
            file_name=f"{SECRET}名册.xlsx",
            created_by=UserFactory(full_name=f"{SECRET}员"),
            status=ImportBatch.Status.STAGED,
        )
        self.foreign_export = exported(UserFactory(), SECRET)
        self.foreign_proposal_row = ProposalRowFactory(
            association=self.foreign, instructor=self.foreign_instructor
        )
        ReportFactory(division=self.foreign_county, title=f"{SECRET}报表")
        assert self.foreign_cycle
        assert self.foreign_brand

    def _add_foreign_establishments(self) -> None:
        there = {
            "level": Association.Level.COUNTY,
            "division": self.foreign_county,
            "industry_department": self.foreign_department,
            "party_members": 5,
        }
        AssociationFactory(name=f"{SECRET}应建协会", **there)
        self.foreign_establishment = EstablishmentFactory(
            association=AssociationFactory(name=f"{SECRET}在建协会", **there)
        )
        self.foreign_joint_branch = CoverageFactory(
            association=AssociationFactory(name=f"{SECRET}联合协会", **there),
            party_organization=JointBranchFactory(name=f"{SECRET}联合支部"),
        ).party_organization


def exported(by: User, text: str) -> Export:
    """A written export with `text` in its name and in its file."""
    return Export.objects.create(
        register_key="associations",
        created_by=by,
        status=Export.Status.READY,
        file=ContentFile(roster({NAME: f"菏泽市{text}协会"}), "associations.xlsx"),
        file_name=f"{text}.xlsx",
    )


@pytest.fixture
def alone(settings, tmp_path) -> World:
    """The own half of the world."""
    settings.MEDIA_ROOT = tmp_path
    CityFactory()
    county, department = CountyFactory(name="曹县"), DepartmentFactory()
    association = AssociationFactory(
        level=Association.Level.COUNTY, division=county, industry_department=department
    )
    double = AssociationFactory(
        level=Association.Level.COUNTY, division=county, industry_department=department
    )
    CoverageFactory(association=association)
    instructor = InstructorFactory()
    AssignmentFactory(instructor=instructor, association=association)
    here = {"level": "county", "division": county, "industry_department": department}
    establishment = EstablishmentFactory(association=AssociationFactory(party_members=4, **here))
    joint_branch = CoverageFactory(
        association=AssociationFactory(**here), party_organization=JointBranchFactory()
    ).party_organization
    WorkEntryFactory(instructor=instructor, association=association)
    attendance = TrainingAttendanceFactory(
        session__organiser__division=county, association=association
    )
    return World(
        county=county,
        department=department,
        association=association,
        instructor=instructor,
        unresolved=UnresolvedAssignmentFactory(instructor=instructor),
        term=LeadershipTermFactory(association=association),
        document=DocumentFactory(association=association),
        double=double,
        pair=NotDuplicateFactory(low=association, high=double),
        distinct=DistinctNameFactory(association=association),
        former=FormerNameFactory(association=association),
        merger=MergerFactory(survivor=association),
        establishment=establishment,
        joint_branch=joint_branch,
        attendance=attendance,
        weak=WeakListingFactory(party_organization=association.party_organizations.get()),
        foreign_county=CountyFactory(name="单县"),
        foreign_department=DepartmentFactory(),
    )


@pytest.fixture
def world(alone) -> World:
    alone.add_foreign()
    return alone


def patterns(
    resolver: Any = None, route: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    """(name with namespaces, route) of every URL of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        below = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield ":".join((*names, pattern.name or "")), below
        else:
            yield from patterns(pattern, below, (*names, *filter(None, [pattern.namespace])))


def test_every_url_stands_in_the_table():
    names = {name for name, _route in patterns() if not name.startswith(f"{ADMIN}:")}
    assert names == PAGES.keys() | ELSEWHERE


def expected(page: Page, user: User | None) -> int | str:
    if page.gate == PUBLIC:
        return page.answer
    if user is None:
        return LOG_IN
    return page.answer if page.gate == LOGGED_IN or user.has_perm(page.gate) else FORBIDDEN


def answer(client: Client, path: str, method: str = "get") -> int | str:
    """The status, or LOG_IN. What the request wrote is taken back."""
    with transaction.atomic():
        response = getattr(client, method)(path)
        transaction.set_rollback(True)
    response.getvalue()  # read to its end, which closes a file
    sent_away = response.status_code == FOUND and "/login/" in response.url
    return LOG_IN if sent_away else response.status_code


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def everybody(world: World) -> dict[str, User | None]:
    return {who: None if who == ANONYMOUS else world.person(who) for who in PEOPLE}


def give_batch(world: World, name: str, user: User | None) -> None:
    """For the pages of imports and exports, make the person the one whose the own one is."""
    if name.startswith("registers:export"):
        owner = user or world.export.created_by
        world.export.created_by = owner
        world.export.scope = scope_of(world.export)
        world.export.save()
    elif name.startswith("organizations:report-"):
        world.report = report_for(user, world)
    elif name.startswith("assessments:scoring-") and user:
        ScoringTask.objects.filter(pk=world.task.pk).update(evaluator=user)
    elif name.startswith("assessments:"):
        assert world.brand
        assert world.named
        assert world.cycle  # made before the first page is read, which may tell of it
    elif name.startswith("registers:word-"):
        LearnedAlias.objects.filter(pk=world.word.pk).update(taught_by=user)
    elif name.startswith("organizations:proposal-") and PAGES[name].own:
        row = world.proposal_row
        Proposal.objects.filter(pk=row.proposal_id).update(
            created_by=user or row.proposal.created_by
        )
    elif name.startswith("registers:"):
        ImportBatch.objects.filter(pk=world.batch.pk).update(created_by=user)


def report_for(user: User | None, world: World) -> Report:
    """A report of the person's own scope, made once for each scope."""
    department = bool(user) and user.grants.filter(department=world.department).exists()
    scope = {"department": world.department} if department else {"division": world.county}
    return Report.objects.filter(**scope).first() or ReportFactory(**scope)


@pytest.mark.parametrize("name", PAGES)
def test_within_the_scope_the_ability_decides(world, name):
    page = PAGES[name]
    answers, wanted = {}, {}
    for who, user in everybody(world).items():
        give_batch(world, name, user)
        path = reverse(name, args=page.own(world) if page.own else ())
        answers[who] = answer(client_of(user), path, page.method)
        wanted[who] = expected(page, user)
    assert answers == wanted


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.foreign])
def test_outside_the_scope_nothing_exists(world, name):
    page = PAGES[name]
    path = reverse(name, args=page.foreign(world))
    for role in SCOPED:
        user = world.person(role)
        denied = {MISSING} if user.has_perm(page.gate) else {MISSING, FORBIDDEN}
        assert answer(client_of(user), path, page.method) in denied, role


@pytest.mark.parametrize("name", ["export-detail", "export-download"])
@pytest.mark.parametrize("role", CITYWIDE)
def test_other_peoples_exports_exist_for_nobody(world, role, name):
    path = reverse(f"registers:{name}", args=[world.foreign_export.pk])
    assert answer(client_of(world.person(role)), path) == MISSING


@pytest.mark.parametrize("role", [Role.LEADER, Role.REVIEWER])
def test_other_peoples_imports_are_out_of_scope_for_citywide_roles_too(world, role):
    path = reverse("registers:batch-detail", args=[world.foreign_batch.pk])
    assert answer(client_of(world.person(role)), path) == MISSING


def test_the_administrator_sees_everybodys_imports(world):
    path = reverse("registers:batch-detail", args=[world.foreign_batch.pk])
    assert answer(client_of(world.person(Role.ADMINISTRATOR)), path) == OK


AUDITED = (ImportBatch.Status.COMMITTED, ImportBatch.Status.UNDONE)


@pytest.mark.parametrize("status", ImportBatch.Status)
def test_inspection_reads_what_others_have_imported_and_changes_nothing(world, status):
    ImportBatch.objects.filter(pk=world.foreign_batch.pk).update(
        status=status, committed_at=timezone.now(), undone_at=timezone.now()
    )
    client = client_of(world.person(Role.INSPECTOR))
    page = reverse("registers:batch-detail", args=[world.foreign_batch.pk])
    listed = client.get(reverse("registers:batch-list")).content.decode()
    assert (page in listed) == (status in AUDITED)
    assert answer(client, page) == (OK if status in AUDITED else MISSING)
    undo = reverse("registers:undo", args=[world.foreign_batch.pk])
    assert undo not in client.get(page).content.decode()
    assert answer(client, undo, "post") == MISSING


def test_inspection_of_one_county_reads_no_imports_of_the_city(world):
    ImportBatch.objects.filter(pk=world.foreign_batch.pk).update(
        status="committed", committed_at=timezone.now()
    )
    inspector = StaffFactory(grant__role=Role.INSPECTOR, grant__division=world.county)
    page = reverse("registers:batch-detail", args=[world.foreign_batch.pk])
    assert answer(client_of(inspector), page) == MISSING


READING = [name for name, page in PAGES.items() if page.method == "get" and not page.form]


@pytest.mark.parametrize("name", READING)
def test_a_page_that_only_shows_something_cannot_be_written_to(alone, name):
    page = PAGES[name]
    path = reverse(name, args=page.own(alone) if page.own else ())
    client = client_of(alone.person(Role.ADMINISTRATOR))
    methods = ("post", "put", "patch", "delete")
    assert {method: answer(client, path, method) for method in methods} == dict.fromkeys(
        methods, WRONG_METHOD
    )


def admin_paths() -> list[str]:
    """Every URL of the admin, its parameters filled in somehow."""
    routes = [route for name, route in patterns() if name.startswith(f"{ADMIN}:")]
    filled = [re.sub(r"<[^>]+>", "1", route.split("^")[0].split("(?P")[0]) for route in routes]
    return sorted({f"/{path}" for path in [*filled, "admin/organizations/", "admin/nowhere/"]})


def test_the_admin_is_for_administrators_only(world):
    people = everybody(world)
    del people[Role.ADMINISTRATOR]
    for who, user in people.items():
        client = client_of(user)
        answers = {path: answer(client, path) for path in admin_paths()}
        assert set(answers.values()) == {FORBIDDEN if user else LOG_IN}, (who, answers)


LISTS = (
    "organizations:association-list",
    "organizations:partyorganization-list",
    "organizations:instructor-list",
    "organizations:establishment-list",
    "organizations:trainingattendance-list",
    "assessments:brand-list",
)
QUESTIONS = (
    "",
    "?as_of=2026-01-31",
    "?columns=all",
    "?status=&q=midian",
    "?in_pool=yes",
    "?sort=-name",
)


# Of CSRF, and the keys of forms that take effect once.
TOKENS = re.compile(
    r'(?:value="|CSRFToken": ")(?:[A-Za-z0-9]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'
)


def readable(world: World, user: User) -> dict[str, Any]:
    """Everything that the person can read without naming a foreign object, by URL."""
    give_batch(world, "organizations:proposal-detail", user)  # the list shows it before, too
    client, found = client_of(user), {}
    for name in PAGES:  # before the first page is read, which may tell of them
        give_batch(world, name, user)
    for name, page in PAGES.items():
        if page.gate == PUBLIC or page.method == "post" or expected(page, user) != OK:
            continue
        give_batch(world, name, user)
        path = reverse(name, args=page.own(world) if page.own else ())
        for question in QUESTIONS if not page.own else [""]:
            found[path + question] = content(client.get(path + question))
    for name in LISTS if user.has_perm(Permission.EXPORT_REGISTER) else ():
        path = f"{reverse(name)}?format=xlsx&columns=all"
        found[path] = content(client.get(path))
    return found


def content(response: Any) -> str:
    """What is said, without the tokens that differ from answer to answer."""
    body = response.getvalue()
    if response["Content-Type"].startswith("text/html"):
        return TOKENS.sub("", body.decode())
    if response["Content-Type"] == "application/octet-stream":
        return str(body)
    book = openpyxl.load_workbook(io.BytesIO(body))
    return "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("role", SCOPED)
def test_what_lies_outside_changes_no_page_count_or_export(alone, role):
    user = alone.person(role)
    before = readable(alone, user)
    alone.add_foreign()
    after = readable(alone, user)
    assert [path for path in before if before[path] != after[path]] == []
    assert [path for path in after if SECRET in after[path]] == []


@pytest.mark.parametrize("role", CITYWIDE)
def test_who_is_responsible_for_the_city_reads_all_of_it(world, role):
    found = readable(world, world.person(role))
    assert SECRET in found[reverse("organizations:association-list")]
    assert SECRET in found[reverse("organizations:instructor-list")]

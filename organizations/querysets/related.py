"""Rows of other models, for querysets that ask about them.

Models are declared with their querysets, so a queryset cannot import another's model; here alone
it is looked up by name.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import QuerySet

if TYPE_CHECKING:
    from organizations.querysets.associations import AssociationQuerySet
    from organizations.querysets.divisions import DivisionQuerySet
    from organizations.querysets.duplicates import FormerNameQuerySet
    from organizations.querysets.establishment import EstablishmentQuerySet, StageMoveQuerySet
    from organizations.querysets.grants import GrantQuerySet
    from organizations.querysets.instructors import AssignmentQuerySet, InstructorQuerySet
    from organizations.querysets.party import CoverageQuerySet, PartyOrganizationQuerySet
    from organizations.querysets.proposals import AssignmentRulesQuerySet
    from organizations.querysets.ratings import RatingQuerySet
    from organizations.querysets.training import TrainingAttendanceQuerySet
    from organizations.querysets.weak import WeakListingQuerySet
    from organizations.querysets.work import WorkEntryQuerySet


def assignment_rules() -> AssignmentRulesQuerySet:
    return _all("AssignmentRules")


def associations() -> AssociationQuerySet:
    return _all("Association")


def former_names() -> FormerNameQuerySet:
    return _all("FormerName")


def dormancies() -> QuerySet[Any]:
    return _all("Dormancy")


def inspections() -> QuerySet[Any]:
    return _all("Inspection")


def ratings() -> RatingQuerySet:
    return _all("Rating")


def leadership_terms() -> QuerySet[Any]:
    return _all("LeadershipTerm")


def divisions() -> DivisionQuerySet:
    return _all("Division")


def grants() -> GrantQuerySet:
    return _all("Grant")


def party_organizations() -> PartyOrganizationQuerySet:
    return _all("PartyOrganization")


def coverages() -> CoverageQuerySet:
    return _all("Coverage")


def counting_coverages(on: datetime.date) -> CoverageQuerySet:
    """Those that make an association count as covered on the day `on`."""
    return coverages().existing(on).counting()


def weak_listings() -> WeakListingQuerySet:
    return _all("WeakListing")


def rectification_notes() -> QuerySet[Any]:
    return _all("RectificationNote")


def establishments() -> EstablishmentQuerySet:
    return _all("Establishment")


def stage_moves() -> StageMoveQuerySet:
    return _all("StageMove")


def instructors() -> InstructorQuerySet:
    return _all("Instructor")


def assignments() -> AssignmentQuerySet:
    return _all("Assignment")


def work_entries() -> WorkEntryQuerySet:
    return _all("WorkEntry")


def training_attendances() -> TrainingAttendanceQuerySet:
    return _all("TrainingAttendance")


def _all(model: str) -> Any:
    """Unordered: what stands in a subquery needs no order."""
    return apps.get_model("organizations", model)._default_manager.order_by()

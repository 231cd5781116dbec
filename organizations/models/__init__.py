"""The registry: places, departments, associations, Party organisations, instructors, reports."""

from organizations.models.associations import Association
from organizations.models.departments import Department
from organizations.models.divisions import Division
from organizations.models.documents import Document
from organizations.models.duplicates import DistinctName, FormerName, Merger, NotDuplicate
from organizations.models.establishment import Establishment, Stage, StageMove
from organizations.models.grants import Grant
from organizations.models.inspections import Inspection
from organizations.models.instructors import (
    Assignment,
    Instructor,
    UnresolvedAssignment,
)
from organizations.models.leadership import LeadershipTerm
from organizations.models.listings import AbnormalListing, Dormancy
from organizations.models.party import Coverage, PartyOrganization
from organizations.models.proposals import AssignmentRules, Proposal, ProposalRow
from organizations.models.ratings import Rating
from organizations.models.reports import Report, ReportAssignment, ReportNumber, ReportRow
from organizations.models.suggestions import Allowance, Suggestion
from organizations.models.training import TrainingAttendance, TrainingSession
from organizations.models.weak import RectificationNote, WeakListing
from organizations.models.work import WorkEntry

__all__ = [
    "AbnormalListing",
    "Allowance",
    "Assignment",
    "AssignmentRules",
    "Association",
    "Coverage",
    "Department",
    "DistinctName",
    "Division",
    "Document",
    "Dormancy",
    "Establishment",
    "FormerName",
    "Grant",
    "Inspection",
    "Instructor",
    "LeadershipTerm",
    "Merger",
    "NotDuplicate",
    "PartyOrganization",
    "Proposal",
    "ProposalRow",
    "Rating",
    "RectificationNote",
    "Report",
    "ReportAssignment",
    "ReportNumber",
    "ReportRow",
    "Stage",
    "StageMove",
    "Suggestion",
    "TrainingAttendance",
    "TrainingSession",
    "UnresolvedAssignment",
    "WeakListing",
    "WorkEntry",
]

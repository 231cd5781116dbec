"""Roles and the abilities that each bundles (architecture.md, People and rights)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("System administrator")
    LEADER = "leader", _("Office leader")
    REVIEWER = "reviewer", _("Office reviewer")
    FINANCE = "finance", _("Finance")
    DEPARTMENT_STAFF = "department_staff", _("Department staff")
    COUNTY_STAFF = "county_staff", _("County staff")
    INSTRUCTOR = "instructor", _("Party-building instructor")
    EVALUATOR = "evaluator", _("Evaluator")
    INSPECTOR = "inspector", _("Inspector")


_READ = frozenset({Permission.VIEW_REGISTRY, Permission.EXPORT_REGISTER})
_KEEP = _READ | {
    Permission.EDIT_ASSOCIATION,
    Permission.MOVE_ESTABLISHMENT,
    Permission.IMPORT_REGISTER,
    Permission.VIEW_IMPORT,
    Permission.VIEW_PERSONAL_DATA,
}
_OFFICE = _KEEP | {
    Permission.LIST_WEAK_ORGANIZATION,
    Permission.EDIT_INSTRUCTOR,
    Permission.SET_ASSIGNMENT_RULES,
    Permission.KEEP_TRAINING,
    Permission.FREEZE_REPORT,
    Permission.VIEW_DUPLICATE,
    Permission.MERGE_ASSOCIATIONS,
    Permission.VIEW_SUGGESTION,
    Permission.ANSWER_SUGGESTION,
    Permission.VIEW_ASSESSMENT,
    Permission.KEEP_ASSESSMENT,
    Permission.SCORE_ASSESSMENT,
    Permission.DECLARE_BRAND,
    Permission.REVIEW_BRAND,
}

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _OFFICE | {Permission.ADMINISTER},
    Role.LEADER: _READ
    | {
        Permission.VIEW_PERSONAL_DATA,
        Permission.VIEW_SUGGESTION,
        Permission.VIEW_ASSESSMENT,
        Permission.SCORE_ASSESSMENT,
    },
    Role.REVIEWER: _OFFICE,
    Role.FINANCE: _READ,
    Role.DEPARTMENT_STAFF: _KEEP
    | {Permission.VIEW_ASSESSMENT, Permission.OBJECT_TO_RESULT, Permission.DECLARE_BRAND},
    Role.COUNTY_STAFF: _KEEP
    | {
        Permission.EDIT_INSTRUCTOR,
        Permission.KEEP_TRAINING,
        Permission.LIST_WEAK_ORGANIZATION,
        Permission.VIEW_DUPLICATE,
        Permission.MERGE_ASSOCIATIONS,
    },
    Role.INSTRUCTOR: frozenset({Permission.VIEW_REGISTRY, Permission.LOG_WORK}),
    Role.EVALUATOR: frozenset({Permission.SCORE_ASSESSMENT}),
    Role.INSPECTOR: _READ
    | {
        Permission.VIEW_ASSESSMENT,
        Permission.VIEW_PERSONAL_DATA,
        Permission.VIEW_SUGGESTION,
        Permission.VIEW_IMPORT,
        Permission.AUDIT_IMPORT,
        Permission.VIEW_DUPLICATE,
    },
}


def roles_with(permission: Permission) -> list[str]:
    """The roles that bundle `permission`."""
    return [role for role, abilities in PERMISSIONS.items() if permission in abilities]

"""Abilities, named once; roles bundle them (accounts/roles.py)."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a person may be able to do. Checked with `user.has_perm(Permission.X)`."""

    VIEW_REGISTRY = "view_registry"
    EDIT_ASSOCIATION = "edit_association"
    EDIT_INSTRUCTOR = "edit_instructor"
    MOVE_ESTABLISHMENT = "move_establishment"
    LIST_WEAK_ORGANIZATION = "list_weak_organization"
    LOG_WORK = "log_work"
    SET_ASSIGNMENT_RULES = "set_assignment_rules"
    KEEP_TRAINING = "keep_training"
    FREEZE_REPORT = "freeze_report"
    VIEW_DUPLICATE = "view_duplicate"
    MERGE_ASSOCIATIONS = "merge_associations"
    VIEW_SUGGESTION = "view_suggestion"
    ANSWER_SUGGESTION = "answer_suggestion"
    VIEW_ASSESSMENT = "view_assessment"
    KEEP_ASSESSMENT = "keep_assessment"
    SCORE_ASSESSMENT = "score_assessment"
    OBJECT_TO_RESULT = "object_to_result"
    DECLARE_BRAND = "declare_brand"
    REVIEW_BRAND = "review_brand"
    IMPORT_REGISTER = "import_register"
    VIEW_IMPORT = "view_import"
    AUDIT_IMPORT = "audit_import"
    EXPORT_REGISTER = "export_register"
    VIEW_PERSONAL_DATA = "view_personal_data"
    ADMINISTER = "administer"

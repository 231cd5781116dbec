from accounts.permissions import Permission
from accounts.roles import PERMISSIONS, Role, roles_with

LOOKS = {
    Permission.VIEW_REGISTRY,
    Permission.VIEW_SUGGESTION,
    Permission.VIEW_IMPORT,
    Permission.AUDIT_IMPORT,
    Permission.VIEW_DUPLICATE,
    Permission.VIEW_ASSESSMENT,
    Permission.EXPORT_REGISTER,
    Permission.VIEW_PERSONAL_DATA,
}
CHANGES = set(Permission) - LOOKS
OFFICE = {"edit_instructor", "set_assignment_rules", "keep_training", "freeze_report"}
OFFICE |= {"merge_associations", "view_suggestion", "answer_suggestion"}
OFFICE |= {"list_weak_organization", "view_duplicate"}
OFFICE |= {"view_assessment", "keep_assessment", "score_assessment"}
OFFICE |= {"declare_brand", "review_brand"}


READ = {"view_registry", "export_register"}
KEEP = {"edit_association", "move_establishment", "import_register", "view_import"} | READ
KEEP |= {"view_personal_data"}
BUNDLES = {
    "administrator": KEEP | OFFICE | {"administer"},
    "leader": READ
    | {"view_personal_data", "view_suggestion", "view_assessment", "score_assessment"},
    "reviewer": KEEP | OFFICE,
    "finance": READ,
    "department_staff": KEEP | {"view_assessment", "object_to_result", "declare_brand"},
    "county_staff": KEEP
    | {"edit_instructor", "keep_training", "list_weak_organization"}
    | {"view_duplicate", "merge_associations"},
    "instructor": {"view_registry", "log_work"},
    "evaluator": {"score_assessment"},
    "inspector": READ
    | {"view_assessment"}
    | {"view_personal_data", "view_suggestion", "view_import", "audit_import", "view_duplicate"},
}
# Finance never approves, approvers never pay, and who gives out roles does neither. In words, so
# that an ability is bound from the day on which an app names it.
APART = [
    {"approve_grant", "pay_grant"},
    {"administer", "approve_grant"},
    {"administer", "pay_grant"},
]


def meeting(bundles):
    """The roles in which abilities meet that must be apart."""
    return [role for role, held in bundles.items() if any(pair <= held for pair in APART)]


def test_every_role_has_exactly_these_abilities():
    assert PERMISSIONS == BUNDLES


def test_no_role_bundles_what_must_be_apart():
    assert meeting({"both": {"view_registry", *APART[0]}, "one": {"pay_grant"}}) == ["both"]
    assert meeting(PERMISSIONS) == []


def test_only_the_administrator_administers():
    assert roles_with(Permission.ADMINISTER) == [Role.ADMINISTRATOR]


def test_inspection_leadership_and_finance_change_nothing():
    for role in (Role.INSPECTOR, Role.LEADER, Role.FINANCE):
        assert not PERMISSIONS[role] & (CHANGES - {Permission.SCORE_ASSESSMENT})
    assert Permission.SCORE_ASSESSMENT not in PERMISSIONS[Role.INSPECTOR]


def test_finance_and_instructors_see_no_personal_data():
    without = set(Role) - set(roles_with(Permission.VIEW_PERSONAL_DATA))
    assert without == {Role.FINANCE, Role.INSTRUCTOR, Role.EVALUATOR}


def test_whoever_changes_something_may_also_see_it():
    """Scoring shows what is to be scored by itself."""
    for abilities in PERMISSIONS.values():
        assert (
            not abilities & (CHANGES - {Permission.SCORE_ASSESSMENT})
            or Permission.VIEW_REGISTRY in abilities
        )

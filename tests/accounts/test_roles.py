from accounts.permissions import Permission
from accounts.roles import PERMISSIONS, Role, roles_with

CHANGES = {
    Permission.EDIT_ASSOCIATION,
    Permission.EDIT_INSTRUCTOR,
    Permission.IMPORT_REGISTER,
    Permission.ADMINISTER,
}


BUNDLES = {
    "administrator": "administer edit_association edit_instructor export_register "
    "import_register view_personal_data view_registry",
    "leader": "export_register view_personal_data view_registry",
    "reviewer": "edit_association edit_instructor export_register import_register "
    "view_personal_data view_registry",
    "finance": "export_register view_registry",
    "department_staff": "edit_association export_register import_register view_personal_data "
    "view_registry",
    "county_staff": "edit_association edit_instructor export_register import_register "
    "view_personal_data view_registry",
    "instructor": "view_registry",
    "inspector": "export_register view_personal_data view_registry",
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
    held = {role: " ".join(sorted(abilities)) for role, abilities in PERMISSIONS.items()}
    assert held == BUNDLES


def test_no_role_bundles_what_must_be_apart():
    assert meeting({"both": {"view_registry", *APART[0]}, "one": {"pay_grant"}}) == ["both"]
    assert meeting(PERMISSIONS) == []


def test_only_the_administrator_administers():
    assert roles_with(Permission.ADMINISTER) == [Role.ADMINISTRATOR]


def test_inspection_leadership_and_finance_change_nothing():
    for role in (Role.INSPECTOR, Role.LEADER, Role.FINANCE):
        assert not PERMISSIONS[role] & CHANGES


def test_finance_and_instructors_see_no_personal_data():
    without = set(Role) - set(roles_with(Permission.VIEW_PERSONAL_DATA))
    assert without == {Role.FINANCE, Role.INSTRUCTOR}


def test_whoever_changes_something_may_also_see_it():
    for abilities in PERMISSIONS.values():
        assert not abilities & CHANGES or Permission.VIEW_REGISTRY in abilities

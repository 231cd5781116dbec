"""What several lists offer to choose from."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from organizations.models import Association, Department, Division
from organizations.querysets.associations import CITY as CITY_KEY
from organizations.scoping import is_citywide

KNOWN = "known"
UNKNOWN = "unknown"
CITY = "city"
NOT_RECORDED = (UNKNOWN, _("Not recorded"))
WORK = {"visit": _("Visit overdue"), "contact": _("Contact overdue")}
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def place_choices() -> list[tuple[str, Any]]:
    """The city level and the counties; a zone that only manages is found by zone_choices."""
    places = Division.objects.counties().values_list("code", "name")
    return [(CITY, _("City level")), *places]


def county_choices() -> list[tuple[str, Any]]:
    """What the coverage table counts by."""
    return [*place_choices(), NOT_RECORDED]


def zone_choices() -> list[tuple[str, Any]]:
    return list(Division.objects.zones().values_list("code", "name"))


def department_choices() -> list[tuple[str, Any]]:
    return list(Department.objects.values_list("code", "short_name"))


def department_choices_or_none() -> list[tuple[str, Any]]:
    """The departments, any of them, and none."""
    return [*department_choices(), (KNOWN, _("Recorded")), NOT_RECORDED]


def offer_own(form: Any, user: Any, permission: Permission) -> None:
    """Offer, of counties and departments, those of which the person has associations; what is
    chosen stays on offer. Whatever else an address names is understood as before."""
    if is_citywide(user, permission):
        return
    own: Any = Association.objects.for_user(user, permission).order_by()
    keys = set(own.with_county().values_list("county", flat=True).distinct())
    codes = set(Division.objects.filter(pk__in=keys - {None}).values_list("code", flat=True))
    departments = set(own.values_list("industry_department__code", flat=True).distinct())
    own_keys = {
        "county": codes | ({CITY} if CITY_KEY in keys else set()) | _unknown(keys),
        "department": departments | _unknown(departments) | {KNOWN},
    }
    for name in own_keys.keys() & form.fields.keys():
        kept = own_keys[name] | {"", form[name].value()}
        field = form.fields[name]
        field.widget.choices = [choice for choice in field.choices if choice[0] in kept]


def _unknown(keys: set[Any]) -> set[str]:
    return {UNKNOWN} if None in keys else set()


def choices_or_unknown(choices: Any) -> list[tuple[str, Any]]:
    return [*choices.choices, NOT_RECORDED]

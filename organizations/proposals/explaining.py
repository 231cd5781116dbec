"""Why an instructor is proposed, in the words of people."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Department, Division
from organizations.proposals.problem import Part, Person, Place, Problem
from organizations.proposals.standing import Standing
from organizations.querysets.associations import CITY


@dataclass(frozen=True)
class Fact:
    """One sentence of an explanation. fits: whether it speaks for the choice; points: its cost."""

    text: str
    fits: bool
    points: int


class Names:
    """The names of departments and counties, read once for a page."""

    @cached_property
    def departments(self) -> dict[int, str]:
        return dict(Department.objects.values_list("pk", "short_name"))

    @cached_property
    def counties(self) -> dict[int, str]:
        kinds = (*Division.COUNTY_KINDS, *Division.TOWNSHIP_KINDS)
        named = Division.objects.filter(kind__in=kinds).values_list("pk", "name")
        return dict(named) | {CITY: _("City level")}

    def department(self, key: int | None) -> str:
        return self.departments.get(key or 0, _("not recorded"))

    def county(self, key: int | None) -> str:
        return _("not recorded") if key is None else self.counties.get(key, _("not recorded"))

    def counties_of(self, place: Place) -> str:
        """The county of an association and the zone that manages it, where there is one."""
        return _(", ").join(self.county(key) for key in place.counties) or _("not recorded")


def steps(standing: Standing) -> dict[int, int]:
    """With how many associations each row's instructor works before this one, by association."""
    given: Counter[int] = Counter()
    found = {}
    for place in standing.problem.places:
        key = standing.choice[place.key]
        if key is not None:
            found[place.key] = standing.problem.person[key].load + given[key]
            given[key] += 1
    return found


def explained(
    problem: Problem, names: Names, place: Place, person: Person, before: int, after: int
) -> list[Fact]:
    """Why `person` goes to `place`. before: with how many he or she works before this one is
    counted; after: with how many when all is accepted."""
    facts = [_said(part, names, place, person) for part in problem.fit(place, person)]
    return [*facts, _load(problem, person, before, after)]


def why_left_over(standing: Standing, names: Names, place: Place) -> str:
    """Why an association has nobody."""
    problem = standing.problem
    admitted = [person for person in problem.people if problem.admits(place, person)]
    if not any(person.stays for person in problem.people):
        return _("No instructor's term lasts long enough.")
    if not admitted:
        text = _("No instructor of its own county (%(county)s), as the rules demand.")
        return text % {"county": names.counties_of(place)}
    if any(standing.has_room(person.key) for person in admitted):
        return _("Nobody is chosen; there are instructors with room.")
    text = ngettext(
        "The %(n)s instructor who may go there has reached the limit of %(most)s.",
        "All %(n)s instructors who may go there have reached the limit of %(most)s.",
        len(admitted),
    )
    return text % {"n": len(admitted), "most": problem.limits.most}


def _said(part: Part, names: Names, place: Place, person: Person) -> Fact:
    asked = {
        "unit": names.department(place.unit),
        "industry": names.department(place.industry),
        "county": names.counties_of(place),
    }[part.name]
    has = names.county(person.county) if part.name == "county" else ""
    sentences = {
        ("unit", True): _("Same unit: %(asked)s"),
        ("unit", False): _("Not of the supervising unit %(asked)s"),
        ("industry", True): _("Same industry department: %(asked)s"),
        ("industry", False): _("Not of the industry department %(asked)s"),
        ("county", True): _("Same county: %(asked)s"),
        ("county", False): _("Other county: from %(has)s to %(asked)s"),
    }
    text = sentences[part.name, part.fits] % {"asked": asked, "has": has}
    return Fact(text, part.fits, part.points)


def _load(problem: Problem, person: Person, before: int, after: int) -> Fact:
    text = _("Works with %(now)s now, with %(then)s then; this one is number %(place)s")
    points = problem.step(before)
    told = {"now": person.load, "then": after, "place": before + 1}
    return Fact(text % told, points == 0, points)


def total(facts: Iterable[Fact]) -> int:
    """The points of an explanation together."""
    return sum(fact.points for fact in facts)

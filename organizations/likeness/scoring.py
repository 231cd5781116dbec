"""How likely two entries are the same association, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import ratio

from organizations.likeness.names import Name

LEAST = 50  # of 100: below that a pair is not worth anybody's time
VERY_LIKELY = 75
LEAST_ALIKE = 50  # per cent of the cores' characters, where no more than people tie two entries
BODY = slice(8, 17)  # of a credit code: the organisation's own code with its check digit


class Evidence(models.TextChoices):
    """Why a pair was proposed; CODES speaks against it."""

    WRITING = "writing", _("Same name but for spaces, punctuation or width")
    PREPARATION = "preparation", _("Same name but for “in preparation”")
    PLACE = "place", _("Same name but for the place in front")
    ENDING = "ending", _("Same name but for the ending, as 协会 and 商会")
    ALIKE = "alike", _("Names are alike")
    BODY = "body", _("Same organisation code inside the credit code")
    PEOPLE = "people", _("Same legal representative and same phone")
    LEADER = "leader", _("Same legal representative")
    PHONE = "phone", _("Same phone")
    NO_CODE = "no_code", _("A credit code is missing")
    CODES = "codes", _("Different credit codes")


WEIGHTS: dict[Evidence, int] = {
    Evidence.WRITING: 70,
    Evidence.PREPARATION: 65,
    Evidence.PLACE: 60,
    Evidence.ENDING: 45,
    Evidence.BODY: 50,
    Evidence.PEOPLE: 30,
    Evidence.LEADER: 15,
    Evidence.PHONE: 10,
    Evidence.NO_CODE: 10,
    Evidence.CODES: -40,
}
WHOLLY_ALIKE = 40  # what names count that share all characters of their cores but no rule


@dataclass(frozen=True)
class Entry:
    """What is compared of an association or of a row that would become one. pk: None for a row;
    county: the one in which it lies, by its name or else by its division."""

    pk: int | None
    name: Name
    county: int | None
    credit_code: str
    legal_representative: str
    phone: str

    @property
    def people(self) -> tuple[str, str] | None:
        """Who leads it and by which phone, where both are known."""
        known = self.legal_representative and self.phone
        return (self.legal_representative, self.phone) if known else None


@dataclass(frozen=True)
class Likeness:
    """score: 0 to 100; evidence: what gave it, the weightiest first."""

    score: int
    evidence: Sequence[Evidence]

    @property
    def is_very_likely(self) -> bool:
        return self.score >= VERY_LIKELY


def likeness(one: Entry, other: Entry) -> Likeness:
    """How likely the two are the same; likeness(a, b) == likeness(b, a)."""
    evidence, score = _of_names(one.name, other.name)
    more = [*_of_codes(one, other), *_of_people(one, other)]
    score += sum(WEIGHTS[each] for each in more)
    found = sorted([*evidence, *more], key=lambda each: -WEIGHTS.get(each, 0))
    return Likeness(max(0, min(100, score)), found)


def may_be_one(one: Entry, other: Entry) -> bool:
    """Whether nothing about where the two are rules out that they are the same."""
    if one.name.place and other.name.place:
        return one.name.place == other.name.place
    return one.county is None or other.county is None or one.county == other.county


def _of_names(one: Name, other: Name) -> tuple[list[Evidence], int]:
    if one.writing == other.writing:
        rule = Evidence.WRITING
    elif one.rest == other.rest and one.preparing != other.preparing:
        rule = Evidence.PREPARATION
    elif one.rest == other.rest:
        rule = Evidence.PLACE
    elif one.core == other.core:
        rule = Evidence.ENDING
    else:
        return _alike(one.core, other.core)
    return [rule], WEIGHTS[rule]


def _alike(one: str, other: str) -> tuple[list[Evidence], int]:
    alike = ratio(*sorted((one, other)))
    if alike < LEAST_ALIKE:
        return [], 0
    return [Evidence.ALIKE], round(alike * WHOLLY_ALIKE / 100)


def _of_codes(one: Entry, other: Entry) -> list[Evidence]:
    if not one.credit_code or not other.credit_code:
        return [Evidence.NO_CODE]
    same = one.credit_code[BODY] == other.credit_code[BODY]
    return [Evidence.BODY if same else Evidence.CODES]


def _of_people(one: Entry, other: Entry) -> list[Evidence]:
    leader = bool(one.legal_representative) and (
        one.legal_representative == other.legal_representative
    )
    phone = bool(one.phone) and one.phone == other.phone
    if leader and phone:
        return [Evidence.PEOPLE]
    return [Evidence.LEADER] if leader else [Evidence.PHONE] if phone else []

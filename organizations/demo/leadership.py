"""Who leads the demo's associations; made up, and nobody is invented for a real association."""

import datetime
from collections.abc import Iterator
from random import Random

from django.utils import timezone

from organizations.models import Association, LeadershipTerm
from organizations.terms import years_after

SEED = 20251101
YEARS = 5  # domain.md, Registry: the longest term
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "建国志强明华海涛文军春生庆东学勇立新振宇思远凤兰玉梅秀英晓燕桂芳"
VICE_PRESIDENTS = 2
SECOND_TERM, NOT_HELD = 0.3, 0.02  # shares of presidents in a second term, of terms overrun
Post = LeadershipTerm.Post


def load_leadership() -> None:
    """Give the active associations a president (their legal representative), vice-presidents and
    a secretary-general, unless some have leaders."""
    if LeadershipTerm.objects.exists():
        return
    rng, today = Random(SEED), timezone.localdate()  # noqa: S311  # a demo, no secret
    led = Association.objects.active(today).exclude(legal_representative="").order_by("pk")
    terms = [term for row in led for term in _terms(row, today, rng)]
    LeadershipTerm.objects.bulk_create(terms, batch_size=2000)


def _terms(row: Association, today: datetime.date, rng: Random) -> Iterator[LeadershipTerm]:
    """The terms since the last election; the president's may be a second one."""
    founded = row.registered_on or today
    began = _last_election(founded, today, rng)
    if began > founded and rng.random() < SECOND_TERM:
        yield _term(row, Post.PRESIDENT, row.legal_representative, years_after(began, -YEARS))
    yield _term(row, Post.PRESIDENT, row.legal_representative, began)
    for _number in range(VICE_PRESIDENTS):
        yield _term(row, Post.VICE_PRESIDENT, _person(rng), began)
    yield _term(row, Post.SECRETARY_GENERAL, _person(rng), began)


def _last_election(founded: datetime.date, today: datetime.date, rng: Random) -> datetime.date:
    """Every five years after the founding; a few have let the last one pass."""
    began = founded
    while years_after(began, YEARS) <= today:
        began = years_after(began, YEARS)
    overrun = began > founded and rng.random() < NOT_HELD
    return years_after(began, -YEARS) if overrun else began


def _term(row: Association, post: str, name: str, began: datetime.date) -> LeadershipTerm:
    until = years_after(began, YEARS)
    return LeadershipTerm(
        association=row, post=post, name=name, valid_from=began, valid_until=until
    )


def _person(rng: Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))

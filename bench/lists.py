"""What lists cost at 100,000 associations against 1,000: the staff's and the public directory."""

from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.urls import reverse

from bench.database import empty_registry, settle
from bench.population import populate
from bench.report import Bound, Measurement
from bench.roster import Roster
from bench.wsgi import alternate, count_queries, open_page
from organizations.search.pinyin import spell

SIZES = (1_000, 100_000)
ROUNDS = 11
GROWTH = 3
STAFF, PUBLIC = "organizations:association-list", "organizations:directory"
FIRST = Roster().row(0)  # stands in the registry at either size
SEARCHES: dict[str, dict[str, Any]] = {
    "a part of many names": {"q": "协会"},
    "a part of few names": {"q": FIRST.name[-8:]},
    "two words": {"q": f"{FIRST.name[:3]} {FIRST.name[-6:]}"},
    "pinyin": {"q": "".join(spell(FIRST.name)[0].split())[:16]},
    "initials": {"q": spell(FIRST.name)[1]},
    "a whole credit code": {"q": FIRST.credit_code},
    "the beginning of a credit code": {"q": FIRST.credit_code[:14]},
    "a column of names": {"q": "、".join(row.name for row in Roster().rows(20))},
}
STAFF_FILTERS: dict[str, dict[str, Any]] = {
    "county": {"county": "371721"},
    "city level": {"county": "city"},
    "level": {"level": "county"},
    "department": {"department": "gxj"},
    "registration type": {"registration_type": ["decoupled", "direct"]},
    "kind": {"kind": "association"},
    "covered": {"coverage": "covered"},
    "not covered": {"coverage": "uncovered"},
    "work covered": {"coverage": "work_covered"},
    "not work covered": {"coverage": "not_work_covered"},
    "due": {"members": "due"},
    "reason": {"reason": "no_members"},
    "with instructor": {"instructor": "with"},
    "without instructor": {"instructor": "without"},
    "party to complete": {"missing": "party"},
    "without code": {"missing": "credit_code"},
    "active": {"status": "active"},
    "ended": {"status": "ended"},
    "all": {"status": "all"},
    "several": {"county": "371721", "coverage": "uncovered", "instructor": "without"},
}
PUBLIC_FILTERS: dict[str, dict[str, Any]] = {
    "county": {"county": "371721"},
    "department": {"department": "gxj"},
    "registration type": {"registration_type": "direct"},
    "covered": {"covered": "yes"},
    "not covered": {"covered": "no"},
    "level": {"level": "county"},
    "kind": {"kind": "association"},
    "rating": {"rating": "3A"},
    "party kind": {"party_kind": "branch"},
    "several": {"county": "371721", "registration_type": "direct", "covered": "yes"},
    "newest first": {"sort": "-registered_on"},
    "oldest first": {"sort": "registered_on"},
}
SORTS = (
    *("name", "credit_code", "level", "division", "industry_department"),
    *("registered_on", "party_members", "staff_total", "unit_members"),
)


def measure(directory: Path) -> Measurement:
    """Time and queries of every page at both sizes; what grows most is named."""
    call_command("collectstatic", interactive=False, verbosity=0)  # pages name hashed files
    seconds: dict[str, dict[int, list[float]]] = {}
    queries: dict[str, list[int]] = {}
    for size in SIZES:
        empty_registry()
        populate(size)
        settle()
        for name, path in pages(size).items():
            queries.setdefault(name, []).append(count_queries(path))
            (taken,) = alternate(lambda path=path: open_page(path), rounds=ROUNDS)  # type: ignore[misc]
            seconds.setdefault(name, {})[size] = taken
    growth = {
        name: median(taken[SIZES[1]]) / median(taken[SIZES[0]]) for name, taken in seconds.items()
    }
    bounds = [
        Bound(f"{name}, {SIZES[1]:,} ÷ {SIZES[0]:,} associations", ratio, at_most=GROWTH)
        for name, ratio in growth.items()
    ]
    growing = [name for name, (few, many) in queries.items() if many > few]
    named = f"pages with more queries at the larger size ({', '.join(growing) or 'none'})"
    bounds.append(Bound(named, len(growing), at_least=0, at_most=0))
    sides = {
        f"{name} at {size:,}": runs for name, by in seconds.items() for size, runs in by.items()
    }
    return Measurement("Lists", sides, bounds)


def pages(size: int) -> dict[str, str]:
    """The pages measured, with their addresses."""
    found = {"staff list": _path(STAFF, {}), "directory": _path(PUBLIC, {})}
    found["staff list, a page in the middle"] = _path(STAFF, {"page": size // 100})
    found["staff list, the last page"] = _path(STAFF, {"page": "last"})
    found["directory, a page in the middle"] = _path(PUBLIC, {"page": size // 60})
    for name, query in STAFF_FILTERS.items():
        found[f"staff list, {name}"] = _path(STAFF, query)
    for name, query in PUBLIC_FILTERS.items():
        found[f"directory, {name}"] = _path(PUBLIC, query)
    for key in SORTS:
        found[f"staff list, by {key}"] = _path(STAFF, {"sort": key})
        found[f"staff list, by {key} descending"] = _path(STAFF, {"sort": f"-{key}"})
    for name, query in SEARCHES.items():
        found[f"staff list, {name}"] = _path(STAFF, query)
        found[f"directory, {name}"] = _path(PUBLIC, query)
    return found


def _path(name: str, query: dict[str, Any]) -> str:
    return f"{reverse(name)}?{urlencode(query, doseq=True)}"

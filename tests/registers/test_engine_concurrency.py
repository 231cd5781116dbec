"""What several people do to one batch at once; these tests commit."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from organizations.models import Association, Inspection
from registers import committing
from registers.committing import commit
from registers.models import ImportBatch
from registers.undo import undo
from tests.factories.organizations import CityFactory, DormancyFactory, LeadershipTermFactory
from tests.registers.workbook_builder import NAME, association, imported_rows, roster, staged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("private_files")]


def at_once(action: Callable[[ImportBatch], bool], batch: ImportBatch) -> list[bool]:
    """What `action` answers to two people at the same time."""
    answers: list[bool] = []
    start = threading.Barrier(2)

    def act() -> None:
        own = ImportBatch.objects.get(pk=batch.pk)
        start.wait()
        try:
            answers.append(action(own))
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_batch_confirmed_by_two_at_once_is_applied_once() -> None:
    CityFactory()
    batch = staged(roster({NAME: "菏泽市甲协会", "2024年度年检结果": "合格"}))
    answers = at_once(lambda own: commit(own, mode="all", by=None), batch)
    assert sorted(answers) == [False, True]
    assert (Association.objects.count(), Inspection.objects.count()) == (1, 1)


def test_two_imports_of_the_same_new_rows_in_other_orders_are_written_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    CityFactory()
    rows = [{NAME: "菏泽市甲协会"}, {NAME: "菏泽市乙协会"}]
    batches = [staged(roster(*rows)), staged(roster(*reversed(rows)))]
    register, both_wrote = type(batches[0].register), threading.Barrier(2)
    apply = register.apply

    def apply_and_wait(*args: Any) -> list[int]:
        pks = apply(*args)
        with suppress(threading.BrokenBarrierError):
            both_wrote.wait(timeout=1)
        return pks

    monkeypatch.setattr(committing, "CHUNK", 1)
    monkeypatch.setattr(register, "apply", apply_and_wait)
    own = iter(batches)
    answers = at_once(lambda _same: commit(next(own), mode="all", by=None), batches[0])
    for batch in batches:
        batch.refresh_from_db()
    assert sorted(answers) == [False, True]
    assert [each.error["code"] for each in batches if each.error] == ["registry_changed"]
    assert Association.objects.count() == 2


def test_a_batch_undone_by_two_at_once_is_undone_once() -> None:
    CityFactory()
    batch = imported_rows({NAME: "菏泽市甲协会"})
    assert sorted(at_once(lambda own: undo(own, by=None), batch)) == [False, True]
    assert not Association.objects.exists()


def add_inspection(of: Any) -> None:
    Inspection.objects.create(association=of, year=2023, regime="inspection", result="passed")


@pytest.mark.parametrize(
    "add",
    [
        add_inspection,
        lambda of: LeadershipTermFactory(association=of),
        lambda of: DormancyFactory(association=of),
    ],
    ids=["inspection", "leadership", "dormancy"],
)
def test_a_new_association_to_which_something_was_added_since_is_kept(
    add: Callable[[Any], Any],
) -> None:
    CityFactory()
    batch = imported_rows({NAME: "菏泽市甲协会"}, {NAME: "菏泽市乙协会"})
    kept = association("菏泽市甲协会")
    add(kept)
    assert undo(batch, by=None), batch.error
    assert batch.kept == [kept.pk]
    assert list(Association.objects.all()) == [kept]

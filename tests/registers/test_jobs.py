import time
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from organizations.models import Association
from registers import committing, jobs, staging
from registers.apart import QUIET, beating
from registers.jobs import Step, interrupted, perform, restart, start
from registers.models import ImportBatch
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import CityFactory, credit_code
from tests.registers.import_steps import checked, confirm_columns, page, uploaded
from tests.registers.workbook_builder import CODE, NAME, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
Status = ImportBatch.Status
PATIENCE = 60


@pytest.fixture
def reviewer(client: Client) -> User:
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    CityFactory()
    return user


@pytest.fixture
def batch(client: Client, reviewer: User) -> ImportBatch:
    """A batch ready to be written."""
    return checked(client, two_rows())


def two_rows() -> bytes:
    return roster(*({NAME: f"菏泽市新{n}协会", CODE: credit_code(n)} for n in (1, 2)))


def waited(batch: ImportBatch, status: str) -> ImportBatch:
    """The batch once it has reached `status`."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        batch.refresh_from_db()
        if batch.status == status:
            return batch
        time.sleep(0.1)
    raise AssertionError(f"{batch.status} instead of {status}")


def fall_silent(batch: ImportBatch) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(beat_at=timezone.now() - QUIET - timedelta(1))
    batch.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_large_file_goes_all_the_way_apart_from_the_requests(
    client, reviewer, settings, tmp_path
) -> None:
    batch = uploaded(client, two_rows())
    settings.IMPORT_INLINE_BYTES = 0
    confirm_columns(client, batch)
    waited(batch, Status.STAGED)
    client.post(page("commit", batch), {"mode": "all"})
    waited(batch, Status.COMMITTED)
    assert Association.objects.count() == 2
    client.post(page("undo", batch))
    waited(batch, Status.UNDONE)
    assert not Association.objects.exists()
    assert (tmp_path / "imports" / f"{batch.pk}.log").read_text() == ""


def test_a_step_is_begun_once(batch, reviewer, monkeypatch) -> None:
    begun = []
    monkeypatch.setattr(jobs, "_begin", lambda *args: begun.append(args))
    assert start(batch, Step.COMMIT, by=reviewer, mode="all")
    assert not start(batch, Step.COMMIT, by=reviewer, mode="all")
    assert len(begun) == 1


def test_a_step_that_gives_signs_of_life_is_not_interrupted(batch) -> None:
    committing.claim(batch, mode="all")
    batch.refresh_from_db()
    assert not interrupted(batch)


def test_a_silent_step_whose_process_is_gone_is_interrupted(batch) -> None:
    committing.claim(batch, mode="all")
    fall_silent(batch)
    assert interrupted(batch)


@pytest.mark.django_db(transaction=True)
def test_a_silent_step_whose_process_still_works_is_not_interrupted(batch, reviewer) -> None:
    committing.claim(batch, mode="all")
    fall_silent(batch)
    worker = connections.create_connection("default")
    with worker.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [batch.locks, batch.pk])
    try:
        assert not interrupted(batch)
        perform(batch, Step.COMMIT, by=reviewer)
        assert not Association.objects.exists()
    finally:
        worker.close()


def test_an_interrupted_step_can_be_started_again(client, batch) -> None:
    committing.claim(batch, mode="all")
    fall_silent(batch)
    assert "Start again" in client.get(page("batch-detail", batch)).content.decode()
    client.post(page("restart", batch))
    assert Association.objects.count() == 2


def test_a_restarted_step_is_not_begun_twice(batch, reviewer, monkeypatch) -> None:
    begun = []
    monkeypatch.setattr(jobs, "_begin", lambda *args: begun.append(args))
    staging.claim(batch)
    fall_silent(batch)
    other = ImportBatch.objects.get(pk=batch.pk)
    assert restart(batch, by=reviewer)
    assert not restart(other, by=reviewer)
    assert len(begun) == 1


def test_a_step_whose_claim_is_gone_does_nothing(batch, reviewer) -> None:
    perform(batch, Step.COMMIT, by=reviewer)
    assert not Association.objects.exists()


def test_the_progress_page_follows_the_work(client, batch) -> None:
    committing.claim(batch, mode="all")
    ImportBatch.objects.filter(pk=batch.pk).update(done=1)
    content = client.get(page("batch-detail", batch), headers={"hx-request": "true"}).content
    assert b'hx-trigger="every 1s"' in content
    assert b'value="1" max="2"' in content


def test_the_progress_page_reloads_when_the_work_is_over(client, batch) -> None:
    response = client.get(page("batch-detail", batch), headers={"hx-request": "true"})
    assert response["HX-Refresh"] == "true"


@pytest.mark.django_db(transaction=True)
def test_beats_are_seen_while_the_work_is_one_transaction(batch, monkeypatch) -> None:
    from django.db import transaction

    before = batch.beat_at
    batch.done = 7
    with beating(batch), transaction.atomic():
        batch.rows.all().delete()
        time.sleep(1.5)
        seen = in_another_connection(batch)
    assert seen["done"] == 7
    assert seen["beat_at"] > before


def in_another_connection(batch: ImportBatch) -> dict:
    worker = connections.create_connection("default")
    try:
        with worker.cursor() as cursor:
            cursor.execute(
                "SELECT done, beat_at FROM registers_importbatch WHERE id = %s", [batch.pk]
            )
            done, beat_at = cursor.fetchone()
        return {"done": done, "beat_at": beat_at}
    finally:
        worker.close()

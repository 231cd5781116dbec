import io
import os
import time
import zipfile
from datetime import datetime, timedelta
from unittest.mock import Mock

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from organizations.models import Association
from registers import apart, committing, jobs, staging
from registers.apart import QUIET, beating
from registers.jobs import Step, interrupted, perform, restart, start
from registers.management.commands.run_import import Command
from registers.models import ImportBatch
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import CityFactory, credit_code
from tests.registers.import_steps import checked, confirm_columns, page, upload, uploaded
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
    monkeypatch.setattr(apart, "BEAT_SECONDS", 0.01)
    before = batch.beat_at
    batch.done = 7
    with beating(batch), transaction.atomic():
        batch.rows.all().delete()
        assert beaten(batch, since=before) == 7


def beaten(batch: ImportBatch, *, since: datetime) -> int:
    """The rows done that another connection sees with the first beat after `since`."""
    until = time.monotonic() + PATIENCE
    worker = connections.create_connection("default")
    try:
        with worker.cursor() as cursor:
            while time.monotonic() < until:
                cursor.execute(
                    "SELECT done FROM registers_importbatch WHERE id = %s AND beat_at > %s",
                    [batch.pk, since],
                )
                if found := cursor.fetchone():
                    return int(found[0])
                time.sleep(0.01)
    finally:
        worker.close()
    raise AssertionError("no beat was seen")


def packed(rows: int) -> bytes:
    """A roster that takes far more room unpacked than packed."""
    return roster(*({NAME: f"菏泽市新{n}协会", "备注": "同" * 200} for n in range(rows)))


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What was to be done apart from the request, none of which is done."""
    asked: list[tuple] = []
    monkeypatch.setattr(apart, "spawn", lambda *args: asked.append(args))
    return asked


def test_a_file_that_is_large_only_unpacked_is_read_apart(
    client, reviewer, settings, spawned
) -> None:
    content = packed(50)
    settings.IMPORT_INLINE_BYTES = 2 * len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sum(part.file_size for part in archive.infolist()) > settings.IMPORT_INLINE_BYTES
    batch = uploaded(client, content)
    assert [batch.status, batch.plan] == [Status.READING, []]
    assert [step for _batch, step, *_options in spawned] == ["read"]
    assert client.get(page("columns", batch)).url == page("batch-detail", batch)
    assert b"Being read" in client.get(page("batch-detail", batch)).content
    perform(batch, Step.READ, by=reviewer)
    assert client.get(page("batch-detail", batch)).url == page("columns", batch)
    assert client.get(page("columns", batch)).status_code == 200


def test_a_file_that_is_small_unpacked_is_read_at_once(client, reviewer, settings, spawned) -> None:
    settings.IMPORT_INLINE_BYTES = 100_000
    assert uploaded(client, packed(50)).status == Status.UPLOADED
    assert not spawned


def test_a_large_file_that_cannot_be_read_says_why_on_its_own_page(
    client, reviewer, settings, spawned
) -> None:
    batch = uploaded(client, b"\0" * (settings.IMPORT_INLINE_BYTES + 1))
    perform(batch, Step.READ, by=reviewer)
    assert batch.status == Status.FAILED
    assert "not a spreadsheet" in client.get(page("batch-detail", batch)).content.decode()


def test_a_broken_archive_is_refused_at_once(client, reviewer, settings, spawned) -> None:
    settings.IMPORT_INLINE_BYTES = 0
    response = upload(client, two_rows()[:-200])
    assert "incomplete" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_logs_of_long_ago_go_when_other_work_begins(batch, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(apart.subprocess, "Popen", Mock())
    folder = tmp_path / batch.folder
    folder.mkdir()
    old, young = folder / "1.log", folder / "2.log"
    for log, age in (old, apart.LOGS_KEPT + timedelta(1)), (young, apart.LOGS_KEPT / 2):
        log.touch()
        written = time.time() - age.total_seconds()
        os.utime(log, (written, written))
    apart.spawn(batch)
    assert [old.exists(), young.exists()] == [False, True]


def test_a_user_name_that_looks_like_an_option_is_understood(batch, settings, spawned) -> None:
    settings.IMPORT_INLINE_BYTES = 0
    start(batch, Step.COMMIT, by=StaffFactory(username="-x"), mode="all")
    ((_batch, *arguments),) = spawned
    parser = Command().create_parser("manage.py", "run_import")
    assert parser.parse_args([str(batch.pk), *arguments]).username == "-x"

"""Import a workbook into a register: the engine for programs."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registers import register as registry
from registers.batches import discard, keep
from registers.committing import commit
from registers.models import ImportBatch, ImportRow
from registers.newer import decision
from registers.reports import problem_message, problems_of
from registers.staging import stage


class Command(BaseCommand):
    help = "Import FILE into REGISTER. Exit status: 0 done, 1 wrong rows, 2 unreadable file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("register", choices=[r.key for r in registry.imported_registers()])
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", metavar="USERNAME")
        parser.add_argument("--mode", choices=ImportBatch.Mode.values, default="all")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        by = _user(options["username"])
        batch = _staged(options["register"], options["file"], by)
        if batch.status == ImportBatch.Status.FAILED:
            self._refuse(batch, options["json"], started)
        try:
            committed = not options["dry_run"] and self._commit(batch, options["mode"], by)
            report = _report(batch, committed) | {"seconds": round(time.monotonic() - started, 3)}
        finally:
            if batch.status != ImportBatch.Status.COMMITTED:
                discard(batch)
        self._note(batch)
        self._print(report, options["json"])
        wrong = report["counts"]["wrong"]
        if wrong or not (committed or options["dry_run"]):
            sys.exit(1)

    def _commit(self, batch: ImportBatch, mode: str, by: Any) -> bool:
        if mode == ImportBatch.Mode.ALL and batch.counts["wrong"]:
            return False
        done = commit(batch, mode=mode, by=by)
        if batch.error:
            self.stderr.write(problem_message(batch.error["code"], batch.error["params"]))
        return done

    def _refuse(self, batch: ImportBatch, as_json: bool, started: float) -> None:
        failure: Any = batch.error
        message = problem_message(**failure)
        if as_json:
            problem = {"sheet": None, "row": None, "column": None, "code": failure["code"]}
            report = {
                "batch": None,
                "sheets": [],
                "counts": dict.fromkeys(ImportRow.Action.values, 0),
                "problems": [problem | {"message": message}],
                "seconds": round(time.monotonic() - started, 3),
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stderr.write(message)
        discard(batch)
        sys.exit(2)

    def _note(self, batch: ImportBatch) -> None:
        """Say what no row is wrong for; the one object on the standard output stays as it is."""
        if note := decision(batch):
            self.stderr.write(note)

    def _print(self, report: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for problem in report["problems"]:
            self.stdout.write(f"{problem['sheet']} {problem['row']}: {problem['message']}")
        counts = " ".join(f"{action}={count}" for action, count in report["counts"].items())
        self.stdout.write(f"{counts} ({report['seconds']} s)")


def _user(username: str | None) -> Any:
    if username is None:
        return None
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user named {username}.", returncode=2)
    return user


def _staged(key: str, path: Path, by: Any) -> ImportBatch:
    register = registry.get(key)
    if by is not None and not by.has_perm(register.write_permission):
        raise CommandError("This user may not import into this register.", returncode=2)
    try:
        with path.open("rb") as file:
            batch = keep(register, File(file), name=path.name, by=by)
    except OSError as reason:
        raise CommandError(f"{path}: {reason.strerror}", returncode=2) from reason
    stage(batch)
    return batch


def _report(batch: ImportBatch, committed: bool) -> dict[str, Any]:
    return {
        "batch": batch.pk if committed else None,
        "sheets": [_sheet(plan) for plan in batch.plan if plan["used"]],
        "counts": {action: batch.counts[action] for action in ImportRow.Action.values},
        "problems": list(problems_of(batch)),
    }


def _sheet(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": plan["name"],
        "header_rows": plan["header_rows"],
        "records": plan["records"],
        "columns": {" / ".join(c["path"]): c["column"] for c in plan["columns"]},
    }

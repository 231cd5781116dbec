"""`python -m bench [--only PART]…`: measure, print JSON, exit 1 when a promise is broken.

Without --only everything is measured and docs/benchmarks.md is written.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heze_assoc.settings")
    django.setup()
    from bench import dashboard, imports, lists, report  # models exist only after setup
    from bench.database import scratch_database

    parts = {
        "growth": imports.growth,
        "floor": imports.against_floor,
        "stock": imports.against_stock,
        "dashboard": dashboard.measure,
        "lists": lists.measure,
    }
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--only", action="append", choices=parts)
    chosen = parser.parse_args().only
    with scratch_database(), tempfile.TemporaryDirectory() as directory:
        size = report.machine()
        measurements = [parts[part](Path(directory)) for part in chosen or parts]
    print(json.dumps(report.as_json(size, measurements), ensure_ascii=False, indent=2))
    if not chosen:
        report.write_page(size, measurements)
    sys.exit(not all(bound.holds for m in measurements for bound in m.bounds))


if __name__ == "__main__":
    main()

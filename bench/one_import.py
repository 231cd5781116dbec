"""One import in a process of its own: `python -m bench.one_import WAY FILE DATABASE`.

Prints as JSON the rows written, the seconds they took and the peak memory in MB, of the process
itself and of the child that read the workbook.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django
from django.db import connection


def main(way: str, path: str, database: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heze_assoc.settings")
    django.setup()
    connection.settings_dict["NAME"] = database
    from bench.ways import WAYS  # models exist only after setup

    connection.ensure_connection()
    started = time.perf_counter()
    rows = WAYS[way](Path(path))
    seconds = time.perf_counter() - started
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": seconds,
                "own_mb": _peak(resource.RUSAGE_SELF),
                "reader_mb": _peak(resource.RUSAGE_CHILDREN),
            }
        )
    )


def _peak(who: int) -> float:
    """High-water mark of resident memory in MB; Linux counts in KB, macOS in bytes."""
    units = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss / units


if __name__ == "__main__":
    main(*sys.argv[1:])

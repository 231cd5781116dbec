"""Ways begun with fewer members than a branch takes were planned with the kind of a branch."""

from typing import Any

from django.db import migrations


def plan_joint_branches(apps: Any, schema_editor: Any) -> None:
    ways = apps.get_model("organizations", "Establishment").objects.filter(from_roster=False)
    ways.exclude(formation="standalone").exclude(kind="joint_branch").update(kind="joint_branch")
    ways.filter(formation="standalone", kind="joint_branch").update(kind="branch")


class Migration(migrations.Migration):
    dependencies = [("organizations", "0020_surnames")]

    operations = [migrations.RunPython(plan_joint_branches, migrations.RunPython.noop)]

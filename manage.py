#!/usr/bin/env python
"""Command line of the workbench."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heze_assoc.settings")
    execute_from_command_line(sys.argv)

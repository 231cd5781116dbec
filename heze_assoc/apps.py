from django.apps import AppConfig
from django.contrib.admin import apps


class HezeAssocConfig(AppConfig):
    name = "heze_assoc"


class AdministrationConfig(apps.AdminConfig):
    """The admin with our own site and without groups: rights come from grants."""

    default = False
    default_site = "heze_assoc.administration.Administration"

    def ready(self) -> None:
        from django.contrib import admin
        from django.contrib.auth.models import Group

        super().ready()
        admin.site.unregister(Group)

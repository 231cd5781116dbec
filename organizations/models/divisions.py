"""Administrative divisions of Heze, from the city down to streets, towns and townships."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.querysets.divisions import DivisionQuerySet
from registers.history import tracked


@tracked()
class Division(models.Model):
    """A division. Source of codes: GB/T 2260; management zones carry their statistical codes."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        DISTRICT = "district", _("District")
        COUNTY = "county", _("County")
        ZONE = "zone", _("Management zone")
        STREET = "street", _("Street")
        TOWN = "town", _("Town")
        TOWNSHIP = "township", _("Township")

    COUNTY_KINDS = (Kind.DISTRICT, Kind.COUNTY, Kind.ZONE)
    TOWNSHIP_KINDS = (Kind.STREET, Kind.TOWN, Kind.TOWNSHIP)

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("in")
    )
    aliases = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("also written")
    )
    tile_column = models.PositiveSmallIntegerField(_("tile column"), null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(_("tile row"), null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="division_name_once_per_parent",
                violation_error_message=_("This division already has one of that name."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="city", parent=None)
                | ~models.Q(kind="city") & models.Q(parent__isnull=False),
                name="division_city_alone_has_no_parent",
                violation_error_message=_(
                    "Only the city stands on top; name what this is part of."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(tile_column__isnull=True, tile_row__isnull=True)
                | models.Q(tile_column__isnull=False, tile_row__isnull=False),
                name="division_tile_whole",
                violation_error_message=_("A tile needs both its column and its row, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def county(self) -> "Division | None":
        """The county, district or zone that it is or lies in; None for the city."""
        if self.kind in self.TOWNSHIP_KINDS:
            return self.parent
        return self if self.kind in self.COUNTY_KINDS else None

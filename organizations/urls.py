"""URLs of the registry: the public directory and the staff pages."""

from django.urls import path

from organizations.views import associations, coverage, directory, instructors, unresolved

app_name = "organizations"

urlpatterns = [
    path("desk/coverage/", coverage.dashboard, name="coverage"),
    path("associations/", directory.directory, name="directory"),
    path("associations/<int:pk>/", directory.association_public, name="association-public"),
    path("desk/associations/", associations.AssociationList.as_view(), name="association-list"),
    path(
        "desk/associations/<int:pk>/",
        associations.association_detail,
        name="association-detail",
    ),
    path("desk/instructors/unresolved/", unresolved.unresolved, name="unresolved"),
    path(
        "desk/instructors/unresolved/suggestions/",
        unresolved.suggestions,
        name="unresolved-suggestions",
    ),
    path("desk/instructors/unresolved/<int:pk>/", unresolved.resolve, name="resolve"),
    path("desk/instructors/", instructors.InstructorList.as_view(), name="instructor-list"),
    path("desk/instructors/<int:pk>/", instructors.instructor_detail, name="instructor-detail"),
]

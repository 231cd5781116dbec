"""URL map of the whole site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from heze_assoc import home

urlpatterns = [
    path("", home.front_page, name="home"),
    path("desk/", home.desk, name="desk"),
    path("", include("organizations.urls")),
    path("", include("assessments.urls")),
    path("desk/", include("registers.urls")),
    path("accounts/", include("accounts.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]

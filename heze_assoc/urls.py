"""URL map of the whole site."""

from django.contrib import admin
from django.urls import include, path

from heze_assoc import home

urlpatterns = [
    path("", home.front_page, name="home"),
    path("desk/", home.desk, name="desk"),
    path("", include("organizations.urls")),
    path("desk/imports/", include("registers.urls")),
    path("accounts/", include("accounts.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

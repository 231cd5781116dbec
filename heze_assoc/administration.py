"""The admin site /admin/: for system administrators, behind the same log-in as everything else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.decorators import requires
from accounts.permissions import Permission


class Administration(AdminSite):
    site_header = _("Heze Associations · Party-building workbench")
    index_title = _("Administration")
    empty_value_display = "—"
    enable_nav_sidebar = False  # takes half of a tablet; the start page lists the same

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.ADMINISTER)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """403 for people without the ability instead of another log-in form."""
        return requires(Permission.ADMINISTER)(super().admin_view(view, cacheable))

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The site has one log-in page; who is logged in already lacks the right."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", ""))

    def password_change(  # type: ignore[override]  # the stub foresees a page only
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """The site has one page for it."""
        return redirect("accounts:password-change")

"""Log-in, log-out and one's own password."""

from django.contrib.auth import views
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms import OwnPasswordForm


class LogIn(views.LoginView):
    template_name = "accounts/login.html"
    redirect_authenticated_user = True


class PasswordChange(SuccessMessageMixin, views.PasswordChangeView):
    """Other sessions of the person end with the old password."""

    form_class = OwnPasswordForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("desk")
    success_message = _("Your password has been changed.")

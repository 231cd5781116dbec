"""Middleware of the composition root."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

UNUSED_BY_THE_SITE = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_BY_THE_SITE)

LAST_SAVED = "last_saved"  # in sessions, as Unix time
MINUTE = 60
UTF_8 = "utf-8"
ANONYMOUS = ("/ballot/",)


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Speak the language that the person chose, and Chinese to everybody else.

    The browser's Accept-Language is not consulted: office computers often run English browsers.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = dict(settings.LANGUAGES)
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class LogInMiddleware(LoginRequiredMiddleware):
    """Sends people to the log-in page, also from a request for a part of a page.

    htmx would follow a redirect and put the log-in form into the middle of the page.
    """

    def handle_no_permission(  # type: ignore[override]  # the stub foresees a redirect only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        response = super().handle_no_permission(request, view_func)
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(response.url)
        return response


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that tells browsers to refuse devices and sensors that no page needs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        return response

    return middleware


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that refuses addresses with a NUL, which PostgreSQL cannot compare with text."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return get_response(request)

    return middleware


def refuse_other_charsets(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that refuses requests in another character set than UTF-8, in which every page
    and so every form of the site is. Answered here: an error page would read the request again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", UTF_8)
        if charset.lower() != UTF_8:
            return HttpResponseBadRequest(content_type="text/plain")
        return get_response(request)

    return middleware


def without_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that forgets on anonymous pages who is logged in: neither read nor saved, no
    session tells when its owner was there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ANONYMOUS):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware


class RefuseNulInForms:
    """Middleware that refuses forms with a NUL, which PostgreSQL cannot keep in text.

    Last of all, when the form has been read to compare its token: nothing is read here before it
    is known who sends it, and files stream to where they always do. A NUL inside a file is none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        for name, values in request.POST.lists():
            if any("\0" in text for text in (name, *values)):
                raise BadRequest


def keep_private(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that has no cache keep what a logged-in person reads."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if SESSION_KEY in request.session:
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def idle_timeout(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that has a session end SESSION_COOKIE_AGE after its last use, to the minute.

    A session ends so long after it was saved: in use, it is saved once a minute.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        now = int(timezone.now().timestamp())
        if SESSION_KEY in request.session and now - request.session.get(LAST_SAVED, 0) >= MINUTE:
            request.session[LAST_SAVED] = now
        return get_response(request)

    return middleware

"""A Django app that signs in at the issuer, by Authlib. Run it: python3 webapp.py [PORT]

A project copies the settings ISSUER to AUTHENTICATION_BACKENDS, SignInBackend, the four views and their addresses.
"""
import os
import sys

from django.conf import settings

PORT = sys.argv[1] if len(sys.argv) > 1 else "8600"

settings.configure(
    SECRET_KEY=os.environ.get("DJANGO_SECRET_KEY", "for this machine only"),
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["localhost"],
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DJANGO_DATABASE", "webapp.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SESSION_COOKIE_SAMESITE="Lax",  # Strict would not be sent when the issuer leads back
    ISSUER=os.environ.get("ISSUER", "http://localhost:8400/"),
    CLIENT_ID="snippet",
    CLIENT_SECRET=os.environ.get("SECRET", "snippet-demo-secret"),
    LOGIN_URL="/signin",
    AUTHENTICATION_BACKENDS=[f"{__name__}.SignInBackend"],
)

import django  # noqa: E402

django.setup()

from urllib.parse import urlencode  # noqa: E402

from authlib.integrations.base_client import OAuthError  # noqa: E402
from authlib.integrations.django_client import OAuth  # noqa: E402
from django.contrib import auth  # noqa: E402
from django.contrib.auth.backends import ModelBackend  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.http import HttpResponse, HttpResponseForbidden  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.http import url_has_allowed_host_and_scheme  # noqa: E402

issuer = OAuth().register(
    "issuer",
    client_id=settings.CLIENT_ID,
    client_secret=settings.CLIENT_SECRET,
    server_metadata_url=settings.ISSUER + ".well-known/openid-configuration",
    client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},  # without the latter there is no PKCE
)


class SignInBackend(ModelBackend):
    """Finds the person by sub, which never changes: names and addresses do. Nobody signs in here with a password."""

    def authenticate(self, request, claims=None):
        if claims is None:
            return None
        user, _ = auth.get_user_model().objects.get_or_create(username=claims["sub"])
        if user.first_name != claims["name"][:150]:
            user.first_name = claims["name"][:150]
            user.save(update_fields=["first_name"])
        return user if self.user_can_authenticate(user) else None


def signin(request):
    request.session["next"] = request.GET.get("next", "/")
    return issuer.authorize_redirect(request, request.build_absolute_uri("/signin-oidc"))


def signed_in(request):
    try:
        tokens = issuer.authorize_access_token(request)  # checks state, signature, iss, aud, exp and nonce
    except OAuthError as error:
        return HttpResponseForbidden(f"You are not signed in: {error.error}", content_type="text/plain")
    user = auth.authenticate(request, claims=tokens["userinfo"])
    if user is None:
        return HttpResponseForbidden("This account may not be used here.", content_type="text/plain")
    after = request.session.pop("next", "/")
    auth.login(request, user)
    request.session["id_token"] = tokens["id_token"]
    return redirect(after if url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()) else "/")


def signout(request):
    id_token = request.session.get("id_token")
    auth.logout(request)
    leaving = {"post_logout_redirect_uri": request.build_absolute_uri("/signout-callback-oidc"), "client_id": settings.CLIENT_ID}
    if id_token:
        leaving["id_token_hint"] = id_token
    return redirect(issuer.load_server_metadata()["end_session_endpoint"] + "?" + urlencode(leaving))


def signed_out(request):
    return redirect("/")


@login_required
def home(request):
    return HttpResponse(f"Hello {request.user.first_name}", content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("", home),
    path("signin", signin),
    path("signin-oidc", signed_in),
    path("signout", signout),
    path("signout-callback-oidc", signed_out),
]

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("runserver", f"localhost:{PORT}", "--noreload", "--nothreading")

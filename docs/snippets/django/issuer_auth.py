"""Django REST framework trusts the issuer: copy this file into a project.

Needs PyJWT with `cryptography`. Settings: ISSUER, ISSUER_JWKS_URL, API_AUDIENCE.
"""

from functools import lru_cache

import jwt
from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.permissions import BasePermission


class IssuerIsAway(APIException):
    status_code = 503
    default_detail = "The issuer's keys cannot be fetched."


class TokenUser:
    """Whom a token speaks of. Find your own row by `sub`, which never changes; names and addresses do."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, claims):
        self.claims = claims
        self.pk = self.sub = claims["sub"]
        self.scopes = frozenset(claims.get("scope", "").split())
        self.roles = frozenset(claims.get("role", ()))


class AccessTokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise AuthenticationFailed("The Authorization header must be: Bearer, a space, the token.")
        claims = read(header[1].decode("latin-1"))
        return TokenUser(claims), claims

    def authenticate_header(self, request):
        return "Bearer"  # without it, REST framework answers 403 where 401 is meant


def read(token):
    try:
        # RFC 9068 4: an ID token is signed by the same issuer and is no access token.
        if str(jwt.get_unverified_header(token).get("typ")).lower() not in ("at+jwt", "application/at+jwt"):
            raise AuthenticationFailed("The token is no access token.")
        return jwt.decode(
            token,
            issuer_keys().get_signing_key_from_jwt(token).key,
            algorithms=["ES256"],
            issuer=settings.ISSUER,
            audience=settings.API_AUDIENCE,
            leeway=30,
            options={"require": ["iss", "aud", "sub", "exp", "iat", "client_id", "jti"]},
        )
    except jwt.PyJWKClientError as error:
        # PyJWT has one class for two cases: the keys are there and this one is not among them, or there are none.
        if str(error).startswith("Unable to find a signing key"):
            raise AuthenticationFailed("The token is signed by an unknown key.") from error
        raise IssuerIsAway from error
    except (jwt.InvalidTokenError, TypeError) as error:
        # TypeError: a token that says ES256 and names the issuer's RSA key.
        raise AuthenticationFailed(f"The token is not valid: {error}") from error


@lru_cache(maxsize=1)
def issuer_keys():
    # Keys are kept for five minutes; one that is not among them is looked for at once.
    return jwt.PyJWKClient(settings.ISSUER_JWKS_URL, cache_keys=False, lifespan=300)


class HasScope(BasePermission):
    """Subclass and set `scope`."""

    scope = None

    def has_permission(self, request, view):
        return self.scope in getattr(request.user, "scopes", ())

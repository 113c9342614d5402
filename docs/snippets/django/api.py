"""A whole API on issuer_auth.py. Run it: python3 api.py 8000"""

import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not used here: nothing is signed with it",
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework"],
    ISSUER=os.environ.get("ISSUER", "http://localhost:8400/"),
    ISSUER_JWKS_URL=os.environ.get("ISSUER_JWKS_URL", "http://localhost:8400/.well-known/jwks"),
    API_AUDIENCE=os.environ.get("AUDIENCE", "http://localhost:8410"),
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["issuer_auth.AccessTokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.management import execute_from_command_line  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.decorators import api_view, permission_classes  # noqa: E402
from rest_framework.response import Response  # noqa: E402

from issuer_auth import HasScope  # noqa: E402


class CanReadNotes(HasScope):
    scope = "notes.read"


@api_view(["GET"])
@permission_classes([CanReadNotes])
def notes(request):
    return Response({"subject": request.user.sub})


urlpatterns = [path("notes", notes)]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", sys.argv[1] if len(sys.argv) > 1 else "8000"])

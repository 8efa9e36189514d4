"""An authorization server in a process of its own: Django OAuth Toolkit, with PKCE demanded, refresh tokens replaced with each use,
and all tokens of a consent revoked where one is used twice. Beside it an API that takes its access tokens.

    python authority.py FOLDER CLIENT SECRET PERSON PASSWORD      prints its address, serves until it is ended
"""

# mypy: disable-error-code="import-untyped,import-not-found"

import asyncio
import json
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import uvicorn
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

REDIRECTS = "http://127.0.0.1/back https://console.example/back"
"""Any port of loopback will do (RFC 8252, 7.3)."""
LOGIN = '<form method="post">{% csrf_token %}{{ form }}</form>'
APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "oauth2_provider"]
OAUTH = {
    "PKCE_REQUIRED": True,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES": {"things": "See your things"},
}


def configure(folder: Path) -> None:
    loaders = [
        ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN}),
        "django.template.loaders.app_directories.Loader",
    ]
    processors = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]
    settings.configure(
        SECRET_KEY="of-tests-only",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=APPS,
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": loaders, "context_processors": processors},
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "authority.sqlite"}},
        MIGRATION_MODULES={one.rpartition(".")[2]: None for one in APPS},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        OAUTH2_PROVIDER=OAUTH,
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def fill(client: str, secret: str, person: str, password: str) -> None:
    from django.contrib.auth.models import User
    from oauth2_provider.models import Application

    owner = User.objects.create_user(person, password=password)
    Application.objects.create(
        name="Lockgate",
        user=owner,
        client_id=client,
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=REDIRECTS,
    )


class Door:
    """Whether the API answers those whose token is good, and how many wait for that."""

    opened = asyncio.Event()
    waiting = 0


async def things(request: HttpRequest) -> JsonResponse:
    """The API: whoever has a good token of the right scope may read."""
    from oauth2_provider.oauth2_backends import get_oauthlib_core

    allowed, told = await sync_to_async(get_oauthlib_core().verify_request)(request, scopes=["things"])
    if not allowed:
        return JsonResponse({"message": "no good token"}, status=401)
    Door.waiting += 1
    try:
        await Door.opened.wait()
    finally:  # also where nobody waits for the answer any more
        Door.waiting -= 1
    return JsonResponse({"account": told.user.username})


async def control(_: HttpRequest, what: str) -> JsonResponse:
    """What a test does to the server, or asks of it."""
    if what == "shut":
        Door.opened.clear()
    elif what == "open":
        Door.opened.set()
    return JsonResponse({**await sync_to_async(tokens)(what), "waiting": Door.waiting})


def tokens(what: str) -> dict[str, int]:
    from oauth2_provider.models import AccessToken, RefreshToken

    if what == "expire":
        AccessToken.objects.update(expires=timezone.now() - timedelta(hours=1))
    elif what == "withdraw":
        for one in RefreshToken.objects.filter(revoked__isnull=True):
            one.revoke()
    known: Any = RefreshToken.objects
    return {"given": known.count(), "good": known.filter(revoked__isnull=True).count()}


def urlpatterns_made() -> list[Any]:
    from django.contrib.auth.views import LoginView
    from django.urls import include, path

    return [
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
        path("accounts/login/", LoginView.as_view()),
        path("api/things", things),
        path("control/<what>", control),
    ]


def main() -> None:
    configure(Path(sys.argv[1]))
    fill(*sys.argv[2:])
    globals()["urlpatterns"] = urlpatterns_made()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{door.getsockname()[1]}"}) + "\n")
        sys.stdout.flush()
        config = uvicorn.Config(get_asgi_application(), log_level="warning", lifespan="off")
        uvicorn.Server(config).run(sockets=[door])


if __name__ == "__main__":
    main()

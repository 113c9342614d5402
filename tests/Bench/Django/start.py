"""
A server of the benchmark: Django with REST framework and simplejwt on gunicorn, all from Debian.

/usr/bin/python3 start.py

Settings, from the environment: Urls, ConnectionStrings__Django, Keys__File (created if it does not exist), and Migrate=true,
which applies pending migrations and creates the user.
"""

import os
import sys
from pathlib import Path

import django
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command
from django.db import connection

FOLDER = Path(__file__).resolve().parent


def create_key(file):
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.touch(mode=0o600)
    file.write_bytes(pem)


def migrate():
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()
    if connection.vendor == "sqlite":
        # Kept in the file. EF Core does the same for the .NET servers.
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    call_command("migrate", verbosity=0)
    create_user()


def create_user():
    from django.contrib.auth.models import User  # only after django.setup()

    if not User.objects.filter(username="alice").exists():
        User.objects.create_user("alice", "alice@example.test", "Measured-by-the-bench-1")


key = Path(os.environ["Keys__File"])
if not key.exists():
    create_key(key)
if os.environ.get("Migrate") == "true":
    migrate()

# In place of this process: the process that was started is the parent of all workers.
os.execv(sys.executable, [
    sys.executable, "-m", "gunicorn", "--config", str(FOLDER / "gunicorn.conf.py"), "--pythonpath", str(FOLDER), "wsgi",
])

# SPDX-License-Identifier: Apache-2.0
"""prepare.py DATABASE: fills Django's database with the lots of a copy of the daemon's, makes a regulator in a group
that may see them, signs her in, and prints the session's cookie."""
import os
import sqlite3
import sys
from datetime import datetime, timezone

import django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command


def main(database):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    from django.contrib.auth.models import Group, Permission, User
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection
    from lots.models import Lot, Product

    connection.cursor().execute("PRAGMA journal_mode = WAL")
    source = sqlite3.connect(database)
    rows = source.execute(
        "SELECT l.gtin, l.lot, l.first_at, COALESCE(p.name_zh, ''), COALESCE(p.organisation_name, '')"
        " FROM traceability_lot AS l LEFT JOIN traceability_product AS p ON p.gtin = l.gtin ORDER BY l.first_at"
    ).fetchall()
    Product.objects.bulk_create(
        Product(gtin=gtin, name=name, organisation_name=organisation)
        for gtin, name, organisation in {row[0]: (row[0], row[3], row[4]) for row in rows}.values()
    )
    Lot.objects.bulk_create(
        (
            Lot(product_id=gtin, lot=lot, first_at=datetime.fromtimestamp(at / 1e6, timezone.utc))
            for gtin, lot, at, _, _ in rows
        ),
        batch_size=500,
    )

    group = Group.objects.create(name="regulator")
    group.permissions.add(Permission.objects.get(codename="view_lot"))
    user = User.objects.create_user("regulator", first_name="演示监管员")
    user.groups.add(group)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


if __name__ == "__main__":
    main(sys.argv[1])

# SPDX-License-Identifier: Apache-2.0
from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lots.models import Lot

MENU = [
    {"href": "/", "label": "首页", "icon": "home"},
    {"href": "/traceability", "label": "农产品追溯", "icon": "leaf"},
    {"href": "/traceability/lots", "label": "批次", "icon": "box", "current": True},
    {"href": "/traceability/findings", "label": "核查事项", "icon": "alert"},
]


@require_GET
@login_required
@permission_required("lots.view_lot", raise_exception=True)
def lots(request):
    rows = list(Lot.objects.select_related("product").order_by("-first_at", "-id")[:21])[:20]
    return render(request, "lots.html", {"lots": rows, "last": int(rows[-1].first_at.timestamp()), "menu": MENU})

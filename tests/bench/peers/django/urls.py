# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from lots import views

urlpatterns = [path("traceability/lots", views.lots)]

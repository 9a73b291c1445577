# SPDX-License-Identifier: Apache-2.0
from django.db import models


class Product(models.Model):
    gtin = models.CharField(max_length=14, primary_key=True)
    name = models.CharField(max_length=200)
    organisation_name = models.CharField(max_length=200)


class Lot(models.Model):
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    lot = models.CharField(max_length=20)
    first_at = models.DateTimeField(db_index=True)

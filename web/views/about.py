"""How to read the pages, and the schema of the data."""

from __future__ import annotations

from flask import Blueprint, render_template

from web import data
from web.snapshots import snapshot

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def page() -> str:
    """Tell what the store holds, how it was made and how to read it."""
    here = snapshot()
    return render_template("about.html", totals=here.catalogue.totals, about=data.about(here.graph))


@blueprint.get("/schema")
def schema() -> str:
    """Show the classes and properties of the data, and the prefixes that queries may use undeclared."""
    return render_template("schema.html", schema=data.schema(snapshot().graph))

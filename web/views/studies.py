"""The start page, the list of studies, and a study with its words."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from web import data, evidence_map
from web.catalogue import PAGE_SIZE
from web.responses import attachment
from web.search import Search
from web.snapshots import Snapshot, snapshot
from web.study import present

blueprint = Blueprint("studies", __name__)
_FACET_NAMES = (
    ("topic", "Topic"),
    ("condition", "Condition"),
    ("intervention", "Intervention"),
    ("design", "Design"),
    ("outcome", "Outcome reported"),
    ("notable", "Worth a look"),
)
_SORTS = (("relevance", "Best match"), ("newest", "Newest"), ("patients", "Largest"), ("title", "Title"))
_SHOWN, _MOST = 7, 60


@blueprint.get("/")
def home() -> str:
    """Show what the store holds: a map of conditions against treatments, and where to start."""
    catalogue = snapshot().catalogue
    return render_template(
        "home.html",
        totals=catalogue.totals,
        map=evidence_map.draw(catalogue),
        newest=catalogue.newest(5),
        search=Search(),
    )


@blueprint.get("/studies")
def index() -> str:
    """Show the studies that the address asks for."""
    search = Search.from_arguments(request.args)
    sorts = [s for s in _SORTS if search.text or s[0] != "relevance"]
    return render_template(
        "studies.html",
        search=search,
        found=snapshot().catalogue.search(search),
        facet_names=_FACET_NAMES,
        sorts=sorts,
        page_size=PAGE_SIZE,
        shown=_SHOWN,
        most=_MOST,
    )


@blueprint.get("/study/<path:key>")
def study(key: str) -> str | BaseResponse:
    """Show a study, or give its record in another format (`?format=json`, `turtle` or `csv`)."""
    here = snapshot()
    report = data.report_iri(here.graph, key)
    if here.catalogue.get(report) is None:
        known = here.catalogue.named(key)
        if known is None:
            abort(404, f"The store holds no study {key!r}.")
        return redirect(url_for("studies.study", key=known.key, format=request.args.get("format")))
    if "format" in request.args:
        return _download(here, key, request.args["format"])
    record = data.record(here.graph, key)
    return render_template("study.html", key=key, study=present(record), related=here.catalogue.related(report))


@blueprint.get("/at/<path:local>")
def at(local: str) -> BaseResponse:
    """Lead from a thing's IRI (without the base) to the place where it is shown: a study, or a figure's row in it."""
    here = snapshot()
    key, part = local.removeprefix("report/"), ""
    while key and here.catalogue.get(data.report_iri(here.graph, key)) is None:
        key, _, last = key.rpartition("/")
        part = f"{last}/{part}".rstrip("/")
    if not key or not local.startswith("report/"):
        abort(404, f"Nothing in the store is shown for {local!r}.")
    row = data.outcome_row(here.graph, key, part) if part else None
    return redirect(url_for("studies.study", key=key, _anchor=row))


def _download(here: Snapshot, key: str, format_name: str) -> Response:
    form = data.STUDY_FORMATS.get(format_name)
    if form is None:
        abort(400, f"No format {format_name!r}; there are: {', '.join(data.STUDY_FORMATS)}.")
    return attachment(form.write(here.graph, key), form.media_type, key, form.suffix)

"""One outcome compared over studies; the address holds the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from ontology.errors import QueryError, VocabularyError
from web import comparison, data
from web.intervals import HEIGHT, WIDTH
from web.options import choices
from web.responses import attachment
from web.snapshots import Snapshot, snapshot

blueprint = Blueprint("compare", __name__)
_GROUPINGS = (
    ("none", "Nothing"),
    ("intervention", "Intervention"),
    ("condition", "Condition"),
    ("design", "Design"),
    ("time", "Time"),
    ("grade", "Grade"),
)
_SORTS = (("newest", "Newest first"), ("value", "Largest value first"), ("patients", "Largest group first"))
_FILTERS = ("outcome", "condition", "intervention", "time", "grade", "arm")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the address holds it; an empty string leaves something open."""

    outcome: str = ""
    condition: str = ""
    intervention: str = ""
    time: str = ""
    grade: str = ""
    arm: str = ""
    group: str = "none"
    sort: str = "newest"

    @classmethod
    def from_arguments(cls, args: Mapping[str, str]) -> Asked:
        """Return the question of an address; choices that don't exist are left at their default."""
        said = {name: args.get(name, "")[:_LONGEST].strip() for name in _FILTERS}
        group, sort = args.get("group", ""), args.get("sort", "")
        return cls(
            **said,
            group=group if group in comparison.GROUPINGS else "none",
            sort=sort if sort in comparison.SORTS else "newest",
        )

    def arguments(self) -> dict[str, str]:
        """Return the address arguments that say this question."""
        said = {name: getattr(self, name) for name in (*_FILTERS, "group", "sort")}
        return {k: v for k, v in said.items() if v and (k, v) not in (("group", "none"), ("sort", "newest"))}

    @property
    def selection(self) -> data.Selection:
        """What is asked for."""
        return data.Selection(**{name: getattr(self, name) or None for name in _FILTERS})

    @property
    def measure(self) -> str:
        """The canonical name of the outcome, where it is one of the vocabulary's."""
        return data.canonical("outcome", self.outcome)


@blueprint.get("/compare")
def page() -> Response | tuple[str, int] | str:
    """Show the comparison that the address asks for, or the form alone; `?format=csv` gives all its rows."""
    here, asked = snapshot(), Asked.from_arguments(request.args)
    if not asked.outcome:
        return _render(here, asked)
    try:
        if request.args.get("format") == "csv":
            rows = here.graph.comparison(asked.selection)
            return attachment(data.comparison_csv(rows), "text/csv", f"compare-{asked.outcome}", "csv")
        found = here.graph.comparison_page(asked.selection, asked.sort, comparison.MOST_ROWS)
    except VocabularyError as error:
        problem = f"Not in the vocabulary: {error.name}." + (" Did you mean:" if error.near else "")
        return _render(here, asked, problem=problem, near=error.near, wrong=error.name), 400
    except QueryError as error:
        return _render(here, asked, problem=f"{error}."), 400
    return _render(here, asked, comparison=comparison.present(here.graph, found, group=asked.group))


def _render(here: Snapshot, asked: Asked, **context: object) -> str:
    wrong = context.pop("wrong", None)

    def near_address(name: str) -> str:
        corrected = {k: name if v == wrong else v for k, v in asked.arguments().items()}
        return url_for("compare.page") + "?" + urlencode(corrected)

    return render_template(
        "compare.html",
        asked=asked,
        options={facet: choices(here.catalogue, facet) for facet in ("outcome", "condition", "intervention")},
        groupings=_GROUPINGS,
        sorts=_SORTS,
        often=here.catalogue.totals.measures,
        download=url_for("compare.page") + "?" + urlencode(asked.arguments() | {"format": "csv"}),
        near_address=near_address,
        width=WIDTH,
        height=HEIGHT,
        **context,
    )

"""CAR T products and transplants built from their parts."""

from __future__ import annotations

import pytest

from extractors.car_targets import cars, targets_of
from extractors.transplants import transplants


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("anti-CD37 CAR T cells", ["CD37 CAR T-cell therapy"]),
        ("CD19-directed chimeric antigen receptor (CAR) T-cell therapy", ["CD19 CAR T-cell therapy"]),
        ("bispecific anti-CD20/CD19 CAR-T", ["CD19/CD20 CAR T-cell therapy"]),
        ("CART-BCMA", ["BCMA CAR T-cell therapy"]),
        ("CAR.CD30 T cells", ["CD30 CAR T-cell therapy"]),
        ("CART19/20", ["CD19/CD20 CAR T-cell therapy"]),
        ("CAR T cells targeting both CD19 and CD22", ["CD19/CD22 CAR T-cell therapy"]),
        ("CD-19 and CD-20 CAR-T", ["CD19 CAR T-cell therapy", "CD20 CAR T-cell therapy"]),
        ("CD19-, CD20-, or BCMA-targeted CAR T cells",
         ["CD19 CAR T-cell therapy", "CD20 CAR T-cell therapy", "BCMA CAR T-cell therapy"]),
        ("chimeric antigen receptor T cells against B-cell maturation antigen", ["BCMA CAR T-cell therapy"]),
        ("CD28-based CD19 CAR-T cells", ["CD19 CAR T-cell therapy"]),
        ("CAR-T therapy for CD19+ leukemia", ["CAR T-cell therapy"]),
        ("CD19 CAR NK cells", ["CD19 CAR NK-cell therapy"]),
        ("FDA-approved CAR T cells", ["CAR T-cell therapy"]),
        ("KTE-C19 CAR T", ["CAR T-cell therapy"]),
        ("the CARBON trial of cardiac care", []),
    ],
)  # fmt: skip
def test_car_products_are_named_by_their_targets(text: str, names: list[str]) -> None:
    """Targets are read before, behind and within the name; what only looks like one isn't taken."""
    assert [c.name for c in cars(text)] == names


def test_targets_follow_the_name() -> None:
    """A canonical name tells its targets."""
    assert targets_of("CD19/CD22 CAR T-cell therapy") == ("CD19", "CD22")
    assert targets_of("CAR T-cell therapy") == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("allogeneic hematopoietic stem-cell transplantation", ["allogeneic HSCT"]),
        ("Autologous Stem Cell Transplantation", ["autologous HSCT"]),
        ("alloHCT and auto-SCT", ["allogeneic HSCT", "autologous HSCT"]),
        ("haploHSCT", ["haploidentical HSCT"]),
        ("an HLA-identical sibling or a matched unrelated donor",
         ["matched sibling donor HSCT", "matched unrelated donor HSCT"]),
        ("a mismatched unrelated donor", ["mismatched unrelated donor HSCT"]),
        ("double-unit umbilical cord-blood transplantation", ["cord blood transplantation"]),
        ("tandem autologous transplants", ["tandem autologous HSCT"]),
        ("related or unrelated donors", ["HSCT from related donor", "HSCT from unrelated donor"]),
        ("bone marrow transplantation", ["HSCT"]),
        ("liver transplant recipients", []),
        ("MRD negativity", []),
    ],
)  # fmt: skip
def test_transplants_are_named_by_their_most_specific_kind(text: str, names: list[str]) -> None:
    """Kind, cells, donor and act make the name; other organs don't."""
    assert [t.name for t in transplants(text)] == names

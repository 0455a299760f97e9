"""`contains` and `startsWith`: which letters are alike, in a field and in the key that a reference names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.engine.product import Product
from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = """
type Place @content(files: ["places/*.md"]) { name: String! @key }
type Person @content(files: ["people/*.md"]) {
  slug: String! @from(file: NAME) @key
  home: Place @filter
  motto: String! @filter
}
"""
ALIKE = [
    ("Łódź", "lodz"),
    ("Lodz", "ŁÓDŹ"),
    ("Søren Ærø", "soren aero"),
    ("Œuvre", "oeuvre"),
    ("Straße", "STRASSE"),
    ("STRASSE", "straße"),
    ("\uff21\uff22\uff23 \uff11", "abc 1"),
    ("CO\u2082", "co2"),
    ("co\u00adop\u200beration", "cooperation"),
    ("cafe\u0301", "CAFÉ"),
    ("İstanbul Iğdır", "istanbul igdir"),
    ("Þór", "thor"),
    ("d’été", "d'ete"),
    ("non\u2011stop", "non-stop"),
    ("`code` é", "`CODE` E"),
    ("Ελλάς", "ΕΛΛΑΣ"),
    ("μετά", "μετα"),
]
NOT_ALIKE = [("कि", "का"), ("abc", "a%"), ("abc", "a_c"), ("o'x", "ox"), ("a-b", "ab")]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Return an engine over a person and a place for each text."""
    site = SiteFolder(tmp_path_factory.mktemp("people"), MODEL)
    for number, (text, _) in enumerate([*ALIKE, *NOT_ALIKE]):
        written = json.dumps(text)
        site.page(f"places/p{number}.md", f"name: {written}")
        site.page(f"people/h{number}.md", f"home: {written}\nmotto: {written}")
    site.load()
    with Product(site.store) as product:
        yield product


def found(product: Product, field: str, operator: str, part: str) -> set[str]:
    """Return the texts of the people whom a condition finds."""
    document = "query ($filter: PersonFilter) { people(filter: $filter, first: 100) { nodes { motto } } }"
    answer = product.data(document, {"filter": {field: {operator: part}}})
    return {each["motto"] for each in answer["people"]["nodes"]}


@pytest.mark.parametrize("field", ["motto", "home"])
@pytest.mark.parametrize(("text", "part"), ALIKE)
def test_part_is_found_however_its_letters_are_written(product: Product, field: str, text: str, part: str) -> None:
    """As by search: case, accents, strokes, ligatures, width and what nobody sees do not count."""
    assert text in found(product, field, "startsWith" if field == "home" else "contains", part)
    assert text in found(product, field, "contains", part[1:])
    assert text in found(product, field, "contains", text[1:])


@pytest.mark.parametrize("field", ["motto", "home"])
@pytest.mark.parametrize(("text", "part"), NOT_ALIKE)
def test_what_is_another_text_is_not_found(product: Product, field: str, text: str, part: str) -> None:
    """Vowel signs are part of their letter; nothing is a pattern; what is seen counts."""
    assert text not in found(product, field, "contains", part)


def test_equal_is_exact(product: Product) -> None:
    """Only parts are folded."""
    assert found(product, "motto", "eq", "lodz") == set()
    assert found(product, "motto", "eq", "Łódź") == {"Łódź"}

"""docs/seeds.md: an author who copies an article from it gets what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from graphql_api.model.language import builtin_model
from graphql_api.reading.known_keys import known_keys
from graphql_api.reading.problems import Code
from graphql_api.records import Problem
from tests.engine.product import Product

PAGE = (Path(__file__).parents[1] / "docs" / "seeds.md").read_text(encoding="utf-8")
FLAGS = re.MULTILINE | re.DOTALL
ARTICLES = re.findall(r"[Ss]ave (?:it|this one) as `(.+?)`.*?^```markdown\n(.*?)^```$", PAGE, FLAGS)
Loaded = tuple[tuple[Problem, ...], list[dict[str, Any]]]
QUERY = """
{
  questions(orderBy: [URL_ASC]) {
    nodes {
      url title question author score noIndex
      seo { title description keywords }
      answer { headings { text } markdown }
      relatedArticles { position status }
    }
  }
}
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the articles of the page, each in its file."""
    folder = tmp_path_factory.mktemp("seeds")
    for path, text in ARTICLES:
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def loaded(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The problems of a load of the page's articles, and what the API shows of them, by url."""
    with Product(tmp_path_factory.mktemp("store")) as product:
        report = product.load(seeds)
        return report.problems, product.data(QUERY)["questions"]["nodes"]


def test_articles_have_no_problems(loaded: Loaded) -> None:
    """Neither errors nor warnings, and there are two."""
    problems, nodes = loaded
    assert problems == ()
    assert [node["url"].rpartition("/")[2] for node in nodes] == ["what-is-density", "why-does-ice-float"]


def test_absent_keys_are_as_the_table_says(loaded: Loaded) -> None:
    """The least article has its title as question, empty texts, no score, no references, and its body's headings."""
    least = loaded[1][1]
    assert least["question"] == least["title"]
    assert (least["author"], least["score"], least["noIndex"]) == ("", None, False)
    assert least["seo"] == {"title": "", "description": "", "keywords": []}
    assert least["relatedArticles"] == []
    assert least["answer"]["headings"] == [{"text": "How much of it shows"}]


def test_full_article_shows_three_statuses(loaded: Loaded) -> None:
    """It names another article, itself, and one that is not there; its escapes are line breaks."""
    full = loaded[1][0]
    assert [each["status"] for each in full["relatedArticles"]] == ["RESOLVED", "SELF", "DANGLING"]
    assert full["answer"]["markdown"].splitlines()[2:] == ["- iron: 7.9", "- ice: 0.92"]


def test_every_key_is_explained() -> None:
    """In code style, with the name of its mapping before it; `no-index` goes without saying."""
    model = builtin_model()
    question = model.entry_types["Question"]
    seo = {f"seo.{key}" for key in known_keys(model.groups["Seo"].fields)}
    keys = {
        *(key for key in known_keys(question.fields) - {"seo"} if "-" not in key),
        *question.ignore,
        *seo,
        "related_article1",
    }
    assert len(keys) >= 19
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()


def test_every_code_that_it_names_exists() -> None:
    """In the table of what is refused."""
    (table,) = re.findall(r"^## What is refused\n(.*)", PAGE, FLAGS)
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z0-9]+)+)`", table))
    assert named
    assert named <= set(Code)

"""The seeds folder is the product's showcase: it is well formed, and every feature of the format occurs in it.

Read here with PyYAML and regular expressions only, so that a fault of the loader cannot hide one of the seeds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).parent.parent / "seeds"
URL = re.compile(r"/learn/(?P<subject>[a-z0-9-]+)/questions/(?P<slug>[a-z0-9-]+)")
KEYS = {
    *("_schema", "id", "date", "title", "article_title", "date_format", "post_on_text", "seo", "author", "question"),
    *("answer", "subject", "file_name", "url", "score", "no_index"),
}
NEWLINE = r"\\n"
LINE_START = rf"(?:^|{NEWLINE}|\n)"


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed file: its path in the folder, its front matter and what follows it."""

    path: Path
    front: dict[str, Any]
    body: str

    @property
    def text(self) -> str:
        """The answer as written, escapes and all."""
        return str(self.front.get("answer", self.body))

    @property
    def references(self) -> dict[int, dict[str, Any]]:
        """The references by the number in their key."""
        keys = sorted(key for key in self.front if key.startswith("related_article"))
        return {int(key.removeprefix("related_article")): self.front[key] for key in keys}


@cache
def seeds() -> tuple[Seed, ...]:
    """Every seed, by path."""
    found = []
    for path in sorted(SEEDS.rglob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        found.append(Seed(path.relative_to(SEEDS), yaml.safe_load(front), body.strip()))
    return tuple(found)


def by_id() -> dict[int, set[str]]:
    """Return the titles that stand under each id that occurs more than once."""
    urls, titles = Counter(seed.front["id"] for seed in seeds()), defaultdict(set)
    for seed in seeds():
        titles[seed.front["id"]].add(seed.front["title"])
    return {number: titles[number] for number, count in urls.items() if count > 1}


def spellings() -> dict[str, Counter[str]]:
    """Return how often each subject folder spells its title in which way."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for seed in seeds():
        found[seed.path.parts[0]][seed.front["subject"]] += 1
    return found


def without_code(text: str) -> str:
    """Return an answer without its fences and code spans."""
    return re.sub(r"`[^`]+`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def code(language: str) -> list[str]:
    """Return every fence of one language, as written."""
    fence = re.compile(rf"```{language}\b(.*?)```", re.DOTALL)
    return [block for seed in seeds() for block in fence.findall(seed.text)]


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: str(seed.path))
def test_a_seed_has_the_keys_and_types_of_the_format(seed: Seed) -> None:
    """Only known keys, required ones present and typed, three times the same title."""
    front = seed.front
    assert {re.sub(r"related_article\d+", "", key) for key in front} - {""} <= KEYS
    assert (type(front["id"]), type(front["date"])) == (int, dt.date)
    assert all(isinstance(front[key], str) and front[key] for key in ("title", "author", "subject", "url", "question"))
    assert front["title"] == front["article_title"] == front["question"]
    assert isinstance(front.get("score", 0.0), float)
    assert all(front["seo"][key] for key in ("title", "page_description", "page_keywords"))
    assert all(set(each) == {"id", "title", "subject", "url"} for each in seed.references.values())


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: str(seed.path))
def test_a_seed_stands_where_its_url_says(seed: Seed) -> None:
    """The url's segments are the folder and the file's name."""
    match = URL.fullmatch(seed.front["url"])
    assert match
    assert seed.path == Path(match["subject"], match["slug"] + ".md")
    assert seed.front["file_name"] == seed.path.name


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: str(seed.path))
def test_a_seed_is_worth_reading(seed: Seed) -> None:
    """An article has 150 words at least, headings, and closes every fence it opens."""
    words = seed.text.replace("\\n", "\n").split()
    assert 150 <= len(words) <= 550
    assert re.search(rf"{LINE_START}## ", seed.text)
    assert seed.text.count("```") % 2 == 0


def test_there_are_enough_seeds_in_enough_subjects() -> None:
    """At least 64 articles, and 8 or more in each of 6 subjects or more."""
    sizes = [sum(counts.values()) for counts in spellings().values()]
    assert sum(sizes) >= 64
    assert len(sizes) >= 6
    assert min(sizes) >= 8


def test_urls_are_unique() -> None:
    """The url is the identity of an article."""
    assert len({seed.front["url"] for seed in seeds()}) == len(seeds())


def test_no_two_articles_share_their_text_unless_they_share_id_and_title() -> None:
    """The prose is not repeated, except where one text is filed under two subjects."""
    same = Counter((seed.front["id"], seed.front["title"], seed.text) for seed in seeds())
    assert sorted(same.values())[-2:] == [1, 2]
    assert len({seed.text for seed in seeds()}) == len(seeds()) - 1


@pytest.mark.parametrize(
    "pattern",
    [
        r"\$\$.+?\$\$",
        r"(?<!\$)\$[^$ ][^$]*[^$ ]\$(?!\$)",
        r"(?<!\$)\$ R \$",
        r"\\\(.+?\\\)",
        r"\\\[.+?\\\]",
        r"\\neq\b",
        r"\\nabla\b",
        r"\\nu\b",
        r"\\notin\b",
        r"\\ni\b",
        r"\\not\\",
        r"\\times\b",
        r"\\theta\b",
        r"\\tau\b",
        r"\\text\{",
        r"\$\$\\n\\nu\b",
        r"\\begin\{pmatrix\}.+?\\\\ .+?\\end\{pmatrix\}",
        r"\\begin\{pmatrix\}.+?\\\\\\n.+?\\end\{pmatrix\}",
        r"\\\\\\n\\nabla",
        r"\$26,000 ",
        r"\$\d+ a year at the rate \$r\$",
        r"\| \$[\d.,]+ \| \$[\d.,]+ \|",
        rf"{NEWLINE}\| ?:?-+:? ?\|",
        rf"{NEWLINE}- .+?{NEWLINE}  - ",
        rf"{NEWLINE}\d\. .+?{NEWLINE}   ```",
        rf"{NEWLINE}> ",
        rf"{NEWLINE}## ",
        rf"{NEWLINE}### ",
        rf"{NEWLINE}#### ",
        r"\]\(https://[^)]+\)",
        rf"\]\({URL.pattern}\)",
        r"`\"\\n\"`",
        r"(?<!`)`[^`]+`(?!`)",
        r"[Éé]",
        r"ß",
        r"漢字",
        r"[\U0001F300-\U0001FAFF]",
        r"[\u0600-\u06ff]",
    ],
)
def test_some_answer_shows(pattern: str) -> None:
    """Formulas in all four notations and with the commands that look like escapes, money, tables, lists, links, …"""
    assert [seed.path for seed in seeds() if re.search(pattern, seed.text, re.DOTALL)]


@pytest.mark.parametrize("language", ["python", "javascript", "sql", "bash"])
def test_code_is_shown_in(language: str) -> None:
    """There are fences in each of these languages."""
    assert code(language)


@pytest.mark.parametrize(
    ("language", "literal"),
    [
        ("python", r'"first line\nsecond line"'),
        ("python", r'r"C:\new\table"'),
        ("javascript", r'"red\ngreen\nblue"'),
        ("bash", r"'name\tvalue\n'"),
    ],
)
def test_code_has_an_escape_within_a_string(language: str, literal: str) -> None:
    """Besides the escaped line ends there are escapes that belong to the program."""
    assert [block for block in code(language) if literal in block]


def test_prose_holds_no_escape_but_the_newline_of_an_answer() -> None:
    """Outside code and formulas there is no `\\t`, and in the body no `\\n`."""
    formula = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]|\\\(.*?\\\)|\$[^$\n]+?\$", re.DOTALL)
    for seed in seeds():
        prose = formula.sub("", without_code(seed.text))
        assert r"\t" not in prose, seed.path
        assert "answer" in seed.front or r"\n" not in prose, seed.path


def test_one_answer_stands_in_the_body() -> None:
    """A seed without `answer` has its Markdown in the body, with real newlines; all other bodies are empty."""
    bodies = [seed for seed in seeds() if seed.body != "&nbsp;"]
    assert len(bodies) == 1
    assert "answer" not in bodies[0].front
    assert bodies[0].body.count("\n") > 10
    assert all("\n" not in seed.front["answer"] for seed in seeds() if seed not in bodies)


def test_one_id_stands_on_one_text_in_two_subjects_and_on_two_texts() -> None:
    """An id is not unique: with equal titles it is one text filed twice, otherwise two texts."""
    assert sorted(len(titles) for titles in by_id().values()) == [1, 2]


def test_an_id_is_negative() -> None:
    """Ids can be negative."""
    assert any(seed.front["id"] < 0 for seed in seeds())


def test_a_slug_stands_in_two_subjects_under_two_ids() -> None:
    """A slug is unique only within its subject."""
    ids = defaultdict(set)
    for seed in seeds():
        ids[seed.path.name].add(seed.front["id"])
    assert sum(len(numbers) > 1 for numbers in ids.values()) >= 2


def test_one_subject_is_spelt_in_two_ways() -> None:
    """The most frequent spelling names the subject; every other folder has one spelling."""
    assert spellings()["computer-science"] == {"Computer Science": 9, "Computer science": 3}
    assert [len(counts) for folder, counts in spellings().items() if folder != "computer-science"] == [1] * 7


def test_two_articles_are_not_for_search_engines() -> None:
    """`no_index` is absent, false, or true."""
    assert Counter(seed.front.get("no_index") for seed in seeds()) == {None: len(seeds()) - 3, False: 1, True: 2}


def test_scores_are_absent_negative_and_equal() -> None:
    """Orders by score meet nulls, negative numbers and ties."""
    scores = Counter(seed.front.get("score") for seed in seeds())
    assert scores[None] >= 3
    assert scores[-1.0] >= 2
    assert scores[-0.5] == 1
    assert scores[4.0] >= 5


def test_dates_span_three_years_with_ties() -> None:
    """Orders by date meet ties."""
    dates = Counter(seed.front["date"] for seed in seeds())
    assert {date.year for date in dates} == {2023, 2024, 2025}
    assert max(dates.values()) >= 5


def test_authors_are_several_and_not_only_ascii() -> None:
    """Names have accents, other scripts, or neither."""
    authors = {seed.front["author"] for seed in seeds()}
    assert {"Élodie Martin", "Jonas Weiß", "佐藤 美咲", "Amara Okafor"} <= authors


def test_keywords_have_stray_commas_and_blanks() -> None:
    """Some keywords are empty or padded, as authors leave them."""
    keywords = [seed.front["seo"]["page_keywords"] for seed in seeds()]
    assert [text for text in keywords if re.search(r",\s*,", text)]
    assert [text for text in keywords if re.search(r",  |\s,", text)]
    assert [text for text in keywords if text.endswith(",")]


def test_titles_are_long_short_and_not_only_ascii() -> None:
    """A title can fill three lines of a page, and hold quotes, signs and other scripts."""
    titles = [seed.front["title"] for seed in seeds()]
    assert max(map(len, titles)) > 130
    assert min(map(len, titles)) < 20
    assert all(any(sign in title for title in titles) for sign in ("É", "ß", "漢字", "∇", '"\\n"', "$26,000"))


def test_links_in_answers_lead_to_seeds() -> None:
    """Every internal link of an answer is the url of an article."""
    urls = {seed.front["url"] for seed in seeds()}
    for seed in seeds():
        for match in re.finditer(r"\]\((/[^)]*)\)", without_code(seed.text)):
            assert match[1] in urls, seed.path

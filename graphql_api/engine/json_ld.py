"""JSON-LD: a page in schema.org's words, as SQL that gives JSON.

Only properties that schema.org gives the type, or a type above it, are said. Of a type that is not known here, those
that everything has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphql_api.engine.expression import Expression, json_object, sql_value, token

if TYPE_CHECKING:
    from graphql_api.engine.page_values import PageValues

DEFAULT_TYPE: Final = "WebPage"
BREADCRUMBS: Final = "BreadcrumbList"
_ASKED: Final = "QAPage"
_ARTICLE_ENDINGS: Final = ("Article", "Posting", "Report")
_PAGES: Final = frozenset((
    "AboutPage", "CheckoutPage", "CollectionPage", "ContactPage", "FAQPage", "ItemPage", "MedicalWebPage",
    "ProfilePage", "QAPage", "RealEstateListing", "SearchResultsPage", "WebPage",
))  # fmt: skip
_WORKS: Final = frozenset((
    "Blog", "Book", "Course", "CreativeWork", "DigitalDocument", "Guide", "HowTo", "LearningResource", "Map", "Movie",
    "MusicRecording", "Photograph", "PodcastEpisode", "Quiz", "Recipe", "Review", "SoftwareApplication", "VideoObject",
    "WebSite",
))  # fmt: skip


def json_ld(values: PageValues, type_name: str | None, home: str | None) -> Expression:
    """Return the page as an entity of a type, and where it stands in the site.

    `home` is SQL for what the site is called, if the content says that.
    """
    told = [] if type_name == BREADCRUMBS else [_entity(values, type_name or DEFAULT_TYPE)]
    crumbs = _breadcrumbs(values, home)
    if len(crumbs) > 1 or not told:
        listed = json_object([("@type", token(BREADCRUMBS)), ("itemListElement", _joined(crumbs))])
        told.append(listed)
    return json_object([("@context", token("https://schema.org")), ("@graph", _joined(told))])


def is_work(type_name: str) -> bool:
    """Return whether schema.org has a type among its creative works, as far as that is known here."""
    return type_name in _PAGES | _WORKS or type_name.endswith(_ARTICLE_ENDINGS)


def _entity(values: PageValues, type_name: str) -> Expression:
    name = _text(values.name)
    members = [("@type", token(type_name)), ("name", name), ("url", _text(values.url))]
    if type_name.endswith(_ARTICLE_ENDINGS):
        members[1:2] = [("headline", name), ("mainEntityOfPage", _text(values.url))]
    more = [("description", values.description, True), ("image", values.image, True)]
    if is_work(type_name):
        more += [("datePublished", values.published, True), ("dateModified", values.modified, True)]
    if type_name == _ASKED:
        return _with(json_object([*members, ("mainEntity", _asked(values))]), more)
    if is_work(type_name):
        more.append(("author", values.writers_json, False))
    return _with(json_object(members), more)


def _asked(values: PageValues) -> Expression:
    """Return what is asked, with the answer that the body is."""
    count = f"CASE WHEN {values.body} IS NULL THEN 0 ELSE 1 END"
    asked = json_object([
        ("@type", token("Question")),
        ("name", _text(values.name)),
        ("text", _text(values.text)),
        ("answerCount", sql_value(count)),
    ])  # fmt: skip
    answer = json_object([
        ("@type", token("Answer")), ("text", _text(values.body)), ("url", _text(values.url)),
    ])  # fmt: skip
    answer = _with(answer, [("datePublished", values.published, True), ("author", values.writers_json, False)])
    accepted = f"CASE WHEN {values.body} IS NOT NULL THEN {answer.sql()} END"
    return _with(asked, [("acceptedAnswer", accepted, False)])


def _breadcrumbs(values: PageValues, home: str | None) -> list[Expression]:
    steps: list[tuple[str, str]] = [*values.groups(), (values.name, values.url)]
    if home:
        steps.insert(0, (home, values.absolute("'/'")))
    return [_crumb(at, name, url) for at, (name, url) in enumerate(steps, 1)]


def _crumb(at: int, name: str, url: str) -> Expression:
    members = [("@type", token("ListItem")), ("position", Expression(str(at))), ("name", _text(name))]
    return _with(json_object(members), [("item", url, True)])


def _with(object_: Expression, more: list[tuple[str, str, bool]]) -> Expression:
    """Return an object with further members, each (key, SQL, whether that gives text), but for those that are NULL."""
    # json_quote gives JSON's null for NULL, so what may be missing is asked before.
    arguments = [
        f"CASE WHEN {value} IS NULL THEN '' ELSE ',\"{key}\":' || {f'json_quote({value})' if is_text else value} END"
        for key, value, is_text in more
        if value != "NULL"
    ]
    template = object_.template[:-1] + "%s" * len(arguments) + "}"
    return Expression(template, (*object_.arguments, *arguments))


def _text(value: str) -> Expression:
    return sql_value(f"json_quote({value})")


def _joined(items: list[Expression]) -> Expression:
    template = ",".join(each.template for each in items)
    return Expression(f"[{template}]", tuple(each for item in items for each in item.arguments))

"""A text becomes the model that it declares, with everything filled in that the rules say."""

from __future__ import annotations

import pytest

from graphql_api.model import names
from graphql_api.model.language import builtin_model, read_model
from graphql_api.model.types import (
    ABSENT,
    Back,
    Direction,
    EntryPart,
    Facet,
    FilePart,
    From,
    Key,
    Missing,
    Reference,
    Search,
    Shape,
    Sibling,
    Walk,
)

SMALL = """
"Posts."
type Post @content(files: ["posts/*.md"]) {
  slug: String! @from(file: NAME) @key
  zhHk: Text
  tags: [Tag!]!
  author: Person @ref(by: "email", missing: ERROR)
  mood: Mood! @default(value: GOOD)
  blocks: [Block!]!
}
type Tag @grouped { slug: String! @from(slug: true) @key  title: String! }
type Person @content(files: ["*.yml"], each: ITEM) { slug: String! @from(slug: true) @key  email: String! @key }
type Text { en: String! }
type Quote @is(value: "a/quote") { text: String! @search }
union Block @block(key: "kind") = Quote | Text
"How it feels." enum Mood { "Well." GOOD  TALK_BLOG @is(value: "talk+blog") }
type Site @singleton(file: "site.yml") { title: String! }
"""


def test_the_builtin_model_is_what_its_text_says() -> None:
    """Types, keys, plurals and searches follow from the text alone."""
    model = builtin_model()
    assert list(model.entry_types) == ["Question", "Subject"]
    assert list(model.groups) == ["Seo", "RelatedArticle"]
    question = model.entry_types["Question"]
    assert question.keys == (Key("url", ("url",)), Key("path", ("subject", "slug")))
    assert (question.plural, question.search, question.globs) == ("questions", "search", ("**/*.md",))
    assert question.field("referencedBy").back == Back("Question", ("relatedArticles", "question"))
    assert question.field("neighbours").walk == Walk(("relatedArticles", "question"))
    assert question.field("next").sibling == Sibling(("title",), "subject")
    assert question.field("date").default_order is Direction.DESC
    assert question.field("subject").reference == Reference("slug")
    assert question.field("subject").search == Search(2, "title")
    assert question.field("author").facet == Facet("author")
    assert question.field("updatedAt").entry is EntryPart.UPDATED_AT
    assert question.field("noIndex").unlisted_when is True
    assert question.field("title").default is ABSENT
    assert not question.field("next").is_value
    assert builtin_model() is model


def test_a_reference_takes_its_keys_from_the_text() -> None:
    """`by`, `orBy` and `missing` are as written; a status names the reference beside it."""
    group = builtin_model().groups["RelatedArticle"]
    assert group.field("question").reference == Reference("url", (("articleId", "title"),), Missing.KEEP)
    assert group.field("status").status_of == "question"
    assert not group.field("status").is_value


def test_a_field_without_from_is_read_from_its_name_in_three_spellings() -> None:
    """camelCase, snake_case, kebab-case, each once."""
    post = read_model(SMALL).entry_types["Post"]
    assert post.field("zhHk").sources == (From(key=("zhHk",)), From(key=("zh_hk",)), From(key=("zh-hk",)))
    assert post.field("mood").sources == (From(key=("mood",)),)
    assert post.field("slug").sources == (From(file=FilePart.NAME),)


def test_a_from_without_a_part_is_of_the_fields_own_key() -> None:
    """In a grouped type the reference gives the key, so that nothing is read from a file there."""
    model = read_model(SMALL)
    assert model.entry_types["Tag"].field("slug").sources == (From(slug=True),)
    assert model.entry_types["Tag"].field("title").sources == ()
    assert model.entry_types["Person"].field("slug").sources == (From(key=("slug",), slug=True),)


def test_references_name_the_identity_unless_they_say_otherwise() -> None:
    """The first @key is the identity."""
    post = read_model(SMALL).entry_types["Post"]
    assert post.field("tags").reference == Reference("slug")
    assert post.field("author").reference == Reference("email", missing=Missing.ERROR)
    assert post.field("tags").type.shape is Shape.ENTRY
    assert str(post.field("tags").type) == "[Tag!]!"


def test_unions_and_enums_keep_what_stands_in_files() -> None:
    """@is is the spelling, else the name is."""
    model = read_model(SMALL)
    assert model.unions["Block"].key == "kind"
    assert model.unions["Block"].members == {"a/quote": "Quote", "Text": "Text"}
    assert model.groups["Quote"].block == "a/quote"
    assert model.choices["Mood"].values == {"GOOD": "GOOD", "TALK_BLOG": "talk+blog"}
    assert model.choices["Mood"].description == "How it feels."
    assert model.choices["Mood"].descriptions == {"GOOD": "Well."}
    assert model.entry_types["Post"].field("mood").default == "GOOD"


def test_texts_in_blocks_are_searched() -> None:
    """A type has a search as soon as a text anywhere in its entries is searched."""
    model = read_model(SMALL)
    assert names.search_field(model.entry_types["Post"]) == "searchPosts"
    assert names.search_field(model.entry_types["Tag"]) == ""


def test_a_singleton_has_one_file_no_list_and_needs_no_key() -> None:
    """Its name is its lookup."""
    site = read_model(SMALL).entry_types["Site"]
    assert (site.globs, site.is_singleton, site.plural, site.keys) == (("site.yml",), True, "", ())
    assert site.identity is None
    assert names.lookup_field(site) == "site"


@pytest.mark.parametrize(
    ("word", "several"),
    [
        *(("question", "questions"), ("category", "categories"), ("box", "boxes"), ("day", "days")),
        *(("blogPost", "blogPosts"), ("companyPerson", "companyPeople"), ("status", "statuses")),
        *(("address", "addresses"), ("branch", "branches"), ("movie", "movies"), ("faq", "faqs")),
        *(("house", "houses"), ("cause", "causes"), ("FAQ", "FAQs"), ("quiz", "quizzes"), ("page2", "page2s")),
    ],
)
def test_plural_and_singular_are_each_others(word: str, several: str) -> None:
    """Rules 2 and 9 need both."""
    assert names.plural(word) == several
    assert names.singular(several) == word


@pytest.mark.parametrize("word", ["news", "series", "similar", "data", "status", "glass", "analysis"])
def test_what_is_no_plural_has_itself_as_singular(word: str) -> None:
    """`similar` walks to a Similar."""
    assert names.singular(word) == word


@pytest.mark.parametrize(
    ("name", "field"), [("BlogPost", "blogPost"), ("FAQ", "faq"), ("FAQItem", "faqItem"), ("X", "x"), ("post", "post")]
)
def test_a_types_name_as_a_field_begins_small(name: str, field: str) -> None:
    """An acronym is one word."""
    assert names.uncapitalized(name) == field

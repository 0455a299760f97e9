"""Every rule of types tells its problem at its place, alone, with what to do."""

from __future__ import annotations

import pytest

from tests.model.expectation import REST, expect

SHORT = {"@GROUPED": "@grouped { KEY", "@FILES": '@content(files: ["a"])', "KEY": "x: String! @key"}
SYNTAX_CASES = [
    ("", "The model is empty. Declare a type"),
    ("  # nothing\n", "The model is empty."),
    ("type A {⟦}", "Expected Name, found '}'"),
    ("type A { x: Int ⟦", "the end of the text"),
    ('type A { x: Int @from(key: "a) }⟦\n', "Unterminated string"),
    ("type A { x: Int @from(key: ⟦$a) }", "This is not GraphQL"),
]

TYPE_CASES = [
    # Definitions that a model has not
    ("⟦extend type Post { y: Int }", "A model has no extensions. Write these fields and directives where the type"),
    ("⟦extend schema @filter", "A model has no extensions."),
    ("⟦schema { query: Post }", "A model has no schema: Query and the rest follow from the types."),
    ("⟦input A { x: Int }", "A model has no inputs: filters and orders follow from @filter and @order."),
    ("⟦interface A { x: Int }", "A model has no interfaces: Node is added by itself."),
    ("⟦scalar A", "A model has no scalars of its own: use String, or JSON for any value."),
    ("⟦directive @a on OBJECT", "A model has no directives of its own: use those of the vocabulary."),
    ("⟦query { x }", "This is a query, which a model does not have."),
    ("⟦{ x }", "This is a query, which a model does not have."),
    ("⟦fragment A on Post { x }", "This is a query, which a model does not have."),
    ("type ⟦Subscription { x: Int }", "Subscription is a type of the API itself. Rename it"),
    ("type ⟦Query { x: Int }", "Query is a type of the API itself."),
    ("type A implements ⟦Node @GROUPED }", "A model has no interfaces; Node is added by itself."),
    # Types and their directives
    ("type ⟦Post { x: Int }", "There are two types Post. Rename one."),
    ("type ⟦A @grouped", "A has no fields. Give it at least one."),
    ("type A ⟦@content { KEY }", "@content needs its argument files: @content(files: …)."),
    ("type A @content(⟦files: 1) { KEY }", "The argument files of @content is 1."),
    ("type ⟦A @grouped { x: String! }", "Nothing names the entries of A. Put @key on a field that differs in each"),
    ("type ⟦A @FILES { x: String! }", "slug: String! @from(file: NAME) @key"),
    ('type A @singleton(file: "a.yml") ⟦@grouped { x: Int }', "Take @grouped or @singleton out."),
    ('type A @singleton(file: "a.yml") ⟦@FILES { x: Int }', "Take @content or @singleton out."),
    ('type A @singleton(⟦file: "*.yml") { x: Int }', "A singleton is one file. Name it without wildcards."),
    ('type A @grouped ⟦@is(value: "a") { KEY }', "@is is for a group of a union, and A has entries."),
    ('type A @content(files: ["a"], plural: "b") @grouped(⟦plural: "c") { KEY }', "Keep one."),
    ("type A @content(⟦files: []) { KEY }", "No files are named."),
    ('type A @content(⟦files: ["!a"]) { KEY }', "No files are named."),
    ('type A @content(⟦files: ["a", "/b"]) { KEY }', "The glob has a / too many."),
    ('type A @content(⟦files: ["*.txt"]) { KEY }', "Files with the ending .txt are not read."),
    ('type A @content(⟦files: ["*.{md,mdx}"]) { KEY }', "The glob has brackets or braces."),
    ('type A @content(files: ["a"], ⟦search: "b") { KEY }', "Nothing of A is searched."),
    ('type A @content(files: ["a"], ⟦plural: "b c") { KEY }', "'b c' is no name."),
    ('type A @grouped(⟦plural: "") { KEY }', "'' is no name."),
    ('type A @singleton(file: "a.yml") { x: A ⟦@sibling(by: ["y"]) y: Int }', "A singleton is the only one"),
    ('type A @GROUPED  y: [A!]! @ref(⟦by: "y") }', "A has no key 'y'."),
    ('type A @singleton(file: "a.yml") { x: Int } type B @GROUPED  ⟦y: A }', "no single field that names"),
    # @key on types
    ("type A @GROUPED  y: String! ⟦@key }", "References name entries of A by one key."),
    ("type A @FILES ⟦@key { KEY }", "On a type, @key names two fields or more"),
    ('type A @FILES ⟦@key(name: "k", fields: ["x"]) { KEY }', "names two fields or more"),
    ('type A @FILES @key(name: "k", ⟦fields: ["x", "z"]) { KEY }', "A has no field 'z'."),
    ('type A @FILES @key(name: "k", ⟦fields: ["x", "y"]) { KEY  y: Int }', "y is Int. A part"),
    ('type A @FILES @key(⟦name: "x y", fields: ["x", "y"]) { KEY  y: Int! }', "is no name."),
    ('type A @FILES ⟦@key(name: "id", fields: ["x", "y"]) { KEY  y: Int! }', "id would be the name of a key"),
    # @page
    ("type A ⟦@page @FILES { KEY }", "A page has an address, and A has none."),
    ('type A @page(⟦jsonLd: "a b") @FILES { url: String! @key }', "jsonLd is the name of a type"),
    ('type A @page(⟦title: "x") @FILES { url: String! @key }', "A has no field 'x'."),
    ('type A @page(⟦title: "x") @FILES { url: String! @key  x: Int }', "x is Int. Name a field of"),
    ('type A @page(⟦image: "x") @FILES { url: String! @key  x: Int }', "Image or String or Url."),
    ("type A @page @FILES { url: String! @key  ⟦meta: Int }", "`meta` is added by @page."),
    ("type Post2 @GROUPED  y: G } type G ⟦@page { url: String! }", "@page is about entries, and G has none."),
    # Groups, unions and enums
    ("type A @GROUPED g: G } type G { ⟦g: G! }", "G holds itself without an end."),
    ("type A @GROUPED g: [G!] } type G { g: [G!]  t: String ⟦@search }", "Take @search out."),
    ("union A = Quote type B @GROUPED a: A }".replace("A =", "⟦A =").replace("⟦A", "A", 0), "Say which key"),
    ('union A @block(key: "k") = ⟦Post  type B @GROUPED  a: A }', "Post is no group of fields"),
    ('union A @block(key: "k") = ⟦Quot  type B @GROUPED  a: A }', "There is no type Quot. Did you mean"),
    ('union A @block(key: "k") = Quote | ⟦Quote  type B @GROUPED  a: A }', "Quote stands twice in A."),
    ('union ⟦A @block(key: "k")  type B @GROUPED  a: A }', "A has no groups."),
    ('type E @is(value: "Quote") { x: Int } union A @block(key: "k") = Quote | ⟦E type B @GROUPED a: A }',
     "Quote and E both are 'Quote' in a file."),
    ("enum ⟦A  type B @GROUPED  a: A }", "A has no values."),
    ("enum A { C ⟦C }  type B @GROUPED  a: A }", "A has two values C."),
    ('enum A { C ⟦D @is(value: "C") }  type B @GROUPED  a: A }', "C and D both are 'C' in a file."),
    ("enum A { C ⟦@filter }  type B @GROUPED  a: A }", "@filter cannot stand on a value of an enum."),
    ("enum A ⟦@filter { C }  type B @GROUPED  a: A }", "@filter cannot stand on an enum."),
    ("enum A { ⟦__C }  type B @GROUPED  a: A }", "Names that begin with __ are GraphQL's own."),
    # Names that meet
    ("type ⟦Snippet @GROUPED }", "Snippet is a type of the API itself. Rename it, for example to"),
    ("type ⟦IntFilter @GROUPED }", "IntFilter is a type of the API itself."),
    ("type ⟦Step @GROUPED }", "Step is a type of the API itself."),
    ("type ⟦__A @GROUPED }", "Names that begin with __ are GraphQL's own."),
    ("type News ⟦@FILES { KEY }", 'already. Name the list: @content(plural: "newsList").'),
    ("type Series ⟦@GROUPED }", 'already. Name the list: @grouped(plural: "seriesList").'),
    ("type ⟦Dangling @GROUPED }", "danglingCount would be the name of the number of Dangling"),
    ("type ⟦Pop @GROUPED } type PopEdge @GROUPED }", "PopEdge would be the name of"),
    ('type A @GROUPED  b: [B!]! } type ⟦a @content(files: ["x"], plural: "as2") { KEY } type B @GROUPED }',
     "a would be the name of the type a, and is that of the type A already."),
    ("type A @GROUPED  tag: String @facet } type B @GROUPED  tag: Int ⟦@facet }",
     "TagFacet counts values of String for A.tag already, and Int here. "),
    ("type TagFacet @GROUPED } type B @GROUPED  tag: Int ⟦@facet }",
     "TagFacet is the name of a type, and of this facet's."),
    ('type A @FILES { KEY  ⟦items: [A!]! @walk(over: "a")  a: A }  type Item @GROUPED }',
     "Item would be the name of what A.items finds"),
    ('type ⟦A @content(files: ["a"], search: "node") { KEY @search }',
     "node would be the name of the search of A, and is that of the API itself already."),
]  # fmt: skip


UNCLEAR = """
type Log ⟦@conten(files: ["logs/*.md"]) {
  slug: String! @from(file: NAME) @key @filter
  draft: Boolean! @default(value: false) @hidden
  writer: Author @ref(missing: ERROR)
  next: Log @sibling(by: ["slug"])
}
type Shelf @grouped { slug: String! @key logs: [Log!]! @back(of: "Log.shelf") }
"""
ITEMS = 'type Row @content(files: ["rows.yml"], ⟦each: ITM) { slug: String! @from(file: KEY) @key @order }'


@pytest.mark.parametrize(
    ("text", "message"), [(UNCLEAR, "Did you mean @content?"), (ITEMS, "must be one of FILE, ITEM")]
)
def test_what_follows_from_a_bad_directive_on_a_type_is_not_told(text: str, message: str) -> None:
    """Whether the type has entries or files is not known until it is mended."""
    expect(text.lstrip("\n") + REST, message)


@pytest.mark.parametrize(("text", "message"), TYPE_CASES)
def test_a_bad_type_is_told_at_its_place(text: str, message: str) -> None:
    """Beside a model that is good."""
    for short, long in SHORT.items():
        text = text.replace(short, long)
    expect(REST + text, message)


@pytest.mark.parametrize(("text", "message"), SYNTAX_CASES)
def test_a_text_that_is_not_the_language_is_told_where_it_ceases_to_be(text: str, message: str) -> None:
    """One problem, and nothing else is looked for."""
    expect(text, message)

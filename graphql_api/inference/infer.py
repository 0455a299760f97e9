"""Infer: from a folder of files to the text of a model that they all fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.inference.asked import add_asked, add_notes
from graphql_api.inference.columns import columns_of
from graphql_api.inference.drafts import Document, Draft, FieldDraft, TypeDraft
from graphql_api.inference.fields import FieldMaker, union_site
from graphql_api.inference.gathering import apart, collections_of
from graphql_api.inference.grouping import add_backs, add_groups
from graphql_api.inference.hints import Hints, read_hints
from graphql_api.inference.identity import add_identity, add_language, is_unique, put_identity_first, texts_of
from graphql_api.inference.items import items_of
from graphql_api.inference.languages import languages_of
from graphql_api.inference.machinery import left_out
from graphql_api.inference.mending import mended
from graphql_api.inference.mixed import BODY_KEYS
from graphql_api.inference.naming import is_singleton, names_of
from graphql_api.inference.references import add_references
from graphql_api.inference.sites import Sites
from graphql_api.inference.unions import unions_of
from graphql_api.inference.urls import add_url_parts
from graphql_api.inference.walk import LeftOut, walk
from graphql_api.inference.words import type_name
from graphql_api.inference.writing import arguments, quoted, written
from graphql_api.model.names import uncapitalized

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.inference.collection import Collection
    from graphql_api.inference.languages import Languages


class Inferred(NamedTuple):
    """A guessed model: its text, the number of entries by the name of their type, and what it says nothing of."""

    text: str
    types: tuple[tuple[str, int], ...]
    left_out: tuple[LeftOut, ...]


def infer(seeds: Path) -> Inferred:
    """Return a model for the files below `seeds`, all of which are read. Raises ContentError where there is none."""
    walked = walk(seeds)
    paths = [file.path for file in walked.files]
    languages = languages_of(paths)
    collections = apart(collections_of(walked.files, languages), languages)
    draft, hints = Draft(), read_hints(seeds)
    made = _types(draft, collections, seeds.resolve().name, hints)
    for type_, collection in zip(made, collections, strict=True):
        type_.header = _header(type_, collection, paths, languages)
    _add_fields(draft, made, hints)
    for type_ in made:
        add_identity(type_)
        add_language(type_, languages)
        add_url_parts(type_, draft)
        _add_names(type_)
    add_references(draft, hints)
    for type_ in made:
        put_identity_first(type_)
    add_groups(draft)
    add_asked(draft)
    add_notes(draft)
    add_backs(draft)
    _drop_unused(draft)
    types = tuple((each.name, len(each.documents)) for each in made)
    return Inferred(mended(written(draft, walked.left_out)), types, walked.left_out)


def _types(draft: Draft, collections: Sequence[Collection], folder_name: str, hints: Hints) -> list[TypeDraft]:
    """Return the types in the order of the collections.

    Of two that would have one name the larger one has it, and before both a file that is called what it holds.
    """

    def rank(index: int) -> tuple[bool, int]:
        each = collections[index]
        is_called_so = each.has_items and len({file.stem for file in each.files}) == 1
        return not is_called_so, -len(each.files)

    order = sorted(range(len(collections)), key=rank)
    named = {index: _type(draft, collections[index], folder_name, hints) for index in order}
    made = [named[index] for index in range(len(collections))]
    draft.types = {each.name: each for each in made}
    return made


def _type(draft: Draft, collection: Collection, folder_name: str, hints: Hints) -> TypeDraft:
    hinted = type_name(hints.name_of(collection.folders)) if not collection.is_odd else ""
    name = draft.free_name(hinted, *names_of(collection, folder_name), has_entries=True)
    type_ = TypeDraft(name, documents=_documents(collection), folders=tuple(sorted(collection.folders)))
    type_.is_singleton = is_singleton(collection)
    draft.types[name] = type_
    return type_


def _documents(collection: Collection) -> list[Document]:
    documents = []
    for file in collection.files:
        if collection.has_items:
            documents += [
                Document(file.path, key, item if isinstance(item, dict) else {"value": item})
                for key, item in items_of(file)
            ]
        else:
            documents.append(Document(file.path, "", file.value, file.has_body))
    return documents


def _header(type_: TypeDraft, collection: Collection, paths: Sequence[str], languages: Languages) -> str:
    own = collection.paths
    if type_.is_singleton:
        type_.note = "One file."
        return f"@singleton(file: {quoted(own[0])})"
    entries = f"{counted(len(type_.documents), 'entry', 'entries')} in " if collection.has_items else ""
    type_.note = f"{entries}{counted(len(own), 'file', 'files')}."
    globs = collection.globs(paths, languages)
    each = ", each: ITEM" if collection.has_items else ""
    return f"@content(files: [{', '.join(map(quoted, globs))}]{each})"


def counted(count: int, one: str, several: str) -> str:
    """Return "1 file" or "1,200 files"."""
    return f"{count:,} {one if count == 1 else several}"


def _add_fields(draft: Draft, made: Sequence[TypeDraft], hints: Hints) -> None:
    mappings = [document.values for type_ in made for document in type_.documents]
    sites = Sites(unions_of(mappings))
    for type_ in made:
        values = [document.values for document in type_.documents]
        columns = columns_of(values)
        type_.ignore = left_out(columns, type_.documents)
        draft.wished |= {type_name(column.name) for column in columns if column.name}
        sites.add((type_.name,), [_without(each, type_.ignore) for each in values], is_group=False)
    for union in sites.unions:
        for value, items in union.members.items():
            sites.add(union_site(union, value), [_without(each, {union.key: ""}) for each in items], is_group=False)
    sites.join()
    maker = FieldMaker(draft, sites, hints)
    for type_ in made:
        type_.fields = maker.fields(type_, (type_.name,))
        _finish(type_)


def _without(mapping: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys} if keys else mapping


def _finish(type_: TypeDraft) -> None:
    """Add the text below the keys, and mend what is particular to items and to `id`."""
    bodies = sum(document.has_body for document in type_.documents)
    count = len(type_.documents)
    for field in type_.fields:
        if field.name == "entryId":
            field.name = f"{uncapitalized(type_.name)}Id"
            field.sources = field.sources or ['key: "id"']
    if any(document.item for document in type_.documents) and all(
        set(each.values) == {"value"} for each in type_.documents
    ):
        type_.fields[0].sources = ['key: "."']
    stood_in = _text_that_bodies_stand_in_for(type_)
    if stood_in:
        stood_in.type_name = "RichText"
        stood_in.sources = [*(stood_in.sources or [arguments(key=stood_in.key)]), "file: BODY"]
        stood_in.is_required = True
        stood_in.why.append(f"else the body, in {bodies} of {count}")
    elif bodies:
        name = "body" if not type_.field("body") else "bodyText"
        why = f"text in {bodies} of {count}"
        type_.fields.append(
            FieldDraft(name, "RichText", is_required=bodies == count, sources=["file: BODY"], why=[why])
        )
    if not type_.fields:
        type_.fields.append(FieldDraft("file", "String", is_required=True, sources=["file: PATH"]))


def _text_that_bodies_stand_in_for(type_: TypeDraft) -> FieldDraft | None:
    """Return the text whose key is absent exactly where there is a body, None if there is none."""
    with_body = {index for index, document in enumerate(type_.documents) if document.has_body}
    without = set(range(len(type_.documents))) - with_body
    texts = (each for each in type_.fields if _may_be_rich(each) and each.column and not each.depth)
    return next(
        (each for each in texts if with_body and each.column and {index for index, _ in each.column.cells} == without),
        None,
    )


def _may_be_rich(field: FieldDraft) -> bool:
    return field.type_name == "RichText" or (field.type_name == "String" and field.name in BODY_KEYS)


def _add_names(type_: TypeDraft) -> None:
    """Keep the titles and names that are different in all: references may be by them."""
    for name in ("title", "name", "term"):
        field = type_.field(name)
        texts = texts_of(field, type_.documents) if field else None
        if texts and is_unique(texts):
            type_.identities.setdefault(name, texts)


def _drop_unused(draft: Draft) -> None:
    """Take out the choices and groups that no field has any more."""
    used: set[str] = set()
    waiting = [field.type_name for type_ in draft.types.values() for field in type_.fields]
    while waiting:
        name = waiting.pop()
        if name in used:
            continue
        used.add(name)
        if name in draft.groups:
            waiting += [field.type_name for field in draft.groups[name].fields]
        elif name in draft.unions:
            waiting += draft.unions[name][1].values()
    draft.choices = {name: choice for name, choice in draft.choices.items() if name in used}
    draft.groups = {name: group for name, group in draft.groups.items() if name in used}
    draft.unions = {name: union for name, union in draft.unions.items() if name in used}

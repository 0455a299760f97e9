"""Identity: what names the entries of a type, and what their urls say."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from graphql_api.inference.drafts import FieldDraft
from graphql_api.inference.forms import is_language
from graphql_api.inference.writing import arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.inference.drafts import Document, TypeDraft
    from graphql_api.inference.languages import Languages

URL_KEYS = ("url", "permalink")
ITEM_KEYS = ("slug", "id", "key", "code", "sku", "login", "username", "name", "title", "label")
CODE_KEYS = frozenset(("sku", "code", "handle", "uid", "uuid", "isbn", "identifier"))
NINE_IN_TEN = 0.9
MANY_FOLDERS = 3
"""So many folders with one file of the same name each are folders of entries."""

_DATE_LENGTH = len("2024-02-29")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}-(?=.)")
_NUMBER = re.compile(r"(\d+)([.\-_])(?=.)")


def add_identity(type_: TypeDraft) -> None:
    """Find what names the entries, and make keys of it: a field that is unique, else a part of the file."""
    if type_.is_singleton:
        return
    is_item = bool(type_.documents[0].item)
    _add_unique(type_, "slug")
    if is_item and not type_.identity:
        _add_own_key(type_)
    for name in URL_KEYS:
        _add_unique(type_, name)
    _add_codes(type_)
    if type_.identity:
        return
    if is_item:
        _add_item_key(type_)
    elif not _add_optional_slug(type_):
        _add_file_key(type_)


def put_identity_first(type_: TypeDraft) -> None:
    """Put what names the entries before all other keys of a type: of a model's keys the first one is the identity."""
    field = type_.field(type_.identity) if type_.identity else None
    keys = [each for each in type_.fields if "@key" in each.directives]
    if field and keys and keys[0] is not field:
        type_.fields.remove(field)
        type_.fields.insert(type_.fields.index(keys[0]), field)


def add_language(type_: TypeDraft, languages: Languages) -> None:
    """Take the language out of the path, where all files of a type lie in folders of languages."""
    paths = [each.path for each in type_.documents]
    if all(languages.neutral(path) != path for path in paths) and not type_.is_singleton:
        name = next(each for each in ("language", "pathLanguage") if not type_.field(each))
        sources = [f'file: PATH, like: "{languages.like}"']
        field = FieldDraft(name, "String", is_required=True, sources=sources, why=["the folder of the language"])
        field.directives = ["@filter", "@facet"]
        type_.fields.insert(1, field)


def texts_of(field: FieldDraft, documents: Sequence[Document]) -> list[str] | None:
    """Return the text of each document, None if the field is no text, or not in all."""
    if field.column is None or field.depth or field.type_name not in {"String", "Url"}:
        return None
    texts = [value.strip() for value in field.column.values if isinstance(value, str)]
    return texts if len(texts) == len(documents) else None


def is_unique(texts: Sequence[str]) -> bool:
    """Return whether all texts are there and different."""
    return all(texts) and len(set(texts)) == len(texts)


def file_name(path: str) -> str:
    """Return the name of a file without its ending; of index.md that of the folder."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem in {"index", "_index"} and folder else stem


def route(path: str) -> str:
    """Return a path without its ending, and without index or _index."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    return folder if stem in {"index", "_index"} else f"{folder}{slash}{stem}"


def _add_unique(type_: TypeDraft, name: str) -> None:
    field = type_.field(name)
    texts = texts_of(field, type_.documents) if field else None
    if field and texts and is_unique(texts):
        _make_key(type_, field, texts)


def _make_key(type_: TypeDraft, field: FieldDraft, texts: list[str]) -> None:
    """Make a key of a field, and the identity if there is none yet: addresses of other sites are none."""
    field.is_required = True
    field.add("@key")
    field.add("@filter")
    if "all different" not in field.why:
        field.why.append("all different")
    type_.identities[field.name] = texts
    if not type_.identity and not all("://" in text for text in texts):
        type_.identity = field.name


def _add_own_key(type_: TypeDraft) -> None:
    """Make the identity of the key that an item has in a mapping, where it is no number."""
    keys = [each.item for each in type_.documents]
    if is_unique(keys) and not all(key.isdigit() for key in keys):
        _add(type_, "slug", "key", ["file: KEY"], keys, "the item's key")


def _add_codes(type_: TypeDraft) -> None:
    for field in type_.fields:
        texts = texts_of(field, type_.documents) if field.key.lower() in CODE_KEYS else None
        if texts and len(texts) > 1 and is_unique(texts):
            field.add("@key")
            field.add("@filter")
            field.why.append("all different")
            type_.identities[field.name] = texts


def _add_item_key(type_: TypeDraft) -> None:
    keys = [each.item for each in type_.documents]
    for key in ITEM_KEYS:
        for field in type_.fields:
            texts = texts_of(field, type_.documents) if field.key.lower() == key else None
            if texts and is_unique(texts):
                _make_key(type_, field, texts)
                return
    url = next((name for name in URL_KEYS if name in type_.identities), "")
    if url:
        type_.identity = url  # an address says more than the item's number
        return
    if is_unique(keys):
        _add(type_, "number", "itemNumber", ["file: KEY"], keys, "the item's number: no key is in all and different")
        return
    paths = [each.path for each in type_.documents]
    file = _add(type_, "file", "filePath", ["file: PATH"], paths, "", is_key=False)
    item = _add(type_, "item", "itemKey", ["file: KEY"], keys, "", is_key=False)
    type_.more = f'@key(name: "place", fields: ["{file.name}", "{item.name}"])'
    type_.identity = ""


def _add_optional_slug(type_: TypeDraft) -> bool:
    """Make the slug the key where it stands in some files, and the file's name does for the others."""
    field = type_.field("slug")
    if field is None or field.column is None or field.depth or field.type_name != "String":
        return False
    given = {index: value.strip() for index, value in field.column.cells if isinstance(value, str)}
    texts = [given.get(index) or file_name(each.path) for index, each in enumerate(type_.documents)]
    if len(given) != len(field.column.cells) or not is_unique(texts):
        return False
    field.sources = [arguments(key=field.key), "file: NAME"]
    field.why.append("else the name of the file")
    _make_key(type_, field, texts)
    return True


def _add_file_key(type_: TypeDraft) -> None:
    names = [file_name(each.path) for each in type_.documents]
    folders = [each.path.rpartition("/")[0].rpartition("/")[2] for each in type_.documents]
    if (
        len(names) >= MANY_FOLDERS
        and len(set(names)) == 1
        and is_unique(folders)
        and not any(map(is_language, folders))
    ):
        _add(type_, "slug", "folderName", ["file: FOLDER"], folders, "the name of the folder: files have all the same")
        return
    for sources, change, why in _name_sources(names):
        texts = [change(name) for name in names]
        if is_unique(texts):
            _add(type_, "slug", "fileName", sources, texts, why)
            _add_date(type_, names)
            return
    routes = [route(each.path) for each in type_.documents]
    if is_unique(routes):
        _add(type_, "path", "filePath", ["file: ROUTE"], routes, "names of files repeat")
    else:
        paths = [each.path for each in type_.documents]
        _add(type_, "path", "filePath", ["file: PATH"], paths, "names of files repeat")
    _add_date(type_, names)


def _add_date(type_: TypeDraft, names: Sequence[str]) -> None:
    """Take the date from the files' names where they are or begin with one, and no key has it in all of them."""
    are_dates = all(map(_is_date, names))
    dated = sum(1 for name in names if are_dates or (_is_date(name[:_DATE_LENGTH]) and _DATE.match(name)))
    field = type_.field("date")
    if dated < NINE_IN_TEN * len(names) or (
        field and (field.is_required or field.type_name not in {"Date", "DateTime"})
    ):
        return
    if field is None:
        field = FieldDraft("date", "Date", why=["in the name of the file"])
        type_.fields.insert(1, field)
    else:
        field.sources = field.sources or [arguments(key=field.key)]
        field.why.append("else in the name of the file")
    field.sources.append("file: NAME" if are_dates else 'file: NAME, like: "{????-??-??}-*"')
    field.is_required = dated == len(names)


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _name_sources(names: Sequence[str]) -> list[tuple[list[str], Callable[[str], str], str]]:
    """Return the ways to take a key out of the files' names: @from's arguments, what they take, and why."""
    plain: tuple[list[str], Callable[[str], str], str] = (["file: NAME"], str, "the name of the file")
    if all(map(_is_date, names)):
        return [plain]
    for expression, why in ((_DATE, "without the date"), (_NUMBER, "without the number")):
        found = [expression.match(name) for name in names]
        if sum(map(bool, found)) < NINE_IN_TEN * len(names):
            continue
        like = _like(found)
        if like:
            sources = [f'file: NAME, like: "{like}"'] + ([] if all(found) else ["file: NAME"])
            return [(sources, _without(expression), f"the name of the file {why}"), plain]
    return [plain]


def _without(expression: re.Pattern[str]) -> Callable[[str], str]:
    return lambda name: name[found.end() :] if (found := expression.match(name)) else name


def _like(found: Sequence[re.Match[str] | None]) -> str:
    """Return the pattern that takes what follows; "" if numbers are of several forms."""
    if all(match is None or match.re is _DATE for match in found):
        return "????-??-??-{}"
    signs = {match[2] for match in found if match}
    return f"*{signs.pop()}{{}}" if len(signs) == 1 else ""


def _add(  # noqa: PLR0917 - what a field is made of
    type_: TypeDraft, name: str, other: str, sources: list[str], texts: list[str], why: str, *, is_key: bool = True
) -> FieldDraft:
    field = FieldDraft(other if type_.field(name) else name, "String", is_required=True, sources=sources, why=[why])
    type_.fields.insert(0, field)
    if is_key:
        field.directives = ["@key", "@filter"]
        type_.identities[field.name] = texts
        type_.identity = field.name
    return field

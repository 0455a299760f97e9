"""Page fields: which fields of a type with @page say what of a page, by what the model declares of them.

What @page does not name follows from the fields themselves: the text that weighs most in a search is the title, the
first rich text that is searched the body, the date that entries are sorted by the day of publication. Two things only a
name tells: who wrote it, and when it was last changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from graphql_api.model.searched import searched_paths
from graphql_api.model.types import EntryPart, Shape
from graphql_api.store.placements import Placement, placement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphql_api.model.types import EntryType, Field, Model

Path = tuple[str, ...]

_WRITERS: Final = ("author", "authors", "byline", "creator", "creators", "writer", "writers")
_CHANGES: Final = (
    *("updated", "updatedAt", "lastUpdated", "updateDate", "modified", "modifiedAt", "lastModified", "lastmod"),
    *("dateModified", "dateUpdated", "changed", "changedAt"),
)
_CALLED: Final = ("title", "name", "label", "heading")
_ABOUT: Final = ("description", "summary", "excerpt", "abstract", "intro", "lead")
_PICTURES: Final = ("image", "cover", "picture", "photo", "thumbnail", "hero")
_MOMENTS: Final = frozenset(("Date", "DateTime"))


class PageFields(Struct, frozen=True):
    """Paths of fields, () where nothing says it, and names of fields, "" likewise.

    `title` is what the page's head has, `name` what the entry is called. `text` is a plain text in full beside the
    title, `body` the rich text. `groups` are references to what the page is filed under, the outermost first.
    """

    title: Path
    name: str
    description: Path
    image: Path
    text: str
    body: str
    published: str
    modified: str
    writers: str
    groups: tuple[str, ...]


def page_fields(model: Model, type_: EntryType) -> PageFields:
    """Return which fields say what of a page of the type; of a type without pages, by what it can be called."""
    page = type_.page
    name = called_by(model, type_)
    values = [each for each in type_.fields if each.is_value]
    about = _path(page.description if page else None) or _named(values, _ABOUT, _is_text)
    picture = _path(page.image if page else None) or _named(values, _PICTURES, _is_picture)
    modified = _modified(type_)
    return PageFields(
        title=_path(page.title if page else None),
        name=name,
        description=about,
        image=picture,
        text=_full_text(model, type_, {name, *about[:1]}),
        body=_body(values, about),
        published=_published(values, modified),
        modified=modified,
        writers=next((each.name for each in values if each.name in _WRITERS and _are_writers(each)), ""),
        groups=tuple(
            each.name
            for each in values
            if placement(model, each) is Placement.ONE and each.type.is_required and each.name not in _WRITERS
        ),
    )


def called_by(model: Model, type_: EntryType) -> str:
    """Return the field by which entries of a type are called: the heaviest text, one that is named so, or the key."""
    texts = {each.name for each in type_.fields if each.is_value and _is_text(each) and each.type.name == "String"}
    weighed = [(weight, path[0]) for path, weight in searched_paths(model, type_) if len(path) == 1]
    heaviest = max((each for each in weighed if each[1] in texts), key=lambda each: each[0], default=None)
    if heaviest:
        return heaviest[1]
    named = next((name for name in _CALLED if name in texts), "")
    return named or (type_.keys[0].fields[0] if type_.keys else "")


def text_in(model: Model, group: str) -> str:
    """Return the field by which a group is called, "" for none."""
    names = [each.name for each in model.groups[group].fields if each.type.name == "String" and not each.type.is_list]
    return next((name for name in _CALLED if name in names), "")


def _path(dotted: str | None) -> Path:
    return tuple(dotted.split(".")) if dotted else ()


def _named(values: Iterable[Field], names: tuple[str, ...], is_good: Callable[[Field], bool]) -> Path:
    found = {each.name for each in values if is_good(each)}
    return next(((name,) for name in names if name in found), ())


def _is_text(each: Field) -> bool:
    return not each.type.is_list and each.type.name in {"String", "RichText"}


def _is_picture(each: Field) -> bool:
    return not each.type.is_list and each.type.name == "Image"


def _are_writers(each: Field) -> bool:
    return each.type.name == "String" or each.type.shape in {Shape.ENTRY, Shape.GROUP}


def _body(values: Iterable[Field], about: Path) -> str:
    texts = [
        each for each in values if each.type.name == "RichText" and not each.type.is_list and (each.name,) != about
    ]
    return next((each.name for each in texts if each.search), texts[0].name if texts else "")


def _full_text(model: Model, type_: EntryType, told: set[str]) -> str:
    """Return the plain text that weighs most in a search, of those that are not `told` elsewhere."""
    texts = {each.name for each in type_.fields if each.type.name == "String" and not each.type.is_list}
    weighed = [(weight, path[0]) for path, weight in searched_paths(model, type_) if len(path) == 1]
    return max((each for each in weighed if each[1] in texts - told), key=lambda each: each[0], default=(0.0, ""))[1]


def _modified(type_: EntryType) -> str:
    """Return the field of the last change: one of the author's, else the one that the store knows."""
    own = {each.name for each in type_.fields if each.is_value and _is_moment(each)}
    known = (each.name for each in type_.fields if each.entry is EntryPart.UPDATED_AT)
    return next((name for name in _CHANGES if name in own), "") or next(known, "")


def _published(values: Iterable[Field], modified: str) -> str:
    """Return the field of the day of publication: what entries are sorted by comes first."""
    moments = [each for each in values if _is_moment(each) and each.name != modified]
    best = max(moments, key=lambda each: (each.default_order is not None, each.is_order), default=None)
    return best.name if best else ""


def _is_moment(each: Field) -> bool:
    return each.type.name in _MOMENTS and not each.type.is_list

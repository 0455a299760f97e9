"""Compile: from a model to a reader of its files. What runs for each entry are closures that know all they need."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphql_api.model.globs import Globs
from graphql_api.model.types import Each
from graphql_api.reading.content import Refusal, Text, read_text
from graphql_api.reading.draft import Draft
from graphql_api.reading.entry import Entry, RichText, SeedEntries
from graphql_api.reading.events import DATA_FILE, DATA_FILE_OF_ITEMS, Bounds
from graphql_api.reading.generated import Strangers, fill_of
from graphql_api.reading.known_keys import known_keys, reads_whole_value
from graphql_api.reading.mappings import Mappings
from graphql_api.reading.naming import own_fields
from graphql_api.reading.places import Places
from graphql_api.reading.problems import Code, error
from graphql_api.reading.seed_bytes import Source, read_source
from graphql_api.reading.settle import settle
from graphql_api.reading.sources import Whole
from graphql_api.reading.strangers import strangers
from graphql_api.reading.told_texts import with_told
from graphql_api.records import ANY_SITE, Problem, SeedFile, Severity
from graphql_api.rendering.render import render_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from graphql_api.model.types import EntryType, Model
    from graphql_api.records import Served

HIDDEN: Final = object()
"""Stands for the values of an entry that `@hidden` keeps out."""


class _Type(NamedTuple):
    """One entry type, compiled: `matches` says whether a file is its own, `read` gives the values of one entry."""

    name: str
    matches: Callable[[str], bool]
    bounds: Bounds
    has_items: bool
    takes_any_value: bool
    ignored: frozenset[str]
    read: Callable[[Draft], Any]


class Reader:
    """Reads the files of one model; make one with `reader_of`, once for each process."""

    def __init__(self, types: Sequence[_Type], site: Served) -> None:
        """Take the compiled types that have files."""
        self._types = types
        self._site = site
        self._kept: dict[str, tuple[_Type, ...]] = {}

    def claims(self, path: str) -> tuple[str, ...]:
        """Return the names of the types whose globs match the path of a file below the seeds folder."""
        return tuple(each.name for each in self._types_of(path))

    def read(self, root: Path, files: Sequence[SeedFile]) -> list[SeedEntries]:
        """Read files below `root`; whatever is wrong with one is among its problems, never raised.

        A file that no type claims is not opened: it has no entries and no problem. The `file` of what was read is the
        stat of those bytes. Depends on the files alone and keeps nothing, so that processes can share the work.

        Each step is taken for all files before the next one: its code then stays in the processor's caches, which
        makes the whole a quarter faster than going file by file.
        """
        folder = os.fspath(root)
        places = Places(folder, self._site.public)
        claims = [self._types_of(file.path) for file in files]
        sources = [_source(folder, file, types) for file, types in zip(files, claims, strict=True)]
        texts = [
            read_text(source, types[0].bounds) if isinstance(source, Source) else source
            for source, types in zip(sources, claims, strict=True)
        ]
        rich: list[RichText] = []
        read = [
            _entries(file, types, text, places, rich) for file, types, text in zip(files, claims, texts, strict=True)
        ]
        answers = render_answers([each.source for each in rich], [each.escapes for each in rich], self._site.origin)
        for one, answer in zip(rich, answers, strict=True):
            one.rendered = answer
        if any(answer.losses or answer.links for answer in answers):
            return [with_told(seed, text, places) for seed, text in zip(read, texts, strict=True)]
        return read

    def _types_of(self, path: str) -> tuple[_Type, ...]:
        return tuple([each for each in self._types if each.matches(path)])


def reader_of(model: Model, site: Served = ANY_SITE) -> Reader:
    """Return the reader of `model`, for a site that is served as `site` says."""
    mappings = Mappings(model)
    types = [each for each in model.entry_types.values() if each.globs]
    return Reader([_compiled(each, mappings) for each in types], site)


def _compiled(entry_type: EntryType, mappings: Mappings) -> _Type:
    has_items = entry_type.each is Each.ITEM
    return _Type(
        entry_type.name,
        Globs(entry_type.globs).matches,
        DATA_FILE_OF_ITEMS if has_items else DATA_FILE,
        has_items,
        reads_whole_value(own_fields(entry_type)),
        entry_type.ignore,
        _entry_reader(entry_type, mappings),
    )


def _entry_reader(entry_type: EntryType, mappings: Mappings) -> Callable[[Draft], Any]:
    """Return what reads the values of one entry, or `HIDDEN`; a hidden one need not be complete."""
    fields = own_fields(entry_type)
    naming = mappings.names_of_entry(fields)
    ignored = [tuple(key.split(".")) for key in entry_type.ignore if "." not in key]
    known = known_keys(fields, [*naming, *ignored])
    steps = mappings.steps(fields, known)
    hiding = [
        (step.place, fields[step.place].hidden_when, step.read)
        for step in steps
        if fields[step.place].hidden_when is not None
    ]
    others = Strangers(None, strangers(fields, known, mappings.patterns(fields)))
    fill = fill_of([step for step in steps if fields[step.place].hidden_when is None], others)
    size = len(fields)

    def read(draft: Draft) -> Any:  # noqa: ANN401 - a tuple or HIDDEN
        values, at = draft.top, draft.root
        out: list[Any] = [None] * size
        for place, when, read_field in hiding:
            value = out[place] = read_field(values, at, draft, out)
            if value is when:
                return HIDDEN
        fill(values, at, draft, out)
        return tuple(out)

    return read


def _source(root: str, file: SeedFile, types: Sequence[_Type]) -> Source | Refusal | None:
    """Return the bytes of a file that one type claims, or why they cannot be had; None for what nobody claims."""
    if not types:
        return None
    source = read_source(root, file)
    if isinstance(source, Problem):
        return Refusal(file, None, source)
    if len(types) > 1:
        names = " and ".join(each.name for each in types)
        message = (
            f"The types {names} both claim this file. Narrow the files of one of them, with a ! in front of a glob."
        )
        return Refusal(source.file, source.sha256, error(Code.CLAIMED_TWICE, file.path, message))
    return source


def _entries(
    file: SeedFile, types: Sequence[_Type], text: Text | Refusal | None, places: Places, rich: list[RichText]
) -> SeedEntries:
    if text is None:
        return SeedEntries(file, None, (), ())
    if isinstance(text, Refusal):
        return SeedEntries(text.file, text.sha256, (), (text.problem,), 0, frozenset(("",)))
    (entry_type,) = types
    if entry_type.has_items or text.is_mdx or text.has_merge_mark:
        return _settled(text, entry_type, _drafts(text, entry_type, places), rich)
    draft = _draft(text, entry_type, places, "", (), text.content.value)
    if draft.top is not None:
        draft.values = entry_type.read(draft)
    if draft.faults or draft.values is HIDDEN:
        return _settled(text, entry_type, (draft,), rich)
    # The shortest way, for what nearly every file is: one entry, and nothing wrong with it.
    rich += draft.texts
    return SeedEntries(
        text.file, text.sha256, (Entry(entry_type.name, draft.path, "", draft.values, texts=draft.texts),), ()
    )


def _settled(text: Text, entry_type: _Type, drafts: Iterable[Draft], rich: list[RichText]) -> SeedEntries:
    """Return what has come of some drafts, those that have been read and others."""
    entries: list[Entry] = []
    faulty: list[Draft] = []
    failed: list[str] = []
    hidden = 0
    for draft in drafts:
        if draft.top is not None and draft.values is None:
            draft.values = entry_type.read(draft)
        if draft.values is HIDDEN:
            hidden += 1
            continue
        if draft.faults:
            faulty.append(draft)
            if any(fault.severity is Severity.ERROR for fault in draft.faults):
                failed.append(draft.item)  # what is refused is not worth rendering
                continue
        rich += draft.texts
        entries.append(Entry(entry_type.name, draft.path, draft.item, draft.values, texts=draft.texts))
    problems = settle(text, faulty) if faulty or text.is_mdx or text.has_merge_mark else ()
    return SeedEntries(text.file, text.sha256, tuple(entries), problems, hidden, frozenset(failed))


def _drafts(text: Text, entry_type: _Type, places: Places) -> Iterator[Draft]:
    """Yield a draft for each entry of a file; one whose `top` is None cannot be read, and says so."""
    value = text.content.value
    if not entry_type.has_items:
        yield _draft(text, entry_type, places, "", (), value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield _draft(text, entry_type, places, key, (key,), item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield _draft(text, entry_type, places, str(number + 1), (number,), item)
    elif value is not None:
        draft = Draft(text.file.path, "", (), None, "", places, entry_type.ignored)
        draft.refuse(Code.WRONG_TYPE, "is a single value. It must be a list or a mapping of entries.", ())
        yield draft


def _draft(  # noqa: PLR0917 - what a draft is made of
    text: Text,
    entry_type: _Type,
    places: Places,
    item: str,
    at: tuple[str | int, ...],
    value: Any,  # noqa: ANN401
) -> Draft:
    draft = Draft(text.file.path, item, at, value, text.content.body, places, entry_type.ignored)
    if entry_type.takes_any_value:
        draft.top = Whole(value)
    elif value is None:
        draft.top = {}
    elif type(value) is not dict:
        draft.top = None
        kind = "a list" if isinstance(value, list) else "a single value"
        if at:
            draft.refuse(Code.WRONG_TYPE, f"is {kind}. Write it as keys with values.", at)
        else:
            remedy = "Write it as keys with values, or let the model say `each: ITEM`, where it holds several entries."
            draft.refuse_file(Code.FRONT_MATTER_NOT_A_MAPPING, f"The file is {kind}. {remedy}")
    return draft

"""A catalogue of attacks: requests that cost a server much and their sender little, by kind.

Each has a name, and the bytes of a request's body, or of a whole request where it is the head that attacks. None of
them may hold up others, end in a failure of the server, or leave anything behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BODY_BYTES: Final = 1_048_576
_CONTAINS: Final = '(filter: {title: {contains: "a"}})'
_SCANS: Final = {
    "total": f"questions{_CONTAINS} {{ totalCount }}",
    "page": f"questions{_CONTAINS} {{ nodes {{ title }} }}",
    "facets": "questions { facets { years { year count } authors { author count } subjects { count } } }",
    "order": "questions(orderBy: [SCORE_ASC, TITLE_DESC, DATE_ASC]) { nodes { title } }",
    "page info": f"questions{_CONTAINS} {{ pageInfo {{ hasNextPage startCursor endCursor }} }}",
    "not": "(x)".replace("(x)", 'questions(filter: {not: {url: {contains: "zzz"}}}) { totalCount }'),
}
_TEXTS: Final = ("x", "é", "%", '"', "\\", "\u0000", "𝛼", "a ", "(", "* ")
_DEEP_JSON: Final = 100_000


class Attack(NamedTuple):
    """One request: the body of a POST, or all of it if it `is_raw`."""

    name: str
    data: bytes
    is_raw: bool = False


def catalogue() -> list[Attack]:
    """Return all attacks; their names are different, and no body is longer than a server takes."""
    operations = [Attack(name, body(query, variables)) for name, query, variables in _operations()]
    bodies = [Attack(f"body: {name}", data) for name, data in _bodies()]
    heads = [Attack(f"head: {name}", data, is_raw=True) for name, data in _heads()]
    return [each for each in (*operations, *bodies, *heads) if each.is_raw or len(each.data) <= MAX_BODY_BYTES]


def body(query: str, variables: dict[str, Any] | None = None) -> bytes:
    """Return the JSON of a request."""
    return orjson.dumps({"query": query} if variables is None else {"query": query, "variables": variables})


Operation = tuple[str, str, dict[str, Any] | None]
"""Its name, its document, its variables."""


def _operations() -> Iterator[Operation]:
    yield from _nested()
    yield from _aliases()
    yield from _conflicts()
    yield from _fragments()
    yield from _variables()
    yield from _texts()
    yield from _deep()
    yield from _documents()
    yield from _pages()


def _nested() -> Iterator[Operation]:
    for name, scan in _SCANS.items():
        for levels in (1, 2, 3):
            inner = scan
            for _ in range(levels):
                inner = f"questions(first: 100) {{ nodes {{ subject {{ {inner} }} }} }}"
            yield f"nested {name}, {levels} levels", f"{{ {inner} }}", None
        yield f"{name} of every subject", f"{{ subjects(first: 100) {{ nodes {{ {scan} }} }} }}", None
    for depth in (1, 2, 3):
        walk = f"neighbours(depth: {depth}, first: 100) {{ distance question {{ title }} }}"
        yield f"walks of depth {depth}", f"{{ questions(first: 100) {{ nodes {{ {walk} }} }} }}", None


def _aliases() -> Iterator[Operation]:
    page = "{ questions(first: 100) { nodes { %s } } }"
    for count in (10, 40, 130, 250, 350):
        yield f"{count} scans", "{ " + _repeated(_SCANS["total"], count) + " }", None
        yield f"{count} searches", "{ " + _repeated('search(query: "a e i o") { totalCount }', count) + " }", None
        excerpts = " ".join(f"a{n}: excerpt(length: {1000 - n})" for n in range(count))
        yield f"{count} excerpts", page % f"answer {{ {excerpts} }}", None
        nested = page % f"subject {{ questions(first: 100) {{ nodes {{ answer {{ {excerpts} }} }} }} }}"
        yield f"{count} nested excerpts", nested, None
        yield f"{count} whole texts", page % f"answer {{ {_repeated('html', count)} }}", None
        yield f"{count} walks", page % _repeated("neighbours(depth: 3, first: 100) { distance }", count), None
        yield f"{count} titles", page % _repeated("title", count), None
        yield f"{count} schemas", "{ " + _repeated("__schema { types { fields { name } } }", count) + " }", None


def _conflicts() -> Iterator[Operation]:
    for count in (10, 100, 300, 600):
        arguments = " ".join(f"a: questions(first: {n}) {{ totalCount }}" for n in range(count))
        yield f"{count} conflicting arguments", f"{{ {arguments} }}", None
        names = " ".join(f"v: {'version' if n % 2 else 'loadedAt'}" for n in range(count))
        yield f"{count} conflicting names", f"{{ content {{ {names} }} }}", None
        spreads = " ".join(f"...F{n}" for n in range(count))
        fragments = " ".join(
            f"fragment F{n} on Query {{ a: questions(first: {n}) {{ totalCount }} }}" for n in range(count)
        )
        yield f"{count} conflicting fragments", f"{{ {spreads} }} {fragments}", None
        yield f"{count} equal fields", "{ " + "content { version } " * count + "}", None


def _fragments() -> Iterator[Operation]:
    for levels in (10, 30, 100, 250):
        for name, inner in (("bomb", "a: next {{ ...F{0} }} b: previous {{ ...F{0} }}"), ("chain", "...F{0}")):
            parts = [f"fragment F{n} on Question {{ {inner.format(n + 1)} }}" for n in range(levels)]
            parts.append(f"fragment F{levels} on Question {{ title }}")
            yield f"fragment {name} of {levels}", '{ question(by: {url: "x"}) { ...F0 } } ' + " ".join(parts), None
        cycle = " ".join(f"fragment F{n} on Query {{ ...F{(n + 1) % levels} }}" for n in range(levels))
        yield f"cycle of {levels}", f"{{ ...F0 }} {cycle}", None
        unused = " ".join(f"fragment F{n} on Query {{ content {{ version }} }}" for n in range(levels))
        yield f"{levels} unused fragments", f"{{ content {{ version }} }} {unused}", None
    every = " ".join(
        f"fragment F{n} on Query {{ {' '.join(f'...F{m}' for m in range(40) if m != n)} }}" for n in range(40)
    )
    yield "each fragment in each", f"{{ ...F0 }} {every}", None


def _variables() -> Iterator[Operation]:
    ids = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    filtered = "query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }"
    ordered = "query ($o: [QuestionOrder!]) { questions(orderBy: $o) { totalCount } }"
    for count in (100, 10_000, 60_000, 450_000):
        yield f"{count} ids", ids, {"ids": [1] * count}
        yield f"{count} values", filtered, {"f": {"url": {"in": ["a"] * (count // 2)}}}
        yield f"{count} orders", ordered, {"o": ["TITLE_ASC"] * (count // 7)}
        yield f"{count} conditions", filtered, {"f": {"or": [{"articleId": {"gt": n}} for n in range(count // 10)]}}
        yield f"{count} unknown fields", filtered, {"f": {f"k{n}": n for n in range(count // 8)}}
        yield f"{count} wrong values", filtered, {"f": {"articleId": {"in": ["x"] * (count // 4)}}}
        yield f"{count} unknown variables", "{ content { version } }", {f"k{n}": n for n in range(count // 8)}
    for name, value in (
        ("large", 2**63),
        ("negative", -1),
        ("null", None),
        ("list", [1]),
        ("object", {}),
        ("float", 1e308),
    ):
        yield f"size that is {name}", "query ($n: Int) { questions(first: $n) { totalCount } }", {"n": value}
    declared = " ".join(f"$v{n}: Int" for n in range(900))
    yield "900 unused variables", f"query ({declared}) {{ content {{ version }} }}", {}


def _texts() -> Iterator[Operation]:
    places = {
        "url": "query ($t: String!) { question(by: {url: $t}) { title } }",
        "old url": "query ($t: String!) { redirect(url: $t) }",
        "search": "query ($t: String!) { search(query: $t) { totalCount edges { snippet { html } } } }",
        "contains": "query ($t: String!) { questions(filter: {title: {contains: $t}}) { totalCount } }",
        "cursor": "query ($t: String!) { questions(after: $t) { totalCount } }",
        "id": "query ($t: ID!) { node(id: $t) { id } }",
    }
    for place, document in places.items():
        for text in _TEXTS:
            yield f"{place} of {text!r}", document, {"t": text * (60_000 // len(text))}
        yield f"{place} of a megabyte", document, {"t": "x" * 1_000_000}
    for size in (60_000, 900_000):
        yield f"name of {size}", f"{{ {'a' * size} }}", None
        yield f"literal of {size}", f'{{ question(by: {{url: "{"x" * size}"}}) {{ title }} }}', None
        yield f"number of {size}", f"{{ questions(first: {'9' * size}) {{ totalCount }} }}", None


def _deep() -> Iterator[Operation]:
    for levels in (20, 100, 200, 1_000):
        yield f"{levels} fields deep", "{ content " * levels + "}" * levels, None
        yield f"{levels} lists deep", "{ questions(filter: " + "[" * levels + "]" * levels + ") { totalCount } }", None
        yield f"{levels} inline fragments deep", "{ " + "... on Query { " * levels + "x" + " }" * levels + " }", None
        filter_: dict[str, Any] = {"title": {"eq": "x"}}
        for _ in range(min(levels, 200)):
            filter_ = {"not": filter_}
        yield (
            f"{levels} conditions deep",
            "query ($f: QuestionFilter) { questions(filter: $f) { totalCount } }",
            {"f": filter_},
        )
        siblings = "next { " * levels + "title" + " }" * levels
        yield f"{levels} siblings deep", f"{{ questions(first: 100) {{ nodes {{ {siblings} }} }} }}", None


def _documents() -> Iterator[Operation]:
    for size in (3_000, 60_000, 900_000):
        for name, padding in (
            ("comment", "#" + "x" * size),
            ("blanks", " " * size),
            ("commas", "," * size),
            ("lines", "\n" * (size // 2)),
        ):
            yield f"{size} of {name}", "{ content { version } } " + padding, None
        yield f"block string of {size}", '{ question(by: {url: """' + "x\n" * (size // 4) + '"""}) { title } }', None
    for count in (50, 100, 300):
        yield f"{count} operations", " ".join(f"query Q{n} {{ content {{ version }} }}" for n in range(count)), None
        spread = f"fragment F on Query {{ {_repeated('content { version }', 300)} }}"
        yield (
            f"{count} operations of one fragment",
            " ".join(f"query Q{n} {{ ...F }}" for n in range(count)) + spread,
            None,
        )
        yield f"{count * 10} fields that are unknown", f"{{ {' '.join(f'a{n}' for n in range(count * 10))} }}", None
        yield f"{count} directives", "{ content { version " + "@include(if: true) " * count + "} }", None
        yield f"{count} literals", "{ nodes(ids: [" + '"a" ' * (count * 10) + "]) { id } }", None
    for levels in (3, 6, 12):
        types = "ofType { " * levels + "name" + " }" * levels
        yield (
            f"schema {levels} deep",
            f"{{ __schema {{ types {{ fields {{ args {{ type {{ {types} }} }} }} }} }} }}",
            None,
        )


def _pages() -> Iterator[Operation]:
    for arguments in (
        "offset: 2147483647",
        "offset: -1",
        "first: 101",
        "first: 0",
        "last: 100",
        "first: 1, last: 1",
        "last: 1, offset: 1",
    ):
        yield (
            f"page with {arguments}",
            f"{{ questions({arguments}) {{ nodes {{ title }} pageInfo {{ hasNextPage }} }} }}",
            None,
        )
    for query in (
        "a* b* c*",
        '"a" OR "b"',
        "NEAR(a b, 5)",
        "a AND NOT a",
        "-a",
        "^title",
        "a" * 100,
        "the of and to in",
        "'",
        "{a b}: c",
    ):
        yield f"search for {query}", "query ($q: String!) { search(query: $q) { totalCount } }", {"q": query}


def _bodies() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "no JSON", b"x" * 500_000
    yield "no UTF-8", b'{"query": "\xff\xfe"}'
    yield "half a surrogate", b'{"query": "{ search(query: \\"\\ud800\\") { totalCount } }"}'
    yield "a list of requests", b"[" + b",".join([b'{"query":"{content{version}}"}'] * 1_000) + b"]"
    yield "a number", b"1e400"
    yield "a hash that is unknown", b'{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}'
    yield "a hash of another", b'{"query":"{a}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}'
    yield "an id that is unknown", b'{"documentId":"' + b"x" * 100_000 + b'"}'
    yield "two queries", b'{"query":"{content{version}}","query":"{content{loadedAt}}"}'
    start = b'{"query":"{content{version}}","variables":{"a":'
    for levels in (500, _DEEP_JSON):
        yield f"lists {levels} deep", start + b"[" * levels + b"]" * levels + b"}}"
        yield f"objects {levels} deep", start + b'{"a":' * levels + b"1" + b"}" * levels + b"}}"
    for name, item in (("lists", b"[]"), ("objects", b"{}"), ("numbers", b"1"), ("texts", b'""'), ("nulls", b"null")):
        yield f"many {name}", start + b"[" + b",".join([item] * 190_000) + b"]}}"


def _heads() -> Iterator[tuple[str, bytes]]:
    post = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    yield "endless line", b"GET /graphql HTTP/1.1\r\nhost: x\r\na: " + b"x" * 200_000
    yield "endless name", b"GET /graphql HTTP/1.1\r\nhost: x\r\n" + b"x" * 200_000
    yield "endless URL", b"GET /graphql?query=" + b"x" * 200_000
    yield "many lines", b"GET /graphql HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 20_000
    yield "no host", b"GET /graphql HTTP/1.1\r\n\r\n"
    yield "two hosts", b"GET /graphql HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n"
    yield "two lengths", post + b"content-length: 1\r\ncontent-length: 2\r\n\r\n{}"
    yield "length and chunks", post + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}"
    yield "negative length", post + b"content-length: -1\r\n\r\n"
    yield "huge length", post + b"content-length: 99999999999999999999\r\n\r\n"
    yield "bad chunk", post + b"transfer-encoding: chunked\r\n\r\nzz\r\n"
    yield "chunk extensions", post + b"transfer-encoding: chunked\r\n\r\n1;" + b"x" * 200_000
    yield "trailers", post + b"transfer-encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 20_000
    yield "other coding", post + b"transfer-encoding: gzip\r\n\r\n"
    yield "compressed body", post + b"content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"
    yield "other version", b"GET /graphql HTTP/9.9\r\nhost: x\r\n\r\n"
    yield "no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 100
    yield "folded line", b"GET /graphql HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n\r\n"
    yield "spaces before the colon", b"GET /graphql HTTP/1.1\r\nhost : x\r\n\r\n"
    yield "control characters", b"GET /graphql HTTP/1.1\r\nhost: x\r\na: \x00\x01\r\n\r\n"
    yield "a method of its own", b"X" * 5_000 + b" /graphql HTTP/1.1\r\nhost: x\r\n\r\n"
    yield "chunks in HTTP/1.0", b"POST /graphql HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    yield "bare line feeds", b"GET /graphql HTTP/1.1\nhost: x\n\n"
    yield "long Accept", b"GET /graphql HTTP/1.1\r\nhost: x\r\naccept: " + b"a/b;q=0.1," * 3_000 + b"\r\n\r\n"
    yield (
        "event stream in a long Accept",
        b"GET /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream, %b\r\n\r\n" % (b"a/b," * 15_000),
    )
    yield "many codings", b"GET /graphql HTTP/1.1\r\nhost: x\r\naccept-encoding: " + b"a," * 30_000 + b"\r\n\r\n"
    yield "signs without a code", b"GET /graphql?query=" + b"%" * 60_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n"
    yield "path of signs", b"GET /" + b"%" * 60_000 + b".md HTTP/1.1\r\nhost: x\r\n\r\n"
    yield (
        "long If-None-Match",
        b"GET /graphql?query={content{version}} HTTP/1.1\r\nhost: x\r\nif-none-match: " + b'"a",' * 9_000 + b"\r\n\r\n",
    )


def _repeated(field: str, count: int) -> str:
    return " ".join(f"a{n}: {field}" for n in range(count))

"""Images and files are looked up below the seeds folder and below the public one, and nowhere else."""

from __future__ import annotations

import json
import os
import struct
import time
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.kinds.file import File
from graphql_api.kinds.image import Image
from graphql_api.reading.places import Places

from .seed_files import read_files
from .test_sources import front

if TYPE_CHECKING:
    from pathlib import Path

MODEL = 'type Page @content(files: ["**/*.md"]) { path: String! @from(file: PATH) @key image: Image file: File }'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 30, 20, 8, 2, 0, 0, 0)
GIF = b"GIF89a" + struct.pack("<HHBBB", 30, 20, 0, 0, 0)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08\x00\x14\x00\x1e\x03" + b"\x01\x11\x00" * 3 + b"\xff\xd9"
)
WEBP = (
    b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"
    + struct.pack("<I", 29)[:3]
    + struct.pack("<I", 19)[:3]
)
SVG = b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="http://www.w3.org/2000/svg" %s></svg>'


def read(folder: Path, *lines: str, public: Path | None = None, name: str = "blog/a.md") -> tuple[Any, Any, list[str]]:
    """Return the image, the file and the codes of problems of one page."""
    seeds = folder / "seeds"
    seed = read_files(seeds, MODEL, {name: front(*lines)}, public)[name]
    (entry,) = seed.entries
    return entry.values[1], entry.values[2], [problem.code for problem in seed.problems]


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", PNG),
        ("a.gif", GIF),
        ("a.jpg", JPEG),
        ("a.webp", WEBP),
        ("a.svg", SVG % b'width="30px" height="20"'),
        ("a.svg", SVG % b'viewBox="0 0 30 20"'),
    ],
)
def test_image_beside_its_entry_is_measured(tmp_path: Path, name: str, data: bytes) -> None:
    """In every format that browsers show."""
    put(tmp_path / "seeds" / "blog" / name, data)
    assert read(tmp_path, f"image: {name}") == (Image(name, None, 30, 20), None, [])
    assert read(tmp_path, f"image: {{src: ./{name}, alt: A}}")[0] == Image(f"./{name}", "A", 30, 20)


def test_absolute_path_is_looked_up_below_the_public_folder_if_that_is_known(tmp_path: Path) -> None:
    """Else nobody can say whether it is there."""
    put(tmp_path / "public" / "up" / "a b.png", PNG)
    lines = ("image: /up/a%20b.png?x=1", "file: /up/a b.png")
    src = "/up/a%20b.png?x=1"
    assert read(tmp_path, *lines, public=tmp_path / "public") == (
        Image(src, None, 30, 20),
        File("/up/a b.png", len(PNG)),
        [],
    )
    assert read(tmp_path, *lines) == (Image(src), File("/up/a b.png"), [])
    assert read(tmp_path, "image: /no.png", public=tmp_path / "public") == (Image("/no.png"), None, ["FILE_MISSING"])


def test_missing_file_is_a_warning_and_its_value_stays(tmp_path: Path) -> None:
    """A typing error costs no page."""
    image, file, codes = read(tmp_path, "image: no.png", "file: no.pdf")
    assert (image, file, codes) == (Image("no.png"), File("no.pdf"), ["FILE_MISSING", "FILE_MISSING"])


def test_what_lies_elsewhere_is_neither_checked_nor_opened(tmp_path: Path) -> None:
    """Other hosts and data urls are as they are written."""
    for src in (
        "https://example.org/a.png",
        "//example.org/a.png",
        "data:image/png;base64,AA==",
        "mailto:x",
        "file:///etc/passwd",
    ):
        assert read(tmp_path, f"image: '{src}'", f"file: '{src}'") == (Image(src), File(src), [])


def test_nothing_outside_the_folders_is_looked_at(tmp_path: Path) -> None:
    """Neither by dots, nor by links, nor through the public folder."""
    put(tmp_path / "secret.png", PNG)
    put(tmp_path / "seeds" / "blog" / "in.png", PNG)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "seeds" / "blog" / "link.png").symlink_to("../../secret.png")
    for src in (
        "../../secret.png",
        "link.png",
        "/link.png",
        "/../secret.png",
        "/%2e%2e/secret.png",
        "../blog/../../secret.png",
    ):
        image, _, codes = read(tmp_path, f"image: {src}", public=tmp_path / "public")
        assert (image, codes) == (Image(src), ["FILE_MISSING"])
    assert read(tmp_path, "image: ../blog/in.png")[0].width == 30


def test_what_is_no_image_has_no_size(tmp_path: Path) -> None:
    """A FIFO makes nobody wait; a damaged image, and a text, are no error."""
    put(tmp_path / "seeds" / "blog" / "text.png", b"no image")
    put(tmp_path / "seeds" / "blog" / "text.svg", b"<html>")
    os.mkfifo(tmp_path / "seeds" / "blog" / "fifo.png")
    assert read(tmp_path, "image: text.png") == (Image("text.png"), None, [])
    assert read(tmp_path, "image: text.svg")[0] == Image("text.svg")
    assert read(tmp_path, "image: fifo.png") == (Image("fifo.png"), None, ["FILE_MISSING"])
    assert read(tmp_path, "image: 'a\\0b.png'", "file: .")[2] == ["FILE_MISSING", "FILE_MISSING"]
    assert read(tmp_path, 'image: "a%00b.png"')[2] == ["FILE_MISSING"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", PNG[:16] + b"\xff\xff\xff\xff\0\0\0\1" + PNG[24:]),
        ("a.png", PNG[:16] + b"\0\0\0\1\x80\0\0\0" + PNG[24:]),
        ("b.png", b'<svg width="' + b"9" * 400 + b'" height="1">'),
        ("c.png", b"P1 " + b"9" * 4_000 + b" 1 "),
        ("d.png", b"P1#" + b"x" * (2 << 20)),
        ("e.jpg", b"\xff\xd8" + b"x" * (2 << 20)),
        ("f.avif", b"\0\0\0\x0cftypxxxx" + b"xxxx" * (1 << 19)),
    ],
)
def test_image_whose_header_lies_has_no_size(tmp_path: Path, name: str, data: bytes) -> None:
    """No size is more than GraphQL's Int holds, and none is looked for far from the file's start."""
    put(tmp_path / "seeds" / "blog" / name, data)
    started = time.process_time()
    assert read(tmp_path, f"image: {name}") == (Image(name), None, [])
    assert time.process_time() - started < 1


def test_list_of_millions_of_places_in_an_image_is_not_read(tmp_path: Path) -> None:
    """Each of these items says that it has 65,535 parts, none of which takes a byte."""
    items = b"".join(struct.pack(">HHH", number, 0, 0xFFFF) for number in range(2_000))
    properties = box(b"iprp", box(b"ipco", box(b"ispe", struct.pack(">III", 0, 30, 20))))
    places = box(b"iloc", struct.pack(">IBBH", 0, 0, 0, 2_000) + items)
    extended = struct.pack(">I4sQ", 1, b"iloc", 16 + len(places) - 8) + places[8:]
    for each in (places, extended):
        data = box(b"ftyp", b"avif" + bytes(4)) + box(b"meta", bytes(4) + each + properties)
        put(tmp_path / "seeds" / "blog" / "a.avif", data)
        started = time.process_time()
        assert read(tmp_path, "image: a.avif")[0] == Image("a.avif", None, 30, 20)
        assert time.process_time() - started < 1


def box(name: bytes, payload: bytes) -> bytes:
    """Return a box of an AVIF file."""
    return struct.pack(">I4s", 8 + len(payload), name) + payload


@pytest.mark.parametrize("src", ["x://[", "x://\u2100", "\x01//[", "/\t/[", "x://a:b@c", "?", "//["])
def test_address_that_is_no_url_is_a_file_that_is_not_there(tmp_path: Path, src: str) -> None:
    """Whatever stands there: it ends no load."""
    (tmp_path / "public").mkdir()
    lines = (f"image: {json.dumps(src)}", f"file: {json.dumps(src)}")
    for public in (None, tmp_path / "public"):
        assert set(read(tmp_path, *lines, public=public)[2]) <= {"FILE_MISSING"}
        places = Places(str(tmp_path / "seeds"), public)
        assert places.served(f"{src}.png", "blog/a.md") in {None, f"{src}.png"}


def test_link_to_a_name_that_is_not_utf_8_has_a_url(tmp_path: Path) -> None:
    """A url is made of bytes."""
    put(tmp_path / "public" / os.fsdecode(b"\xff.png"), PNG)
    (tmp_path / "public" / "a.png").symlink_to(os.fsdecode(b"\xff.png"))
    (tmp_path / "seeds").mkdir()
    assert Places(str(tmp_path / "seeds"), tmp_path / "public").served("/a.png", "a.md") == "/%FF.png"


def test_empty_image_is_absent(tmp_path: Path) -> None:
    """An editor leaves the keys behind."""
    assert read(tmp_path, "image: {src: '', alt: ''}", "file: ''") == (None, None, [])


@pytest.mark.parametrize(
    ("src", "url"),
    [
        ("a.png", "a.png"),
        ("b.png", "/blog/b.png"),
        ("c.png", "/c.png"),
        ("./c.png?v=1", "/c.png"),
        ("%C3%A9.png", "/%C3%A9.png"),
        ("/c.png", "/c.png"),
        ("/a.png", None),
        ("d.png", None),
        ("../../outside.png", None),
        ("../../../../../../etc/passwd", None),
        ("x\0.png", "x\0.png"),
        ("both.png", "both.png"),
    ],
)
def test_a_file_that_a_text_shows_has_a_url_where_it_is_served(tmp_path: Path, src: str, url: str | None) -> None:
    """Beside the seed it keeps its address; below the public folder it is found as deep as the seed, or at the root."""
    seeds, public = tmp_path / "seeds", tmp_path / "public"
    for path in (seeds / "blog/a.png", seeds / "blog/both.png", public / "blog/both.png", public / "blog/b.png"):
        put(path, PNG)
    for path in (public / "c.png", public / "é.png", tmp_path / "outside.png"):
        put(path, PNG)
    assert Places(os.fspath(seeds), public).served(src, "blog/a.md") == url


def test_without_a_public_folder_addresses_from_the_root_are_not_looked_up(tmp_path: Path) -> None:
    """Nobody knows what the site serves; those beside the seed are."""
    places = Places(os.fspath(tmp_path), None)
    assert places.served("/any.png", "a.md") == "/any.png"
    assert places.served("any.png", "a.md") is None


def test_a_file_below_the_public_folder_is_served_from_wherever_it_is_named(tmp_path: Path) -> None:
    """Also where that folder holds the seeds, or is beside them, and by a link."""
    put(tmp_path / "public/seeds/a.png", PNG)
    put(tmp_path / "public/img/b.png", PNG)
    (tmp_path / "public/seeds/c.png").symlink_to(tmp_path / "public/img/b.png")
    places = Places(os.fspath(tmp_path / "public/seeds"), tmp_path / "public")
    assert places.served("a.png", "x.md") == "/seeds/a.png"
    assert places.served("../img/b.png", "x.md") == "/img/b.png"
    assert places.served("c.png", "x.md") == "/img/b.png"

"""Pixels: how large an image is, by its first bytes, whoever has made them and whatever they say."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
_HEAD_BYTES = 4096
_SVG = re.compile(rb"<svg\b[^>]*>")
_SVG_LENGTH = rb"""[ \t\r\n]%s[ \t]*=[ \t]*["']([0-9]{1,6})(?:\.[0-9]+)?(?:px)?["']"""
_SVG_WIDTH, _SVG_HEIGHT = re.compile(_SVG_LENGTH % b"width"), re.compile(_SVG_LENGTH % b"height")
_SVG_BOX = re.compile(
    rb"""[ \t\r\n]viewBox[ \t]*=[ \t]*["'][-0-9.]+[ ,]+[-0-9.]+[ ,]+([0-9]{1,6})[0-9.]*[ ,]+([0-9]{1,6})"""
)
_MOST_PIXELS: Final = (1 << 31) - 1
"""What GraphQL's Int holds."""
_MOST_READS: Final = 10_000
_MOST_BYTES: Final = 1 << 20
_BOX_TYPE_BYTES: Final = 4
_EXTENDED_SIZE_BYTES: Final = 8

Size = tuple[int, int]
"""Width and height."""


def measured(location: str) -> Size | None:
    """Return the size of the image in a file; None where it cannot be told."""
    try:
        with open(location, "rb", opener=_opened) as file:
            return _of_svg(file.read(_HEAD_BYTES)) if location.endswith(".svg") else _of_pixels(file)
    except OSError:
        return None


def _opened(name: str, _: int) -> int:
    # Not blocking, lest a FIFO that took the image's place makes us wait.
    return os.open(name, _FLAGS)


def _of_pixels(file: BinaryIO) -> Size | None:
    import imagesize  # type: ignore[import-untyped]  # noqa: PLC0415 - 30 ms that most loads can spare

    width, height = imagesize.get(_Bounded(file))
    # A vector image that is called .png has decimal numbers, perhaps infinite ones.
    if not (1 <= width <= _MOST_PIXELS and 1 <= height <= _MOST_PIXELS):
        return None
    return int(width), int(height)


def _of_svg(head: bytes) -> Size | None:
    tag = _SVG.search(head)
    if tag is None:
        return None
    width, height = _SVG_WIDTH.search(tag[0]), _SVG_HEIGHT.search(tag[0])
    if width and height:
        return int(width[1]), int(height[1])
    box = _SVG_BOX.search(tag[0])
    return (int(box[1]), int(box[2])) if box else None


class _Bounded:
    """A file that is read so often, and so much of it, and no more: what its headers say is not to be believed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._reads = _MOST_READS
        self._bytes = _MOST_BYTES

    def seek(self, offset: int, whence: int = 0) -> int:
        """See io.IOBase."""
        return self._file.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        """See io.RawIOBase. Raises ValueError where that is too much."""
        self._reads -= 1
        self._bytes -= size
        if size < 0 or self._reads < 0 or self._bytes < 0:
            raise ValueError("The image's size does not stand near its start.")
        if size > _EXTENDED_SIZE_BYTES and self._is_in_list_of_places():
            # Where Exif lies, by which no browser turns an AVIF or HEIF; a few bytes can list millions of places.
            return bytes(size)
        return self._file.read(size)

    def _is_in_list_of_places(self) -> bool:
        """Return whether the next bytes are what an `iloc` box holds."""
        position = self._file.tell()
        before = _BOX_TYPE_BYTES + _EXTENDED_SIZE_BYTES
        self._file.seek(max(position - before, 0))
        head = self._file.read(min(position, before))
        self._file.seek(position)
        return head.endswith(b"iloc") or (len(head) == before and head.startswith(b"iloc"))

"""Codes: the stable names of everything that can be wrong with a seed; `docs/problems.md` explains each."""

from __future__ import annotations

from enum import StrEnum

from graphql_api.records import Problem, Severity


class Code(StrEnum):
    """The code of a problem. A code is never renamed or reused, so that scripts can rely on it."""

    LINK_LEAVES_FOLDER = "LINK_LEAVES_FOLDER"
    """A symbolic link points outside the seeds folder."""
    LINK_LOOP = "LINK_LOOP"
    """Symbolic links lead in a circle."""
    LINK_BROKEN = "LINK_BROKEN"
    """A symbolic link points at nothing."""
    LINK_REPEATED = "LINK_REPEATED"
    """Too many symbolic links lead to one folder."""
    NOT_A_FILE = "NOT_A_FILE"
    """A name ends in .md, but it is a FIFO, a socket or a device."""
    NAME_NOT_UTF8 = "NAME_NOT_UTF8"
    """The name of a file or folder is not UTF-8."""
    PERMISSION_DENIED = "PERMISSION_DENIED"
    """The operating system does not let us look."""
    FILE_VANISHED = "FILE_VANISHED"
    """A file or folder was removed while it was being looked at."""
    FILE_CHANGED = "FILE_CHANGED"
    """A file changed while it was read, and again on the second try."""
    FILE_UNREADABLE = "FILE_UNREADABLE"
    """The operating system reports another error."""
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    """A file is over 5 MiB."""

    INVALID_UTF8 = "INVALID_UTF8"
    """A file is not UTF-8."""
    NUL_CHARACTER = "NUL_CHARACTER"
    """A file, or an escape in it, holds the character NUL."""
    NO_FRONT_MATTER = "NO_FRONT_MATTER"
    """A file does not begin with a line ---."""
    UNTERMINATED_FRONT_MATTER = "UNTERMINATED_FRONT_MATTER"
    """The front matter has no closing line ---."""
    FRONT_MATTER_TOO_LARGE = "FRONT_MATTER_TOO_LARGE"
    """The front matter is over 256 KiB, or has more than 10,000 values."""
    FRONT_MATTER_NOT_A_MAPPING = "FRONT_MATTER_NOT_A_MAPPING"
    """The front matter is empty, a list or a scalar."""
    INVALID_YAML = "INVALID_YAML"
    """The front matter, or a file of data, is not YAML."""
    INVALID_JSON = "INVALID_JSON"
    """The front matter, or a file of data, is not JSON."""
    INVALID_TOML = "INVALID_TOML"
    """The front matter, or a file of data, is not TOML."""
    DUPLICATE_KEY = "DUPLICATE_KEY"
    """A mapping has one key twice."""
    ANCHOR_REFUSED = "ANCHOR_REFUSED"
    """The front matter has a YAML anchor."""
    ALIAS_REFUSED = "ALIAS_REFUSED"
    """The front matter has a YAML alias."""
    TAG_REFUSED = "TAG_REFUSED"
    """The front matter has a YAML tag."""
    MERGE_KEY_REFUSED = "MERGE_KEY_REFUSED"
    """The front matter has a YAML merge key."""
    NESTING_TOO_DEEP = "NESTING_TOO_DEEP"
    """The front matter nests deeper than 32 levels."""

    MISSING_KEY = "MISSING_KEY"
    """A required key is absent or empty."""
    WRONG_TYPE = "WRONG_TYPE"
    """A key has a value of another type than it should have."""
    INVALID_DATE = "INVALID_DATE"
    """The date is not written YYYY-MM-DD, or no calendar has it."""
    ID_OUT_OF_RANGE = "ID_OUT_OF_RANGE"
    """An id does not fit a GraphQL Int (32 bits, signed)."""
    INVALID_URL = "INVALID_URL"
    """The url is not /learn/<subject-slug>/questions/<slug>."""
    INVALID_VALUE = "INVALID_VALUE"
    """A value is none of those that its field may have: too small, too large, of another form, or no choice."""
    INVALID_REFERENCE = "INVALID_REFERENCE"
    """A related article is malformed and is left out; a warning."""
    UNKNOWN_KEY = "UNKNOWN_KEY"
    """A key that the seed format does not have; a warning."""
    TEXT_WITH_COMMAS = "TEXT_WITH_COMMAS"
    """A text with commas stands where a list is meant, and is one item of it; a warning."""
    MERGE_MARKS = "MERGE_MARKS"
    """The text below the front matter has both sides of a merge; a warning."""
    FILE_MISSING = "FILE_MISSING"
    """An image or a file that a value or a text names is not there; a warning."""
    JSX_NOT_RUN = "JSX_NOT_RUN"
    """An MDX file has JSX, which stays unread; a warning."""
    HTML_LEFT_OUT = "HTML_LEFT_OUT"
    """A text in Markdown has HTML that is not shown; a warning."""
    HTML_AS_TEXT = "HTML_AS_TEXT"
    """A text in Markdown has so much HTML that it is shown as text; a warning."""
    ADDRESS_LEFT_OUT = "ADDRESS_LEFT_OUT"
    """A link has a scheme that no link may have; a warning."""
    FORMULA_AS_SOURCE = "FORMULA_AS_SOURCE"
    """A formula cannot be converted, and its source is shown; a warning."""
    NOTE_LEFT_OUT = "NOTE_LEFT_OUT"
    """Nothing refers to a footnote, so it is not shown; a warning."""
    LINK_DANGLING = "LINK_DANGLING"
    """A link in a text leads nowhere: to no entry, or to no place in its page; a warning."""
    CLAIMED_TWICE = "CLAIMED_TWICE"
    """Two types of the model claim one file."""
    NO_FILES = "NO_FILES"
    """The globs of a type match no file; a warning."""
    DUPLICATE_URL = "DUPLICATE_URL"
    """Two files have one url."""
    REDIRECT_CLASH = "REDIRECT_CLASH"
    """Nobody can say where an old url leads: it is in use, or two say it."""
    REDIRECT_CIRCLE = "REDIRECT_CIRCLE"
    """Old urls lead to each other in a circle."""


class SeedError(Exception):
    """What ends the reading of one seed; it becomes one ERROR and never leaves `content`."""

    def __init__(self, code: Code, message: str, line: int | None = None) -> None:
        """Take the problem's code, its message and its line in the file, from 1."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line

    def problem(self, path: str) -> Problem:
        """Return the ERROR for the file at `path`."""
        return error(self.code, path, self.message, self.line)


def error(code: Code, path: str, message: str, line: int | None = None) -> Problem:
    """Return a problem that keeps the article's new form out."""
    return Problem(Severity.ERROR, code.value, path, line, message)


def warning(code: Code, path: str, message: str, line: int | None = None) -> Problem:
    """Return a problem that costs at most a part of the article."""
    return Problem(Severity.WARNING, code.value, path, line, message)


def from_os_error(cause: OSError, path: str) -> Problem:
    """Return the ERROR for what the operating system says of `path`."""
    if isinstance(cause, PermissionError):
        return error(Code.PERMISSION_DENIED, path, "Permission denied. Let the loader's user read it.")
    if isinstance(cause, FileNotFoundError):
        return error(Code.FILE_VANISHED, path, "It was removed while the seeds were read. Load again.")
    reason = cause.strerror or "no reason given"
    return error(Code.FILE_UNREADABLE, path, f"It cannot be read: {reason}. Check the disk and the path, then load.")

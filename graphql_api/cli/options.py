"""Options that can be given as environment variables too, and those of `serve` that are bounds."""

from __future__ import annotations

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

import click

from graphql_api.settings import (
    DEFAULT_MAX_BODY_BYTES,
    ENVIRONMENT_PREFIX,
    EVERY_PROXY,
    ConnectionLimits,
    Limits,
    LogFormat,
    is_site_origin,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Function = TypeVar("_Function", bound="Callable[..., Any]")


class NeverEmpty(click.Option):
    """An option whose variable is a mistake when it is set but empty; click would take the default."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return the value of the variable, None without one. Raises BadParameter if it is empty."""
        if os.environ.get(str(self.envvar)) == "":
            raise click.BadParameter(f"{self.envvar} is set, but empty.", ctx, self)
        return super().resolve_envvar_value(ctx)


def option(name: str, *names: str, **attributes: Any) -> Callable[[_Function], _Function]:  # noqa: ANN401 - click's
    """Return the decorator of an option that can be given as an environment variable too."""
    variable = ENVIRONMENT_PREFIX + name.removeprefix("--").replace("-", "_").upper()
    kind = click.Option if attributes.get("is_flag") else NeverEmpty
    return click.option(name, *names, cls=kind, envvar=variable, show_envvar=True, **attributes)


Bound = tuple[str, str, click.ParamType[Any], str]
"""An option for a field of limits: its name, the field, its kind, and what it bounds."""
_Limits = TypeVar("_Limits", bound=Limits | ConnectionLimits)


def bounds(defaults: Limits | ConnectionLimits, table: Sequence[Bound]) -> Callable[[_Function], _Function]:
    """Return the decorator that adds an option for each row of a table, in its order."""

    def add(function: _Function) -> _Function:
        for name, field, kind, meaning in reversed(table):
            function = option(name, field, type=kind, default=getattr(defaults, field), help=meaning)(function)
        return function

    return add


def taken_out(limits: type[_Limits], settings: dict[str, Any]) -> _Limits:
    """Take the fields of limits out of a command's parameters, and return them as such."""
    return limits(**{name: settings.pop(name) for name in limits.__struct_fields__})


_BYTES: Final = click.IntRange(1_024)
_SECONDS: Final = click.FloatRange(0.1)

_SERVING: Final[tuple[Bound, ...]] = (
    ("--max-head-bytes", "max_head_bytes", _BYTES, "A request's URL, headers and trailers."),
    ("--max-connections", "max_connections", click.IntRange(1), "The open connections of a worker."),
    ("--max-subscribers", "max_subscribers", click.IntRange(0), "The subscribers that a worker tells of events."),
    ("--max-unsent-bytes", "max_unsent_bytes", _BYTES, "The bytes of unread answers that a worker keeps."),
    ("--read-pause-seconds", "read_pause_seconds", _SECONDS, "How long a request may pause while it arrives."),
    ("--read-seconds", "read_seconds", _SECONDS, "How long a request may take to arrive."),
    ("--write-pause-seconds", "write_pause_seconds", _SECONDS, "How long a client may pause while it reads."),
    ("--write-seconds", "write_seconds", _SECONDS, "How long a client may take to read its answer."),
    ("--keep-alive", "keep_alive_seconds", _SECONDS, "How long a connection may be idle after an answer, in seconds."),
    ("--grace-seconds", "grace_seconds", _SECONDS, "How long requests in flight may take when the server ends."),
)


def _names(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of headers that an option gives, each alone or several with commas between."""
    names = tuple(name.strip() for text in texts for name in text.split(",") if name.strip())
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or name == "*":
            raise click.BadParameter(f"{name!r} is no name of a header.")
    return names


def _base_path(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Return the path that an option gives, without a slash at its end."""
    path = text.rstrip("/")
    if path and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", path):
        raise click.BadParameter(f"{text!r} is no path like /content, of letters, digits and `._~-`.")
    return path


def _site_url(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Return the origin that an option gives, without a slash at its end."""
    origin = text.removesuffix("/")
    if origin and not is_site_origin(origin):
        raise click.BadParameter(f"{text!r} is no origin like https://www.example.org, in small letters.")
    return origin


def site_url_option(function: _Function) -> _Function:
    """Add the option of the site's origin to a command."""
    meaning = "The origin of the site that shows the content, like https://www.example.org; links to it are its own."
    return option("--site-url", default="", metavar="ORIGIN", callback=_site_url, help=meaning)(function)


_DIRECTIVE: Final = r'[a-z-]+(?:=(?:[A-Za-z0-9-]+|"[A-Za-z0-9, -]*"))?'


def _cache_control(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Return the value that an option gives, which must be directives with commas between."""
    if text and not re.fullmatch(rf"{_DIRECTIVE}(?:, *{_DIRECTIVE})*", text):
        raise click.BadParameter(f"{text!r} is no value of Cache-Control, like public, max-age=0, s-maxage=60.")
    return text


_MOST_PROXIES: Final = 16


def _proxies(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the proxies that an option names, each alone or several with commas between."""
    names = tuple(name.strip() for text in texts for name in text.split(",") if name.strip())
    if len(names) > 1 and any(name.isdecimal() for name in names):
        raise click.BadParameter("A number of proxies goes with no address.")
    for name in names:
        if name not in EVERY_PROXY and not (name.isdecimal() and 0 < int(name) <= _MOST_PROXIES):
            try:
                ip_network(name)
            except ValueError as error:
                raise click.BadParameter(
                    f"{name!r} is no address or network, `*`, `unix` or number ({error})."
                ) from error
    return names


def serving_options(function: _Function) -> _Function:
    """Add the options of connections' limits, and of a body's, to a command."""
    meaning = "Name the entries and types in answers, for caches to drop."
    function = option("--cache-tags", is_flag=True, help=meaning)(function)
    meaning = "What caches are told of answers to queries by GET."
    function = option("--cache-control", default="", metavar="VALUE", callback=_cache_control, help=meaning)(function)
    meaning = "Whose X-Forwarded-* headers count: addresses, networks, `unix`, `*`."
    function = option("--trusted-proxies", multiple=True, metavar="ADDRESS", callback=_proxies, help=meaning)(function)
    meaning = "What all paths begin with, like /content."
    function = option("--base-path", default="", metavar="PATH", callback=_base_path, help=meaning)(function)
    meaning = "Listen there instead of at an address and port."
    function = option("--unix-socket", type=click.Path(path_type=Path), help=meaning)(function)
    function = option("--trusted-only", is_flag=True, help="Answer nothing but trusted documents.")(function)
    function = option(
        "--documents",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        multiple=True,
        help="A manifest of trusted documents (graphql-codegen, Relay, Apollo).",
    )(function)
    meaning = "Refuse automatic persisted queries."
    function = option("--no-persisted-queries", is_flag=True, help=meaning)(function)
    meaning = "A header that pages of others may send, beside the usual ones."
    function = option("--allow-headers", multiple=True, metavar="NAME", callback=_names, help=meaning)(function)
    function = option("--metrics", is_flag=True, help="Answer Prometheus at /metrics.")(function)
    meaning = "Give each answer, and its lines of the log, an id: X-Request-Id."
    function = option("--request-ids", is_flag=True, help=meaning)(function)
    function = option("--access-log", is_flag=True, help="Log a line for each request.")(function)
    forms = click.Choice(get_args(LogFormat))
    function = option("--log-format", type=forms, default="text", help="What lines of the log are.")(function)
    meaning = "What one client may ask for in a minute, in units of cost; 0 is no bound."
    function = option("--client-budget", type=click.IntRange(0), default=0, help=meaning)(function)
    function = bounds(ConnectionLimits(), _SERVING)(function)
    meaning = "A request's body."
    return option("--max-body-bytes", type=_BYTES, default=DEFAULT_MAX_BODY_BYTES, help=meaning)(function)


def secret(name: str) -> str:
    """Return a setting that is a secret, "" for none: of the environment alone, for others can read a command line."""
    variable = ENVIRONMENT_PREFIX + name
    if os.environ.get(variable) == "":
        raise click.BadParameter(f"{variable} is set, but empty.")
    return os.environ.get(variable, "")

"""The commands of `graphql-api`, thin: options in, one call, a report and an exit code out.

What takes time to import is imported by the command that needs it.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import click

from graphql_api import collector
from graphql_api.cli.check_command import check
from graphql_api.cli.client_commands import client_config
from graphql_api.cli.client_commands import run as run_command
from graphql_api.cli.content_options import json_option as _as_json
from graphql_api.cli.content_options import label_option, nice_option, webhook_option
from graphql_api.cli.content_options import model_option as _model
from graphql_api.cli.content_options import public_option as _public
from graphql_api.cli.content_options import redirects_option as _redirects
from graphql_api.cli.content_options import seeds_option as _seeds
from graphql_api.cli.content_options import store_option as _store
from graphql_api.cli.engine_options import engine_options
from graphql_api.cli.exit_codes import ExitCode
from graphql_api.cli.model_commands import model
from graphql_api.cli.options import option as _option
from graphql_api.cli.options import secret, serving_options, site_url_option, taken_out
from graphql_api.cli.status_command import status
from graphql_api.cli.store_commands import export_file, generations, import_file, rollback, verify
from graphql_api.cli.webhook_command import send_after_load, webhooks
from graphql_api.settings import (
    DEFAULT_ALLOW_ORIGIN,
    DEFAULT_HOST,
    DEFAULT_PORT,
    DEFAULT_RESPONSE_CACHE_BYTES,
    ConnectionLimits,
    Limits,
    Settings,
    is_origin,
)


class _Program(click.Group):
    """The program: its help lists the commands in their order, each with the first paragraph of its own help."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the list."""
        with formatter.section("Commands"):
            firsts = {name: (command.help or "").partition("\n\n")[0] for name, command in self.commands.items()}
            formatter.write_dl([(name, " ".join(paragraph.split())) for name, paragraph in firsts.items()])


def _host(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Return the address that an option names; an empty one would be every address of the machine."""
    if not text:
        raise click.BadParameter("It is empty. To listen on every address, give 0.0.0.0.")
    return text


def _origins(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the origins that an option names; none for `none`."""
    for text in texts:
        if not is_origin(text) and text not in {"*", "none"}:
            raise click.BadParameter(f"{text!r} is not `*`, `none`, or an origin like https://www.example.org.")
    if len(texts) > 1 and not {"*", "none"}.isdisjoint(texts):
        raise click.BadParameter("`*` and `none` go with no other origin.")
    return () if texts == ("none",) else texts


@click.group(
    cls=_Program,
    help="A GraphQL content API: Markdown seeds in, an article and its neighbours out, in one query.",
    epilog="Begin with: graphql-api serve --seeds seeds",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120, "show_default": True},
)
@click.version_option(package_name="graphql-api", message="%(prog)s %(version)s", help="Print the version.")
def app() -> None:
    """Do nothing: the options of the program itself are done when they are read."""


@app.command()
@_seeds
@_store
@_option("--host", callback=_host, default=DEFAULT_HOST, help="The address to listen on; 0.0.0.0 is every one.")
@_option("--port", type=click.IntRange(0, 65_535), default=DEFAULT_PORT, help="The port; 0 takes any free one.")
@_option("--workers", type=click.IntRange(1), default=1, help="The processes that answer; one a core is best.")
@_option("--no-mmap", is_flag=True, help="Read the content by system calls, not as mapped memory.")
@_option(
    "--response-cache-bytes",
    type=click.IntRange(0),
    default=DEFAULT_RESPONSE_CACHE_BYTES,
    help="What a worker's response cache may hold; 0 is none.",
)
@_option(
    "--allow-origin",
    callback=_origins,
    multiple=True,
    default=(DEFAULT_ALLOW_ORIGIN,),
    metavar="ORIGIN",
    help="Whose pages may query from a browser: * is every site's, none is no other's, else origins.",
)
@serving_options
@site_url_option
@engine_options
@_model
@_public
@_redirects
@webhook_option
@nice_option
@_option("--watch", is_flag=True, help="Load again as soon as a seed is saved.")
@_option("--no-load", is_flag=True, help="Serve what is in the store already.")
def serve(
    seeds: Path,
    *,
    model_file: Path | None,
    public: Path | None,
    redirects: Path | None,
    nice: int,
    watch: bool,
    no_load: bool,
    no_mmap: bool,
    **settings: Any,  # noqa: ANN401 - Settings has the types
) -> None:
    """Load the seeds, then serve them with GraphiQL at /graphql until Ctrl+C or SIGTERM.

    A load that fails leaves what was loaded before in service. A load by another process is served from the next
    request on: change some seeds, run `graphql-api load`, and look again.

    For example:

      graphql-api serve                          # http://127.0.0.1:8000

      graphql-api serve --port 0                 # any free port

      graphql-api serve --host 0.0.0.0 --no-load # every address
    """
    with collector.paused():
        from graphql_api.cli.serving import Sources, load_and_serve, load_command

    connections, limits = taken_out(ConnectionLimits, settings), taken_out(Limits, settings)
    sources = Sources(seeds, model_file, public, settings["site_url"], redirects, nice)
    command = load_command(sources, settings["store"])
    asked = Settings(
        **settings,
        mmap=not no_mmap,
        connections=connections,
        limits=limits,
        load_command=command,
        watched=sources.files if watch else (),
        admin_token=secret("ADMIN_TOKEN"),
        hook_secret=secret("HOOK_SECRET"),
        webhook_secret=secret("WEBHOOK_SECRET"),
    )
    load_and_serve(None if no_load else sources, asked)


@app.command()
@_seeds
@_store
@_option("--force", is_flag=True, help="Read every seed again, changed or not.")
@label_option
@webhook_option
@_option("--rescan", is_flag=True, help="Compare every seed's bytes with what was read, whatever its stat says.")
@_option("--strict", is_flag=True, help="Publish nothing if there is any ERROR.")
@_option("--allow-shrink", is_flag=True, help="Let more than a fifth of the entries go.")
@_model
@_public
@_redirects
@site_url_option
@nice_option
@_option("--when-asked", is_flag=True, help="Get ready, and load once a line of JSON on stdin asks for it.")
@_as_json
def load(
    seeds: Path,
    store: Path,
    model_file: Path | None,
    public: Path | None,
    *,
    as_json: bool,
    when_asked: bool,
    **options: Any,  # noqa: ANN401 - LoadOptions has the types
) -> ExitCode:
    """Load the seeds into the store: only what has changed, all or nothing. A server there notices by itself.

    The exit code is 1 if a problem of severity ERROR was found; what has none is published all the same.

    For example:

      graphql-api load                              # what has changed

      graphql-api load --strict --json              # in a pipeline

      graphql-api load --seeds new --allow-shrink   # other content
    """
    with collector.paused():
        from graphql_api.cli import misfit, report
        from graphql_api.errors import LoadRefusedError
        from graphql_api.loading.load import load as load_seeds
        from graphql_api.loading.options import LoadOptions
        from graphql_api.priority import lower_priority
        from graphql_api.signals import run

    lower_priority(options["nice"])  # `serve` does not: it could not take it back
    if when_asked:
        from graphql_api.cli.when_asked import options_when_asked

        asked = options_when_asked(store)
        if asked is None:
            return ExitCode.OK
        options |= asked
    try:
        with report.progress_of("Loading") as progress:
            loaded = run(load_seeds(seeds, store, LoadOptions(model=model_file, public=public, **options), progress))
    except LoadRefusedError as error:
        report.show_refusal(error, as_json=as_json)
        raise
    report.show_load(loaded, as_json=as_json)
    misfit.tell_of_load(seeds, model_file, loaded)
    send_after_load(store)
    return _verdict(not report.has_errors(loaded.problems))


app.add_command(check)


@app.command()
@_option(
    "--check",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with this file instead.",
)
@_seeds
@_model
def schema(file: Path | None, seeds: Path, model_file: Path | None) -> ExitCode:
    """Print the GraphQL schema in its definition language, for code generators and editors.

    It is that of the model: the one that is named, else the one in the seeds folder, else the built-in one.

    With --check nothing is printed but the difference; the exit code is 1 if there is one.

    For example:

      graphql-api schema > schema.graphql        # write it

      graphql-api schema --check schema.graphql  # is it up to date?
    """
    from graphql_api.cli import report
    from graphql_api.loading.model_file import model_of
    from graphql_api.schema.build import build_schema, sdl

    text = sdl(build_schema(model_of(seeds, model_file)))
    if file is None:
        click.echo(text, nl=False)
        return ExitCode.OK
    difference = report.difference(_decoded(file.read_bytes(), str(file)), text, str(file))
    click.echo(difference, nl=False)
    return _verdict(not difference)


@app.command()
@click.argument("file", type=click.File("rb"), help="A file of operations; - is the standard input.")
@_option("--variables", type=click.File("rb"), help="A JSON file of the operations' variables.")
@_store
def explain(file: BinaryIO, variables: BinaryIO | None, store: Path) -> None:
    """Print the SQL statement that an operation becomes, what is bound to it, and how SQLite goes about it.

    The statement runs on what is in the store, so load first. A step that reads a whole table without an index is
    marked FULL SCAN.

    For example:

      graphql-api explain neighbours.graphql --variables neighbours.json

      echo '{ subjects(first: 3) { nodes { title } } }' | graphql-api explain -
    """
    import asyncio

    from graphql_api.cli import report
    from graphql_api.cli.explanation import explain as explain_text
    from graphql_api.cli.explanation import read_variables

    if variables and file.name == variables.name == "<stdin>":
        raise click.UsageError("Only one of the operations and the variables can come from the standard input.")
    values = read_variables(_decoded(variables.read(), variables.name)) if variables else {}
    text = _decoded(file.read(), file.name)
    report.show("\n\n".join(asyncio.run(explain_text(store, Settings(store=store).limits, text, values))))


_others = (generations, verify, rollback, export_file, import_file)
for each in (run_command, client_config, status, *_others, webhooks, model):
    app.add_command(each)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{name} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error


def _verdict(is_fine: bool) -> ExitCode:
    """Return the code for what a command has found."""
    return ExitCode.OK if is_fine else ExitCode.PROBLEMS

"""The commands of `graphql-api`, thin: options in, one call, a report and an exit code out.

What takes time to import is imported by the command that needs it.
"""
# ruff: noqa: PLC0415 - see above

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from graphql_api.exit_codes import ExitCode
from graphql_api.settings import (
    DEFAULT_ALLOW_ORIGIN,
    DEFAULT_HOST,
    DEFAULT_PORT,
    DEFAULT_RESPONSE_CACHE_BYTES,
    ENVIRONMENT_PREFIX,
    Settings,
    is_origin,
)

app = typer.Typer(
    help="A GraphQL content API: Markdown seeds in, an article and its neighbours out, in one query.",
    epilog="Begin with: graphql-api serve --seeds seeds",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _variable(name: str) -> str:
    """Return the environment variable that stands for an option."""
    return ENVIRONMENT_PREFIX + name


def _folder(text: str | Path) -> Path:
    """Return the folder that an option names; the path of an empty text would be the current folder."""
    if not text:
        raise typer.BadParameter("It names no folder; the current one is `.`.")
    return Path(text)


def _variable_is_not_empty(parameter: typer.CallbackParam, value: Any) -> Any:  # noqa: ANN401 - of any option
    """Return `value`; a variable that is set but empty is a mistake, for which typer would take the default."""
    variable = str(parameter.envvar)
    if os.environ.get(variable) == "" and value == parameter.default:
        raise typer.BadParameter(f"{variable} is set, but empty.")
    return value


def _origin(text: str) -> str | None:
    """Return the origin that an option names; None for `none`."""
    if not is_origin(text) and text not in {"*", "none"}:
        raise typer.BadParameter(f"{text!r} is not `*`, `none`, or one origin like https://www.example.org.")
    return None if text == "none" else text


def _folder_option(name: str, help_text: str) -> Any:  # noqa: ANN401 - typer's own type for it
    return typer.Option(
        envvar=_variable(name), help=help_text, parser=_folder, callback=_variable_is_not_empty, metavar="FOLDER"
    )


SeedsFolder = Annotated[Path, _folder_option("SEEDS", "The folder of the seed files.")]
StoreFolder = Annotated[Path, _folder_option("STORE", "The folder where what is loaded lives.")]
AsJSON = Annotated[bool, typer.Option("--json", envvar=_variable("JSON"), help="Print the report as JSON.")]
NICENESS_OF_LOAD = 10
"""Servers on the same machine come first; only 19 is nicer. `serve` does not, it could not take it back."""
_SEEDS, _STORE = Path("seeds"), Path(".graphql-api")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"graphql-api {version('graphql-api')}")
        raise typer.Exit


@app.callback()
def _program(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Say nothing: the options of the program itself are done when they are read."""


@app.command()
def serve(
    seeds: SeedsFolder = _SEEDS,
    store: StoreFolder = _STORE,
    *,
    host: Annotated[
        str, typer.Option(envvar=_variable("HOST"), help="The address to listen on; 0.0.0.0 is every one.")
    ] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(envvar=_variable("PORT"), min=0, max=65_535, help="The port; 0 takes any free one.")
    ] = DEFAULT_PORT,
    workers: Annotated[
        int, typer.Option(envvar=_variable("WORKERS"), min=1, help="The processes that answer; one a core is best.")
    ] = 1,
    response_cache_bytes: Annotated[
        int,
        typer.Option(
            envvar=_variable("RESPONSE_CACHE_BYTES"), min=0, help="What a worker's response cache may hold; 0 is none."
        ),
    ] = DEFAULT_RESPONSE_CACHE_BYTES,
    allow_origin: Annotated[
        str | None,
        typer.Option(
            envvar=_variable("ALLOW_ORIGIN"),
            parser=_origin,
            callback=_variable_is_not_empty,
            metavar="ORIGIN",
            help="Whose pages may query from a browser: * is every site's, none is no other's, else one origin.",
        ),
    ] = DEFAULT_ALLOW_ORIGIN,
    no_load: Annotated[
        bool, typer.Option("--no-load", envvar=_variable("NO_LOAD"), help="Serve what is in the store already.")
    ] = False,
) -> None:
    """Load the seeds, then serve them with GraphiQL at /graphql until Ctrl+C or SIGTERM.

    A load that fails leaves what was loaded before in service. A load by another process is served from the next
    request on: change some seeds, run `graphql-api load`, and look again.

    For example:

      graphql-api serve                          # http://127.0.0.1:8000

      graphql-api serve --port 0                 # any free port

      graphql-api serve --host 0.0.0.0 --no-load # every address
    """
    from graphql_api.serving import load_and_serve

    settings = Settings(
        store=store,
        host=host,
        port=port,
        workers=workers,
        response_cache_bytes=response_cache_bytes,
        allow_origin=allow_origin,
    )
    load_and_serve(None if no_load else seeds, settings)


@app.command()
def load(
    seeds: SeedsFolder = _SEEDS,
    store: StoreFolder = _STORE,
    *,
    force: Annotated[
        bool, typer.Option("--force", envvar=_variable("FORCE"), help="Read every seed again, changed or not.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", envvar=_variable("STRICT"), help="Publish nothing if there is any ERROR.")
    ] = False,
    allow_shrink: Annotated[
        bool,
        typer.Option(
            "--allow-shrink", envvar=_variable("ALLOW_SHRINK"), help="Let more than a fifth of the articles go."
        ),
    ] = False,
    as_json: AsJSON = False,
) -> None:
    """Load the seeds into the store: only what has changed, all or nothing. A server there notices by itself.

    The exit code is 1 if a problem of severity ERROR was found; what has none is published all the same.

    For example:

      graphql-api load                           # what has changed

      graphql-api load --strict --json           # in a pipeline

      graphql-api load --seeds new --allow-shrink # other content
    """
    from graphql_api import report
    from graphql_api.content.load import LoadOptions
    from graphql_api.content.load import load as load_seeds
    from graphql_api.errors import LoadRefusedError

    os.nice(NICENESS_OF_LOAD)
    options = LoadOptions(force=force, strict=strict, allow_shrink=allow_shrink)
    try:
        with report.progress_of("Loading") as progress:
            loaded = asyncio.run(load_seeds(seeds, store, options, progress))
    except LoadRefusedError as error:
        report.show_check(error.problems, as_json=as_json)
        raise
    report.show_load(loaded, as_json=as_json)
    _end_by(not report.has_errors(loaded.problems))


@app.command()
def check(seeds: SeedsFolder = _SEEDS, as_json: AsJSON = False) -> None:
    """Read and validate every seed, and store nothing. Every problem has a code, a place and a remedy.

    The exit code is 1 if a problem of severity ERROR was found.

    For example:

      graphql-api check                          # before a commit

      graphql-api check --seeds drafts --json    # in a pipeline
    """
    from graphql_api import report
    from graphql_api.content.load import check as check_seeds

    with report.progress_of("Checking") as progress:
        problems = asyncio.run(check_seeds(seeds, progress))
    report.show_check(problems, as_json=as_json)
    _end_by(not report.has_errors(problems))


@app.command()
def schema(
    file: Annotated[
        Path | None,
        typer.Option(
            "--check", envvar=_variable("CHECK"), exists=True, dir_okay=False, help="Compare with this file instead."
        ),
    ] = None,
) -> None:
    """Print the GraphQL schema in its definition language, for code generators and editors.

    With --check nothing is printed but the difference; the exit code is 1 if there is one.

    For example:

      graphql-api schema > schema.graphql        # write it

      graphql-api schema --check schema.graphql  # is it up to date?
    """
    from graphql_api import report
    from graphql_api.schema.build import build_schema, sdl

    text = sdl(build_schema())
    if file is None:
        typer.echo(text, nl=False)
        return
    difference = report.difference(_decoded(file.read_bytes(), str(file)), text, str(file))
    typer.echo(difference, nl=False)
    _end_by(not difference)


@app.command()
def explain(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="A file of operations; - is the standard input.")],
    variables: Annotated[
        typer.FileBinaryRead | None,
        typer.Option(envvar=_variable("VARIABLES"), help="A JSON file of the operations' variables."),
    ] = None,
    store: StoreFolder = _STORE,
) -> None:
    """Print the SQL statement that an operation becomes, what is bound to it, and how SQLite goes about it.

    The statement runs on what is in the store, so load first. A step that reads a whole table without an index is
    marked FULL SCAN.

    For example:

      graphql-api explain neighbours.graphql --variables neighbours.json

      echo '{ subjects(first: 3) { nodes { title } } }' | graphql-api explain -
    """
    from graphql_api import report
    from graphql_api.explanation import explain as explain_text
    from graphql_api.explanation import read_variables

    values = read_variables(_decoded(variables.read(), variables.name)) if variables else {}
    text = _decoded(file.read(), file.name)
    report.show("\n\n".join(asyncio.run(explain_text(store, Settings(store=store).limits, text, values))))


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{name} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error


def _end_by(is_fine: bool) -> None:
    """End the command with the code for what it has found."""
    if not is_fine:
        raise typer.Exit(ExitCode.PROBLEMS)

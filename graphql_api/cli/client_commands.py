"""The commands for those who build a site on the API: `run` and `client-config`."""
# ruff: noqa: PLC0415 - what takes time to import is imported by the command that needs it

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from graphql_api.cli.content_options import (
    model_option,
    nice_option,
    public_option,
    redirects_option,
    seeds_option,
    store_option,
)
from graphql_api.cli.options import option, site_url_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(context_settings={"allow_interspersed_args": False})
@seeds_option
@store_option
@option("--strict", is_flag=True, help="Start nothing if there is any ERROR.")
@model_option
@public_option
@redirects_option
@nice_option
@option("--no-load", is_flag=True, help="Serve what is in the store already.")
@site_url_option
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, help="What to run, with its arguments.")
def run(
    *,
    seeds: Path,
    store: Path,
    model_file: Path | None,
    public: Path | None,
    redirects: Path | None,
    command: tuple[str, ...],
    strict: bool,
    no_load: bool,
    site_url: str,
    nice: int,
) -> int:
    """Load the seeds, serve them on a free port while a command runs, and end with that command's exit code.

    The command finds the address of the API in the variable GRAPHQL_API_URL. Signals are passed on to it. So a static
    site is built on a host that keeps no server. If the load fails, the command is not started.

    For example:

      graphql-api run -- npm run build

      graphql-api run --seeds content --strict -- npx next build
    """
    from graphql_api.cli.running import load_and_run
    from graphql_api.cli.serving import Sources
    from graphql_api.settings import Settings

    sources = None if no_load else Sources(seeds, model_file, public, site_url, redirects, nice)
    return load_and_run(sources, Settings(store=store, site_url=site_url), command, strict=strict)


@click.command("client-config")
@click.argument("client", type=click.Choice(["apollo", "urql"]), help="Whose cache is configured.")
@seeds_option
@model_option
def client_config(client: str, seeds: Path, model_file: Path | None) -> None:
    """Print the cache configuration that a client needs for a model: what has no key, and what may stand for what.

    It is a module for JavaScript and TypeScript, and follows from the model alone; make it anew when that changes.

    For example:

      graphql-api client-config apollo > src/content/cache.ts

      graphql-api client-config urql --seeds content > src/content/cache.ts
    """
    from graphql_api.cli.client_config import apollo_config, urql_config
    from graphql_api.loading.model_file import model_of
    from graphql_api.schema.build import build_schema

    make = {"apollo": apollo_config, "urql": urql_config}[client]
    click.echo(make(build_schema(model_of(seeds, model_file)).graphql), nl=False)

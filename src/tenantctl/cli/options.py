"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tenantctl.cli.session import Session

DEFAULT_FILE = "tenant.yaml"
_GLOBAL = ("sandbox", "domain", "config", "color", "rate_share", "verbose")


def tenant_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take the global options after its name too, and pass it a `Session`."""

    @click.option("--sandbox", metavar="[=STATE_FILE]", help="Use the embedded tenant.")
    @click.option("--domain", help="The tenant's domain (or AUTH0_DOMAIN).")
    @click.option("--config", type=click.Path(), help="Settings from an auth0-deploy-cli config.json.")
    @click.option("--color", type=click.Choice(["auto", "always", "never"]), help="Colours and styles.")
    @click.option(
        "--rate-share",
        type=click.IntRange(1, 100),
        metavar="PERCENT",
        help="How much of the tenant's rate limit to take (80).",
    )
    @click.option("-v", "--verbose", is_flag=True, help="Log requests, and where a file says a value.")
    @click.pass_context
    @functools.wraps(command)
    def with_session(ctx: click.Context, /, **options: Any) -> Any:
        given = {name: options.pop(name) for name in _GLOBAL}
        chosen = ctx.ensure_object(dict)
        chosen.update({name: value for name, value in given.items() if value not in {None, False}})
        return command(Session(chosen), **options)

    return with_session


def _chosen(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep a choice for the `Session`."""
    if value is not None:
        ctx.ensure_object(dict)[option.name] = value


def file_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take the configuration, and how it is to be read."""
    options = (
        click.option(
            "-f",
            "--file",
            default=DEFAULT_FILE,
            show_default=True,
            type=click.Path(),
            help="The configuration: a YAML file, or a folder of the directory layout.",
        ),
        click.option(
            "--env",
            metavar="NAME",
            callback=_chosen,
            expose_value=False,
            help="The environment to lay over it.",
        ),
        click.option(
            "--vars",
            metavar="FILE",
            type=click.Path(),
            callback=_chosen,
            expose_value=False,
            help="Values of keywords, as a YAML or JSON mapping.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


env_file_option = click.option(
    "--env-file",
    default=".env.local",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where the applications' ids and secrets are kept.",
)

only_option = click.option(
    "--only", multiple=True, metavar="ADDRESS_PATTERN", help="Only these resources, e.g. 'clients/*'."
)


against_option = click.option(
    "--against",
    metavar="SNAPSHOT",
    type=click.Path(path_type=Path),
    help="Compare with a snapshot instead of the tenant; nothing is sent.",
)


force_unsafe_option = click.option(
    "--force-unsafe", multiple=True, metavar="SECTION", help="Lift the deletion guard there."
)


def planning_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take what chooses and limits the changes of a plan."""
    options = (
        only_option,
        click.option(
            "--prune", multiple=True, metavar="SECTION", help="Delete what the file does not name there."
        ),
        click.option(
            "--send-secrets", is_flag=True, help="Send write-only values even where nothing else differs."
        ),
        force_unsafe_option,
    )
    for option in reversed(options):
        command = option(command)
    return command

"""The command group, the one error boundary, and the exit codes.

0 done · 1 error, a failed change or check · 2 drift or pending changes where asked for · 64 usage error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from tenantctl import __version__
from tenantctl.problems import Problem, ProblemsError, TenantctlError, did_you_mean

EXIT_ERROR = 1
EXIT_CHANGES = 2
EXIT_USAGE = 64
EXIT_INTERRUPTED = 130

COMMANDS = {
    "init": "Write a commented starter tenant.yaml.",
    "validate": "Check the configuration without a tenant.",
    "plan": "Show what apply would do.",
    "apply": "Make the tenant what the file says, then verify it.",
    "rollback": "Undo an apply: back to what stood before it.",
    "verify": "Issue test tokens and check them; explain failures.",
    "drift": "Exit 2 when the tenant differs from the file.",
    "pull": "Bring the live tenant into the configuration.",
    "snapshot": "Record the tenant as JSON, secrets left out.",
    "keys": "List the tenant's keys; rotate, revoke or rekey them.",
    "token": "Issue a token, or say what one is.",
    "sandbox": "The embedded tenant: serve, reset, seed, token.",
    "explain": "Say what a section or a field is.",
    "schema": "Print the JSON Schema of tenant.yaml.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the command names in the order of a first day with the tool."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Return a command by name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tenantctl.cli.{cmd_name}_command")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse an unknown command with the one that was probably meant."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], COMMANDS) or (
                "A state file is given with an equals sign: --sandbox=FILE."
                if ctx.params.get("sandbox") == ""
                else ""
            )
            ctx.fail(f"No such command '{args[0]}'. {hint}".rstrip())
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.option(
    "--sandbox", metavar="[=STATE_FILE]", help="Use the embedded tenant, state in .tenantctl/sandbox.db."
)
@click.option("--domain", help="The tenant, such as my-team.eu.auth0.com (or AUTH0_DOMAIN).")
@click.option("--config", type=click.Path(), help="Settings from an auth0-deploy-cli config.json.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    help="Colours and styles; auto (the default): on a terminal, unless NO_COLOR is set.",
)
@click.option(
    "--rate-share",
    type=click.IntRange(1, 100),
    metavar="PERCENT",
    help="How much of the tenant's rate limit to take (80).",
)
@click.option("-v", "--verbose", is_flag=True, help="Log each request (never a body) to stderr.")
@click.pass_context
def tenantctl(ctx: click.Context, /, **options: object) -> None:
    """Keep an Auth0 tenant as code, and prove that its tokens work."""
    ctx.ensure_object(dict).update(options)


def run() -> NoReturn:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A character that the terminal's encoding lacks is shown as an escape, not as a traceback.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a bug keeps its traceback."""
    from tenantctl.cli.output import Output, drop_stdout  # noqa: PLC0415  # --help and --version do not need rich

    options: dict[str, Any] = {}
    try:
        result = tenantctl.main(
            _with_optional_values(arguments), prog_name="tenantctl", standalone_mode=False, obj=options
        )
        sys.stdout.flush()
    except click.UsageError as error:
        _without_far_fetched(error).show()
        return EXIT_USAGE
    except click.Abort:
        Output(options.get("color")).talk("Stopped.")
        return EXIT_INTERRUPTED
    except ProblemsError as error:
        Output(options.get("color")).problems(error.problems)
        return EXIT_ERROR
    except (TenantctlError, click.ClickException) as error:
        Output(options.get("color")).problems([Problem(code="error", summary=str(error))])
        return EXIT_ERROR
    except BrokenPipeError:
        drop_stdout()
        return EXIT_ERROR
    return result if isinstance(result, int) else 0


def _with_optional_values(arguments: Sequence[str]) -> list[str]:
    """Let ``--sandbox`` stand alone: its value must be attached, so that a command may follow it."""
    return ["--sandbox=" if argument == "--sandbox" else argument for argument in arguments]


def _without_far_fetched(error: click.UsageError) -> click.UsageError:
    """Keep only suggestions that are near: ``--dry_run`` must not be answered with ``--prune``."""
    if not isinstance(error, click.NoSuchOption) or not error.possibilities:
        return error
    near = get_close_matches(error.option_name, error.possibilities, n=1, cutoff=0.7)
    return click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx)

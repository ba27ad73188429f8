"""``tenantctl explain``: what a section or a field is."""

from __future__ import annotations

import click

from tenantctl.cli.output import Output
from tenantctl.explain.topic import explain as explain_topic
from tenantctl.explain.topic import explain_all
from tenantctl.views.explain_text import render_explanation


@click.command()
@click.argument("topic", metavar="[ADDRESS_OR_FIELD]", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def explain(ctx: click.Context, topic: str | None, form: str) -> None:
    r"""Say what a section or field is: its type, values, default, and what the API makes of it.

    \b
    tenantctl explain                                    all sections
    tenantctl explain clients                            a section; an address means its section
    tenantctl explain clients.grant_types                a field of it
    tenantctl explain 'clients/AAA M2M#callbacks'        a field by its address
    tenantctl explain grant_types                        a field, whose section need not be known
    tenantctl explain tenantctl.verify                   the tool's own block
    """
    output = Output(ctx.ensure_object(dict).get("color"))
    document = explain_all() if topic is None else explain_topic(topic)
    if form == "json":
        output.json(document)
    else:
        output.data(render_explanation(document))

"""``tenantctl validate``: check the configuration offline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click

from tenantctl.cli.main import EXIT_ERROR
from tenantctl.cli.options import file_option, tenant_options
from tenantctl.cli.session import Session
from tenantctl.problems import Problem, ProblemsError
from tenantctl.views.plan_document import problem_list
from tenantctl.views.text import count_of, render_problems


@click.command()
@file_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@tenant_options
def validate(session: Session, file: str, form: str, strict: bool) -> int:  # noqa: FBT001  # click passes options by name
    """Check the file without a tenant: syntax, fields, references, keywords; all problems at once."""
    problems: Sequence[Problem]
    try:
        loaded = session.read(file, tenant_decides=False)
        problems = loaded.problems
        count = sum(map(len, loaded.desired.sections.values()))
    except ProblemsError as error:
        problems, count = error.problems, 0
    ok = not any(problem.is_error or strict for problem in problems)
    if form == "json":
        session.output.json({"format_version": "1.0", "ok": ok, "problems": problem_list(problems)})
    else:
        text = render_problems(problem_list(problems))
        found = Counter(problem.severity for problem in problems)
        notes = [count_of(count, "resource")] if ok else []
        notes += [count_of(number, severity) for severity, number in found.items()]
        text.append(f"{file} is {'' if ok else 'not '}valid: {', '.join(notes)}.", style="bold")
        session.output.data(text)
    return 0 if ok else EXIT_ERROR

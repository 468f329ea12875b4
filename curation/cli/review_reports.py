"""What `curation review` says of a push, a pull and a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curation.cli.console import counted, result, say
from curation.wording import visible

if TYPE_CHECKING:
    from curation.review.exports import Report as Pulled
    from curation.review.push import Report as Pushed
    from curation.review.status import Status


def say_pushed(report: Pushed, sent: str) -> None:
    """What was sent, or would be, in one line."""
    parts = [f"{report.sent} {sent}"]
    for count, what in (
        (report.there, "already there"),
        (
            report.kept,
            "already there with another proposal, kept (--update replaces what nobody has read)",
        ),
        (report.updated, "updated"),
        (report.repaired, "lost predictions restored"),
        (report.doubled, "tasks that stood there twice removed"),
    ):
        if count:
            parts.append(f"{count} {what}")
    say(", ".join(parts))


def say_pulled(report: Pulled) -> None:
    """What people have done, and what of it was left out or taken from elsewhere."""
    say(
        f"{counted(report.documents, 'document')}: {report.submitted} submitted "
        f"({report.empty} empty), {report.skipped} skipped, {counted(report.drafts, 'draft')}; "
        f"{report.fetched} read this time ({report.again} of them say what they said before)"
    )
    if report.gone:
        say(
            f"{counted(len(report.gone), 'task')} gone from the server; what was pulled before is "
            f"kept (--full leaves it out): {', '.join(report.gone[:5])}"
        )
    if report.withdrawn:
        say(
            f"{counted(len(report.withdrawn), 'reading')} no longer on the server, taken out here: "
            + ", ".join(report.withdrawn[:5])
        )
    if report.uncopied:
        say(
            f"note: for {report.uncopied} there is no copy here of what was pushed; "
            "the server's predictions are taken for it"
        )
    if report.others:
        say(f"note: not carried over: {', '.join(sorted(report.others))}")
    if report.unit != "code points":
        say(f"note: the offsets of this export are {report.unit}")


def show_status(found: Status) -> None:
    """How far a project and its people are, a line each."""
    result(f"{found.project}  {found.address}")
    result(f"tasks        {found.tasks} ({found.predicted} with proposals)")
    result(f"submitted    {found.submitted} ({found.empty} of them empty)")
    result(f"skipped      {found.skipped}")
    result(f"drafts       {found.drafts}")
    doubt = "" if found.uncertainty is None else f" (mean uncertainty {found.uncertainty:.3f})"
    result(f"not started  {found.not_started}{doubt}")
    for login, person in sorted(found.people.items()):
        result(
            f"  {visible(login)}: {person.submitted} submitted ({person.empty} empty), "
            f"{person.skipped} skipped, {counted(person.drafts, 'draft')}"
        )
    result(f"pulled until {found.pulled or 'never'}")

"""What the policy commands print."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from services.casefile.cli.output import err, print_json
from services.casefile.cli.tables import share, show
from services.casefile.labels import Labels

if TYPE_CHECKING:
    from services.casefile.application.decision import Receipt
    from services.casefile.cli.policy_checks import Checked
    from services.casefile.domain.cadence.policy import Policy
    from services.casefile.history.rulebook_rows import PolicyVersion
    from services.casefile.policies.comparing import Change
    from services.casefile.policies.faults import Fault
    from services.casefile.rulebooks.comparing import Counts, RuleTally
    from services.casefile.rulebooks.what_if import WhatIf


def lines_of(source: str, faults: Iterable["Fault"], words: Labels) -> Iterator[str]:
    """`FILE:LINE:COLUMN problem → remedy`, as editors understand it."""
    for fault in faults:
        problem, remedy = fault.said(words.text)
        yield f"{source}:{fault.line}:{fault.column} {problem} → {remedy}"


def faults(checked: "Sequence[Checked]", words: Labels, *, as_json: bool) -> None:
    if as_json:
        print_json([told(each, fault, words) for each in checked for fault in each.faults])
        return
    for each in checked:
        for line in lines_of(each.source, each.faults, words):
            typer.echo(line)
        if not each.faults:
            err.print(f"{each.source}: {words.text('no fault found')}", highlight=False)


def told(checked: "Checked", fault: "Fault", words: Labels) -> dict[str, Any]:
    problem, remedy = fault.said(words.text)
    place = {"source": checked.source, "line": fault.line, "column": fault.column}
    return place | {"where": fault.where, "problem": problem, "remedy": remedy}


def changes(found: "Sequence[Change]", words: Labels) -> None:
    rows = [
        (words.code("change", c.what), c.rule, c.field, written(c.old), written(c.new))
        for c in found
    ]
    show(words, ("change", "rule", "field", "old", "new"), rows)


def written(value: Any) -> str:
    """A value as a document has it, on one line."""
    import msgspec

    if value is None or isinstance(value, str):
        return value or ""
    return msgspec.json.encode(value).decode()


def adopted(policy: "Policy", receipt: "Receipt") -> None:
    again = " (on file already)" if receipt.is_replay else ""
    err.print(
        f"[green]Adopted[/]: {policy.policy} version {policy.version} "
        f"from {policy.effective_from}{again}",
        highlight=False,
    )


def versions(found: "Sequence[PolicyVersion]", words: Labels) -> None:
    heads = ("policy", "version", "title", "effective_from", "last_day", "rules", "unit",
             "approved_by")  # fmt: skip
    show(words, heads, [[getattr(version, name) for name in heads] for version in found])


def bundles(found: "Iterable[Policy]", words: Labels) -> None:
    rows = [(p.policy, p.title, len(p.rules), p.seeds, p.example) for p in found]
    show(words, ("policy", "title", "rules", "seeds", "example"), rows)


def policy(shown: "Policy", words: Labels) -> None:
    rows = [
        (r.code, r.title, words.code("obligor", r.obligor), r.role, shape_of(r.shape), r.least,
         r.kinds)
        for r in shown.rules
    ]  # fmt: skip
    show(words, ("rule", "title", "obligor", "role", "shape", "least", "kinds"), rows)


def shape_of(shape: Any) -> str:
    """`calendar every month`, `trigger kind risk within_days 3`."""
    import msgspec

    told = msgspec.to_builtins(shape)
    name = told.pop("shape")
    return " ".join([name, *(f"{field} {value}" for field, value in told.items())])


def what_if(answer: "WhatIf", words: Labels) -> None:
    """For every rule what would have been missed, of how many, beside what was."""
    heads = ("rule", "title", "obligor", "supposed_missed", "really_missed", "newly_missed",
             "no_longer_missed")  # fmt: skip
    show(words, heads, [tally_row(tally, words) for tally in answer.rules])
    place = f"{answer.since} – {answer.until}, {answer.subjects} files, position {answer.position}"
    err.print(place, highlight=False)
    if answer.left_out:
        err.print(f"Not replayed: {', '.join(answer.left_out)}", highlight=False)
    if answer.unreadable:
        err.print(f"[bold red]{answer.unreadable} files could not be read.[/]", highlight=False)


def tally_row(tally: "RuleTally", words: Labels) -> tuple[Any, ...]:
    who = words.code("obligor", tally.obligor)
    counted = (missed(tally.supposed), missed(tally.as_it_is))
    return (tally.rule, tally.title, who, *counted, tally.newly_missed, tally.no_longer_missed)


def missed(counts: "Counts | None") -> str:
    return "–" if counts is None else share(counts.missed, counts.owed)

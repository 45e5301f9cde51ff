"""What a pass of the clock, or the standing proof, found: as a table or as JSON."""

import typer

from services.casefile.cli.output import FAILED, err, out, print_json, print_table, say
from services.casefile.domain.cadence.days import CHINA
from services.casefile.sweeping.proof import Proof
from services.casefile.sweeping.status import Pass


def report(done: Pass, *, as_json: bool) -> None:
    """Ends with an error where nothing could be declared, or not of every file."""
    if as_json:
        print_json(plain(done))
    else:
        _table(done)
    if done.is_behind:
        err.print(
            f"[bold red]The time is before the end of {done.closed_until}, which is closed.[/] "
            "Nothing is declared until it has passed that day. Look at the database's clock.",
            highlight=False,
        )
    if done.doubt is not None:
        say(done.doubt)
    for subject_id, reason in done.swept.failed.items():
        err.print(f"  {subject_id}: {reason}", highlight=False)
    if done.is_held or done.swept.failed:
        raise typer.Exit(FAILED)


def plain(done: Pass) -> dict[str, object]:
    swept = done.swept
    return {
        "now": done.now.astimezone(CHINA),
        "closed_until": done.closed_until,
        "is_behind": done.is_behind,
        "doubt": done.doubt and done.doubt.code,
        "days_closed": done.days,
        "declared": dict(sorted(swept.declared.items())),
        "subjects": swept.subjects,
        "conflicts": swept.conflicts,
        "failed": {str(subject): reason for subject, reason in swept.failed.items()},
    }


def report_proof(proof: Proof, *, as_json: bool) -> None:
    """Ends with an error when the proof does not hold."""
    if as_json:
        print_json({"holds": proof.holds, **_plain_proof(proof)})
    else:
        _proof_table(proof)
    if not proof.holds:
        raise typer.Exit(FAILED)


def _table(done: Pass) -> None:
    said = plain(done)
    rows = [(name, said[name]) for name in ("now", "closed_until", "subjects", "conflicts")]
    rows.insert(2, ("days closed", len(done.days)))
    rows += [(f"declared: {kind}", count) for kind, count in sorted(done.swept.declared.items())]
    print_table(("", ""), [(name.replace("_", " "), value) for name, value in rows])


def _plain_proof(proof: Proof) -> dict[str, object]:
    return {
        "position": proof.position,
        "closed_until": proof.closed_until,
        "subjects": proof.subjects,
        "outcomes": dict(sorted(proof.outcomes.items())),
        "declared": dict(sorted(proof.declared.items())),
        "breaches": dict(sorted(proof.breaches.items())),
        "first": proof.first,
    }


def _proof_table(proof: Proof) -> None:
    said = _plain_proof(proof)
    rows = [(name, said[name]) for name in ("position", "closed_until", "subjects")]
    for name, counts in (("outcome", proof.outcomes), ("declared", proof.declared)):
        rows += [(f"{name}: {kind}", count) for kind, count in sorted(counts.items())]
    print_table(("", ""), [(name.replace("_", " "), value) for name, value in rows])
    if proof.holds:
        out.print("[green]Every obligation past its close has exactly one outcome.[/]")
        return
    named = [
        (o.breach, o.subject_id, o.kind, f"{o.policy} {o.rule}", o.window, o.reason)
        for o in proof.first
    ]
    print_table(("Breach", "Case", "Kind", "Rule", "Window", "Reason"), named)
    total = sum(proof.breaches.values())
    err.print(f"[bold red]{total} breaches[/], of which {len(named)} are named.", highlight=False)

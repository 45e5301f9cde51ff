"""How far a long command is, where nobody sees a bar."""

import pytest

from services.casefile.cli.output import LINE_SECONDS, Lines


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_line_says_at_times_how_far_it_is(capsys: pytest.CaptureFixture[str]):
    clock = Clock()
    lines = Lines("R3", clock)

    lines.report(1, 400)
    clock.now += LINE_SECONDS
    lines.report(120, 400)
    lines.report(121, 400)
    clock.now += LINE_SECONDS
    lines.report(300)

    assert capsys.readouterr().err.splitlines() == ["R3: 120 of 400", "R3: 300"]

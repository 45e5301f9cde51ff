"""A small policy in YAML, to be spoiled at one place."""

from services.casefile.domain.cadence.policy import Policy
from services.casefile.policies.faults import Fault, PolicyNotUsable
from services.casefile.policies.reading import PolicyDocument, read_policy

SOUND = """\
policy: our-school
version: 1
title: 班主任每月谈心
effective_from: 2026-09-01
approved_by: leading-group
rules:
  - code: talk.class_teacher
    title: 每月谈心
    shape: {shape: calendar, every: month}
    kinds: [talk]
    role: class_teacher
"""
LAST_LINE = SOUND.count("\n")


def spoilt(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, old
    return SOUND.replace(old, new)


def with_line(line: str) -> str:
    """One more line at the end of the only rule; it is line 12."""
    return f"{SOUND}    {line}\n"


def read(text: str | bytes = SOUND) -> PolicyDocument:
    return read_policy(text, "our-school.yaml")


def policy(text: str = SOUND) -> Policy:
    return read(text).policy


def faults_in(text: str | bytes) -> tuple[Fault, ...]:
    try:
        read(text)
    except PolicyNotUsable as refusal:
        return refusal.faults
    return ()


def told(fault: Fault) -> tuple[int, int, str, str]:
    """Where and what; the remedy is there too."""
    assert fault.remedy
    return fault.line, fault.column, fault.where, fault.problem

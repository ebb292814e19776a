"""Compares what a document shows with what a command printed."""

import re

# Parts of a line that differ from run to run.
CHANGING = [
    (re.compile(r"\b(wf|etv|wk)[-_][\w-]+"), r"\1-*"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?"), "TIME"),
    (re.compile(r"\b\d+(\.\d+)?(ms|s|m|h)( \d+s| \d+m)?\b"), "DURATION"),
    (re.compile(r"\b127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
]


def comparable(line):
    for pattern, word in CHANGING:
        line = pattern.sub(word, line)
    return " ".join(line.split())


def missing_lines(shown, printed):
    """The lines that are shown and were not printed in this order. A line of `…` stands for any others."""
    printed = iter([comparable(line) for line in printed.splitlines()])
    return [line for line in shown.splitlines() if line.strip() not in ("", "…") and comparable(line) not in printed]

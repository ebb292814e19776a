"""The shared code of the shop's tasks: reading inputs, leaving outputs, and exiting."""

import csv
import json
import os
import re
import sys
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation

# Exit codes from sysexits: 65 is bad data (the customer's fault), 75 a temporary failure (the platform's fault).
DATA_ERROR = 65
TEMPORARY_FAILURE = 75


def say(line):
    """Prints without buffering, so that a follower of the run sees progress."""
    print(line, flush=True)


def directory():
    """The output directory of this run, so that parallel runs do not conflict."""
    path = os.path.join("out", os.environ.get("WEIR_WORKFLOW_ID", "by-hand"))
    os.makedirs(path, exist_ok=True)
    return path


def inputs():
    """The outputs of the tasks that this one needs, by task id."""
    path = os.environ.get("WEIR_INPUTS")
    if not path or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return json.loads(text) if text.strip() else {}


def finish(**outputs):
    """Exits with success and leaves `outputs` to the tasks that need this one."""
    leave(outputs)


def fail(message, data=None, code=DATA_ERROR, attribution="customer"):
    """Exits with a failure, and leaves an error that the list of runs shows."""
    say(f"error: {message}")
    leave({"error": {"message": message, "attribution": attribution, "data": data}})
    sys.exit(code)


def leave(value):
    path = os.environ.get("WEIR_OUTPUT")
    text = json.dumps(value, ensure_ascii=False)
    if path:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        say(text)


def read_table(name, required):
    """The rows of a CSV file as dictionaries; a missing column is the customer's fault."""
    path = os.path.join("data", name)
    try:
        with open(path, newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = [column for column in required if column not in (reader.fieldnames or [])]
            if missing:
                fail(f"The table {name} lacks the column {missing[0]}.", {"table": name, "missing_columns": missing})
            return list(reader)
    except FileNotFoundError:
        fail(f"The table {name} is not there.", {"table": name})


def write_table(path, columns, rows):
    """Writes a CSV file whole or not at all, so that a later attempt never reads half of one."""
    part = path + ".part"
    with open(part, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(part, path)


def read_back(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def requested_range():
    """The days that the run was started for, as ISO dates; None where it is open. The end is exclusive."""
    first, end = os.environ.get("WEIR_RANGE_FROM"), os.environ.get("WEIR_RANGE_TO")
    return (first or None), (end or None)


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_range(day, first, end):
    """Whether the day (an ISO date, at midnight UTC) is in the half-open range."""
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), timezone.utc)
    return (first is None or at >= instant(first)) and (end is None or at < instant(end))


DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%Y-%m-%dT%H:%M:%SZ"]


def read_day(text):
    """An ISO date from the formats that the shop's tills and its web site use; None when it is not a date."""
    text = text.strip()
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            pass
    return None


def read_cents(text):
    """Cents from `12.50`, `12,50` or `EUR 12.50`; None when it is not an amount."""
    try:
        amount = Decimal(text.replace("EUR", "").strip().replace(",", "."))
        return int(amount * 100) if amount.is_finite() else None
    except InvalidOperation:
        return None


EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def read_email(text):
    """The address in lower case; None when there is none or it cannot be one."""
    text = text.strip().lower()
    return text if EMAIL.fullmatch(text) else None


def euros(cents):
    return f"{int(cents) / 100:,.2f} EUR"

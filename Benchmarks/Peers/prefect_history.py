"""Writes a history into the tables of a Prefect server, as its migrations create them."""

import datetime
import json
import sqlite3
import uuid

# A stopping run is loaded as running: otherwise the server would end all that are stopping for too long, and lock the database during
# the measurement.
STATES = {
    "scheduled": ("SCHEDULED", "Scheduled"), "started": ("PENDING", "Pending"), "in-progress": ("RUNNING", "Running"),
    "running-with-failures": ("RUNNING", "Running"), "stopping": ("RUNNING", "Running"),
    "canceled": ("CANCELLED", "Cancelled"), "succeeded": ("COMPLETED", "Completed"), "failed": ("FAILED", "Failed"),
}
BATCH = 10_000


def load(path, runs):
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    flows = {}
    rows, states = [], []

    def flush():
        with database:
            # A run refers to its state and the state to its run; foreign keys are not checked here.
            database.executemany(
                "INSERT INTO flow_run (id, created, updated, name, state_type, run_count, expected_start_time, start_time, end_time, "
                "total_run_time, parameters, flow_id, state_id, state_name, state_timestamp, tags, labels) "
                "VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, '{}', ?, ?, ?, ?, ?, '{}')", rows)
            database.executemany(
                "INSERT INTO flow_run_state (id, created, updated, type, timestamp, name, message, flow_run_id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", states)
        rows.clear()
        states.clear()

    for run in runs:
        flow = flows.get(run["name"])
        if flow is None:
            flow = flows[run["name"]] = str(uuid.uuid4())
            database.execute("INSERT INTO flow (id, name) VALUES (?, ?)", (flow, run["name"]))
        run_id, state_id = str(uuid.uuid4()), str(uuid.uuid4())
        kind, word = STATES[run["state"]]
        began = instant(run["created_at"])
        ended = instant(run["ended_at"]) if "ended_at" in run else None
        took = datetime.datetime(1970, 1, 1) + (ended - began if ended else datetime.timedelta())
        last = ended or began
        rows.append((
            run_id, stamp(began), stamp(last), run["id"], kind, stamp(began), stamp(began), ended and stamp(ended), stamp(took),
            flow, state_id, word, stamp(last), json.dumps([run["type"]])))
        states.append((
            state_id, stamp(last), stamp(last), kind, stamp(last), word, run.get("error", {}).get("message"), run_id))
        if len(rows) == BATCH:
            flush()
    flush()
    database.execute("ANALYZE")
    database.close()


def instant(text):
    return datetime.datetime.fromisoformat(text.removesuffix("Z"))


def stamp(time):
    return time.strftime("%Y-%m-%d %H:%M:%S.%f")

"""DBOS as a peer: `load DATABASE` fills its table from runs on standard input, `measure DATABASE CLIENTS SECONDS PAGE` measures it."""

import datetime
import json
import logging
import os
import sqlite3
import sys
import threading
import time

from dbos import DBOS

STATES = {
    "scheduled": "ENQUEUED", "started": "PENDING", "in-progress": "PENDING", "running-with-failures": "PENDING",
    "stopping": "PENDING", "canceled": "CANCELLED", "succeeded": "SUCCESS", "failed": "ERROR",
}
BATCH = 10_000


@DBOS.workflow()
def nothing(number):
    return number


def launch(path):
    DBOS(config={"name": "bench", "system_database_url": f"sqlite:///{path}", "log_level": "ERROR"})
    logging.disable(logging.ERROR)
    DBOS.launch()


def load(path):
    launch(path)
    DBOS.destroy()
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    rows = []

    def flush():
        with database:
            # Another executor and version, so that DBOS recovers none of these.
            database.executemany(
                "INSERT INTO workflow_status (workflow_uuid, status, name, executor_id, created_at, updated_at, application_version, "
                "application_id, recovery_attempts, inputs, serialization, completed_at, started_at_epoch_ms) "
                "VALUES (?, ?, ?, 'elsewhere', ?, ?, 'before', '', 1, NULL, 'py_pickle', ?, ?)", rows)
        rows.clear()

    for line in sys.stdin:
        run = json.loads(line)
        began = milliseconds(run["created_at"])
        ended = milliseconds(run["ended_at"]) if "ended_at" in run else None
        rows.append((run["id"], STATES[run["state"]], run["name"], began, ended or began, ended, began))
        if len(rows) == BATCH:
            flush()
    flush()
    database.execute("ANALYZE")
    database.close()


def milliseconds(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def measure(path, clients, seconds, page):
    launch(path)
    say("pages", under_load(clients, seconds, lambda: DBOS.list_workflows(limit=page, sort_desc=True)))
    say("failed", under_load(clients, seconds, lambda: DBOS.list_workflows(limit=page, sort_desc=True, status="ERROR")))
    say("starts", under_load(clients, seconds, lambda: DBOS.start_workflow(nothing, 1).get_result()))
    say("resident_mib", resident_mib())
    # Last, because it takes longest; the list includes the starts above.
    start = time.monotonic()
    total = len(DBOS.list_workflows(load_input=False, load_output=False))
    say("total", {"value": total, "median_ms": (time.monotonic() - start) * 1000})
    DBOS.destroy()


def say(what, value):
    print(json.dumps({what: value}), flush=True)


def under_load(clients, seconds, action):
    action()
    took, end = [], time.monotonic() + seconds
    began = time.monotonic()

    def client():
        while (start := time.monotonic()) < end:
            action()
            took.append((time.monotonic() - start) * 1000)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    return {
        "per_second": len(took) / (time.monotonic() - began), "median_ms": took[len(took) // 2],
        "p99_ms": took[min(len(took) - 1, len(took) * 99 // 100)],
    }


def resident_mib():
    with open(f"/proc/{os.getpid()}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


if __name__ == "__main__":
    if sys.argv[1] == "load":
        load(os.path.abspath(sys.argv[2]))
    else:
        measure(os.path.abspath(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))

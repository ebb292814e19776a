"""Pulls the supplier's stock. A missing feed is a temporary failure: a later attempt will find it."""

import os

import task

path = os.path.join(task.directory(), "feed.csv")
attempt = os.environ.get("WEIR_ATTEMPT", "1")
if not os.path.exists(path):
    task.fail(
        f"The supplier's feed is not there yet (attempt {attempt}).",
        {"feed": "feed.csv"},
        code=task.TEMPORARY_FAILURE,
        attribution="platform",
    )
rows = task.read_back(path)
scarce = [row["product"] for row in rows if int(row["left"]) < 105]
task.say(f"attempt {attempt}: {len(rows)} products, {len(scarce)} of them scarce")
task.finish(products=len(rows), scarce=scarce)

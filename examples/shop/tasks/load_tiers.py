"""Loads the tiers of the loyalty programme: one per member, or the table is in an invalid state."""

import os
from collections import defaultdict

import task

rows = task.read_table("loyalty_tiers.csv", ["member_id", "tier", "since"])
task.say(f"loyalty_tiers.csv: {len(rows)} rows")

lines = defaultdict(list)
for line, row in enumerate(rows, start=2):
    lines[row["member_id"].strip().lower()].append(line)
duplicates = {member: places for member, places in lines.items() if len(places) > 1}
for member, places in duplicates.items():
    task.say(f"  {member} is on the lines {' and '.join(map(str, places))}")
if duplicates:
    task.fail(
        f"Table loyalty_tiers is in an invalid state: {len(duplicates)} duplicate values of its primary key member_id.",
        {"table": "loyalty_tiers", "primary_key": "member_id", "duplicates": sorted(duplicates)},
    )

path = os.path.join(task.directory(), "tiers.csv")
task.write_table(path, ["member_id", "tier", "since"], rows)
task.finish(file=path, rows=len(rows))

"""Reads the shop's orders, keeps the valid ones, and sets the rest aside with a reason."""

import os
from collections import Counter

import orders
import task

first, end = task.requested_range()
kept, rejected, outside = orders.read(first, end)
count = len(kept) + len(rejected) + outside
task.say(f"orders.csv: {count} rows")

directory = task.directory()
path = os.path.join(directory, "orders.csv")
task.write_table(path, orders.CLEAN_COLUMNS, kept)
task.write_table(os.path.join(directory, "orders.rejected.csv"), ["line", "reason", *orders.COLUMNS], rejected)

reasons = dict(Counter(row["reason"] for row in rejected).most_common())
for reason, times in reasons.items():
    task.say(f"  put aside: {times} × {reason}")
if first or end:
    task.say(f"  not in the range of this run: {outside}")
task.say(f"kept {len(kept)} orders of {task.euros(sum(order['cents'] for order in kept))}")
task.finish(file=path, read=count, kept=len(kept), out_of_range=outside, rejected=reasons)

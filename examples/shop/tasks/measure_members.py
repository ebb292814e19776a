"""Measures each member by recency, frequency and value, the inputs of a score."""

import os
from datetime import date

import task

members = {}
history = [order for order in task.read_back(task.inputs()["page-history"]["file"]) if order["member_id"]]
newest = max((date.fromisoformat(order["day"]) for order in history), default=date.min)
for order in history:
    measure = members.setdefault(order["member_id"], {"member_id": order["member_id"], "days": 10**6, "orders": 0, "cents": 0})
    measure["days"] = min(measure["days"], (newest - date.fromisoformat(order["day"])).days)
    measure["orders"] += 1
    measure["cents"] += int(order["cents"])

path = os.path.join(task.directory(), "measures.csv")
task.write_table(path, ["member_id", "days", "orders", "cents"], members.values())
task.say(f"measured {len(members)} members on {len(history)} orders")
task.finish(file=path, members=len(members), orders=len(history))

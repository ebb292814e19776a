"""Predicts how much each member will spend in the coming year: the pace so far, discounted by the time since the last order, by tier."""

import os

import task

FACTOR = {"copper": 1.0, "silver": 1.15, "gold": 1.3}
HALF_LIFE_DAYS = 90
HISTORY_DAYS = 300

came = task.inputs()
tiers = {row["member_id"]: row["tier"] for row in task.read_back(came["load-tiers"]["file"])}
scores = []
for row in task.read_back(came["measure-members"]["file"]):
    pace = int(row["cents"]) * 365 / HISTORY_DAYS
    cents = round(pace * 0.5 ** (int(row["days"]) / HALF_LIFE_DAYS) * FACTOR.get(tiers.get(row["member_id"]), 1.0))
    scores.append({"member_id": row["member_id"], "tier": tiers.get(row["member_id"], ""), "predicted_cents": cents})
scores.sort(key=lambda score: (-score["predicted_cents"], score["member_id"]))

path = os.path.join(task.directory(), "scores.csv")
task.write_table(path, ["member_id", "tier", "predicted_cents"], scores)
task.say(f"scored {len(scores)} members, {task.euros(sum(score['predicted_cents'] for score in scores))} in all")
task.finish(file=path, members=len(scores))

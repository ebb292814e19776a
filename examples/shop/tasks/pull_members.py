"""Reads the members of the loyalty programme and brings their fields into one form."""

import os
from collections import Counter

import task

YES = {"yes", "y", "true", "1"}

columns = ["member_id", "email", "card", "joined_on", "city", "points", "consent"]
rows = task.read_table("loyalty_members.csv", columns)
task.say(f"loyalty_members.csv: {len(rows)} rows")

kept, rejected, repaired = [], [], Counter()
for number, row in enumerate(rows, start=2):
    member = row["member_id"].strip().lower()
    if not member:
        rejected.append({"line": number, "reason": "no member id", **row})
        continue
    email, joined = task.read_email(row["email"]), task.read_day(row["joined_on"])
    if row["email"].strip() and not email:
        repaired["bad e-mail address left out"] += 1
    if email and email != row["email"]:
        repaired["e-mail address trimmed or in lower case"] += 1
    if not joined:
        repaired["no day of joining"] += 1
    points = row["points"].strip()
    if not points.isdigit():
        repaired["points counted as 0"] += 1
    kept.append(
        {
            "member_id": member,
            "email": email or "",
            "card": row["card"].strip().upper(),
            "joined_on": joined or "",
            "city": " ".join(row["city"].split()).title(),
            "points": int(points) if points.isdigit() else 0,
            "consent": int(row["consent"].strip().lower() in YES),
        }
    )

directory = task.directory()
path = os.path.join(directory, "members.csv")
task.write_table(path, ["member_id", "email", "card", "joined_on", "city", "points", "consent"], kept)
task.write_table(os.path.join(directory, "members.rejected.csv"), ["line", "reason", *columns], rejected)

for what, count in repaired.most_common():
    task.say(f"  {count} × {what}")
task.say(f"kept {len(kept)} rows, put {len(rejected)} aside")
task.finish(file=path, read=len(rows), kept=len(kept), rejected=len(rejected), repaired=dict(repaired))

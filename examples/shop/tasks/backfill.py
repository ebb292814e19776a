"""Fills the daily totals of the shop for days that are gone, one day after the other.

Each day is written before the next begins. An attempt that follows an interrupted one goes on where that one ended, and being
told to end (TERM) is not an accident: the day at hand is finished, and nothing is lost.
"""

import os
import signal
import sqlite3
import sys
import threading
from collections import defaultdict
from datetime import date, timedelta

import orders
import task

pause = float(sys.argv[1]) if len(sys.argv) > 1 else 0
asked_to_end = threading.Event()
signal.signal(signal.SIGTERM, lambda number, frame: asked_to_end.set())

kept, _, _ = orders.read(*task.requested_range())
orders_of = defaultdict(list)
for order in kept:
    orders_of[order["day"]].append(order["cents"])
if not orders_of:
    task.say("there are no orders in the range of this run")
    task.finish(days=0, orders=0, cents=0)
    sys.exit()
first, last = date.fromisoformat(min(orders_of)), date.fromisoformat(max(orders_of))
days = [(first + timedelta(days=count)).isoformat() for count in range((last - first).days + 1)]

path = os.path.join(task.directory(), "totals.db")
database = sqlite3.connect(path)
database.execute("CREATE TABLE IF NOT EXISTS totals (day TEXT PRIMARY KEY, orders INTEGER NOT NULL, cents INTEGER NOT NULL)")
done = {day for (day,) in database.execute("SELECT day FROM totals")}
task.say(f"{len(days)} days from {days[0]} to {days[-1]}" + (f", {len(done)} of them done before" if done else ""))

for number, day in enumerate(days, start=1):
    if day in done:
        continue
    with database:
        database.execute("INSERT INTO totals VALUES (?, ?, ?)", (day, len(orders_of[day]), sum(orders_of[day])))
    task.say(f"day {number} of {len(days)}: {day}, {len(orders_of[day])} orders, {task.euros(sum(orders_of[day]))}")
    if asked_to_end.wait(pause):
        task.say(f"told to end after {day}; what is done stays done")
        database.close()
        sys.exit(128 + signal.SIGTERM)

count, cents = database.execute("SELECT sum(orders), sum(cents) FROM totals").fetchone()
database.close()
task.say(f"{len(days)} days, {count} orders, {task.euros(cents)}")
task.finish(file=path, days=len(days), orders=count, cents=cents)

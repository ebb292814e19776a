"""Reads the history of orders a page at a time, with the pause between two pages that the shop's system asks for."""

import os
import sys
import time

import orders
import task

PAGE = 50
pause = float(sys.argv[1]) if len(sys.argv) > 1 else 0

kept, _, _ = orders.read(*task.requested_range())
pages = [kept[start : start + PAGE] for start in range(0, len(kept), PAGE)]
history = []
for number, page in enumerate(pages, start=1):
    history.extend(page)
    task.say(f"page {number} of {len(pages)}: {len(page)} orders, up to {page[-1]['day']}")
    time.sleep(pause)

path = os.path.join(task.directory(), "history.csv")
task.write_table(path, orders.CLEAN_COLUMNS, history)
task.finish(file=path, pages=len(pages), orders=len(history))

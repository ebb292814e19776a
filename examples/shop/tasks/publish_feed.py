"""Plays the supplier: writes the stock of the day, which takes a moment, and moves it into place when it is complete."""

import os
import sys
import time

import orders
import task

pause = float(sys.argv[1]) if len(sys.argv) > 1 else 0
kept, _, _ = orders.read()
sold = {}
for order in kept:
    sold[order["product"]] = sold.get(order["product"], 0) + order["quantity"]

rows = []
for product in sorted(sold):
    rows.append({"product": product, "left": 200 - sold[product] % 200})
    task.say(f"counted {product}")
    time.sleep(pause)
path = os.path.join(task.directory(), "feed.csv")
task.write_table(path, ["product", "left"], rows)
task.finish(file=path, products=len(rows))

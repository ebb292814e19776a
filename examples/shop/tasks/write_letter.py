"""Writes the letter of one city: the customers of the segment who live there. Weir runs it once for each city."""

import os
import sys

import task

city = sys.argv[1]
rows = [row for row in task.read_back(task.inputs()["segment"]["file"]) if (row["city"] or "unknown") == city]
# The name of a city may have any characters; the number of the item is unique.
path = os.path.join(task.directory(), f"letter-{os.environ.get('WEIR_ITEM_INDEX', '0')}.txt")
with open(path, "w", encoding="utf-8") as file:
    file.write(f"To {len(rows)} customers in {city}: we miss you.\n")
    file.writelines(f"{row['email']}\n" for row in rows)
task.say(f"{city}: {len(rows)} addresses")
task.finish(city=city, file=path, addresses=len(rows))

"""Adds up the outputs of all items, which are a list in their order."""
import json
import os

with open(os.environ["WEIR_INPUTS"]) as file:
    items = json.load(file)["add-one"]["items"]
total = sum(item["value"] for item in items)
print(f"{len(items)} items, {total} together")
with open(os.environ["WEIR_OUTPUT"], "w") as output:
    json.dump({"total": total}, output)

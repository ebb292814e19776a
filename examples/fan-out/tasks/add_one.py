"""Adds one to a number. The number is an argument, and also in WEIR_ITEM."""
import json
import os
import sys

number = int(sys.argv[1])
assert number == json.loads(os.environ["WEIR_ITEM"])
print(f"item {os.environ['WEIR_ITEM_INDEX']}: {number} + 1")
with open(os.environ["WEIR_OUTPUT"], "w") as output:
    json.dump({"value": number + 1}, output)

"""Checks a feed. Here, every feed is good."""
import json
import os
import sys

region, feed = sys.argv[1:]
print(f"{os.environ['NUMBER']}: the {feed} feed of {region} is good")
with open(os.environ["WEIR_OUTPUT"], "w") as output:
    json.dump({"region": region, "feed": feed}, output)

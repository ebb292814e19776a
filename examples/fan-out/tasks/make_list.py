"""Gives a list of numbers, from 1 to the given one."""
import json
import os
import sys

with open(os.environ["WEIR_OUTPUT"], "w") as output:
    json.dump({"numbers": list(range(1, int(sys.argv[1]) + 1))}, output)

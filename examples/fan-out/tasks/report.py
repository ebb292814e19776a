"""Says how the checks went, also when one has failed."""
import json
import os

with open(os.environ["WEIR_INPUTS"]) as file:
    checks = json.load(file).get("check", {"items": []})["items"]
print(f"{os.environ['WEIR_RUN_OUTCOME']}: {len(checks)} feeds were checked")

"""Prints how the run went. A closing task: it runs after a success, a failure and a stop."""

import os

from task import finish, say


def main():
    outcome = os.environ.get("WEIR_RUN_OUTCOME", "unknown")
    failed = os.environ.get("WEIR_FAILED_TASKS", "")
    say(f"The run {outcome}." + (f" Failed tasks: {failed}." if failed else ""))
    finish(outcome=outcome)


if __name__ == "__main__":
    main()

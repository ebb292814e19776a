"""A service for the tests: a temporary data directory, a port chosen by the system, workflows that wait for the tests."""

import contextlib
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIR = os.environ.get("WEIR_PROGRAM", str(ROOT / ".build" / "debug" / "weir"))

# Text that does something when a page renders it as markup.
HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"

WORKFLOWS = {
    "cg-quick": """
id: cg-quick
name: Daily
type: courier.group/run
stages:
  - name: Sources
    tasks:
      - id: pull
        label: Pull orders
        type: courier.pull
        command: [sh, -c, 'echo pulled; echo "{\\"rows\\": 3, \\"run_id\\": \\"job-77\\"}" > "$WEIR_OUTPUT"']
  - name: Stitch
    tasks:
      - {id: unify, label: Unify customers, type: stitch.unify, command: [sh, -c, 'echo unified']}
""",
    "cg-shop": """
id: cg-shop
name: The shop's day
type: courier.group/run
stages:
  - name: Sources
    tasks:
      - {id: orders, label: Pull orders, type: courier.pull, command: [sleep, "0.9"]}
      - {id: members, label: Pull loyalty members, type: courier.pull, command: [sleep, "0.4"]}
      - id: feed
        label: Pull the supplier's feed
        type: courier.pull
        command: [sh, -c, 'sleep 0.3; [ "$WEIR_ATTEMPT" -gt 2 ] || exit 75']
        retry: {attempts: 3, first_delay: 300ms, factor: 1}
  - name: Stitch
    tasks:
      - {id: unify, label: Unify customers, type: stitch.unify, needs: [orders, members], command: [sleep, "1.1"]}
      - {id: database, label: Build the database, type: database.build, needs: [unify, feed], command: [sleep, "0.6"]}
  - name: Activations
    tasks:
      - {id: segment, label: Write the segment, type: campaign.segment, command: [sleep, "0.5"]}
      - {id: tell, label: Tell the shop, type: webhook.send, command: [sh, -c, 'sleep 0.2; echo "The shop does not know that segment." >&2; exit 65']}
""",
    "cg-gated": """
id: cg-gated
name: Waits for the test
type: amperity.orchestration.orchestration/run
stages:
  - name: First
    tasks:
      - id: wait
        label: Wait for the gate
        type: test.wait
        command: [sh, -c, 'echo first line; until [ -e gate ]; do sleep 0.05; done; printf "\\033[32mgreen\\033[0m second line\\n"; until [ -e end ]; do sleep 0.05; done']
  - name: Then
    run_modes: [full]
    tasks:
      - {id: after, label: Afterwards, type: test.after, command: ['true']}
  - name: Left out
    run_modes: [source]
    tasks:
      - {id: never, label: Never in a full run, type: test.never, command: ['true']}
""",
    "cg-mend": """
id: cg-mend
name: Fails until it is mended
type: test.mend
stages:
  - name: Sources
    tasks:
      - {id: pull, label: Pull once, type: test.pull, command: [sh, -c, 'echo "{\\"rows\\": 3}" > "$WEIR_OUTPUT"']}
  - name: Activations
    tasks:
      - {id: send, label: Send it, type: test.send, command: [sh, -c, '[ -e mended ] || exit 3']}
""",
    "cg-nightly": """
id: cg-nightly
name: Nightly
type: test.nightly
schedule: {cron: "30 2 * * *", timezone: America/New_York, range: period}
stages:
  - name: Sources
    tasks:
      - {id: pull, label: Pull the night, type: test.pull, command: ['true']}
""",
    "cg-stages": """
id: cg-stages
name: Fails half way
type: test.stages
stages:
  - name: Load
    tasks:
      - {id: first, label: Load the orders, type: test.load, command: ['true']}
      - {id: tiers, label: Load the tiers, type: test.load, command: ['false']}
  - name: Score
    tasks:
      - {id: alone, label: Needs nothing, type: test.score, needs: [first], command: ['true']}
      - {id: score, label: Score members, type: test.score, needs: [tiers], command: ['true']}
      - {id: segment, label: Segment members, type: test.score, needs: [score], command: ['true']}
      - {id: notify, label: Notify members, type: test.score, needs: [segment], command: ['true']}
""",
    "cg-levels": """
id: cg-levels
name: Prints levels and colours
type: test.levels
stages:
  - name: Print
    tasks:
      - id: print
        label: Print levels
        type: test.log
        command: [python3, -c, 'print("INFO begin\\n\\x1b[38;5;208mWARN\\x1b[0m slow\\n10 %\\r50 %\\r100 %\\nERROR no such table")']
""",
    "cg-items": """
id: cg-items
name: Loads each file
type: test.items
stages:
  - name: Load
    tasks:
      - id: load
        label: Load files
        type: test.load
        for_each: [a.csv, b.csv, c.csv, d.csv, e.csv, f.csv]
        max_parallel: 4
        command: [sh, -c, 'until [ -e "item-$1" ] || [ -e end ]; do sleep 0.05; done; [ "$1" != c.csv ] || exit 65', load, "${item}"]
""",
    "cg-log": """
id: cg-log
name: Prints much
type: test.log
stages:
  - name: Print
    tasks:
      - id: print
        label: Print rows
        type: test.log
        command: [python3, -c, 'for row in range(1, 1603): print(f"row {row} of the \\x1b[31mWARE\\x1b[0mHOUSE " + "x" * 200)']
""",
    # Both streams, in an order that does not depend on their reader. It goes on when the test opens the gate.
    "cg-streams": """
id: cg-streams
name: Prints to both streams
type: test.streams
stages:
  - name: Print
    tasks:
      - id: print
        label: Print to both
        type: test.log
        command: [sh, -c, 'seq -f "row %%g" 150; sleep 0.3; echo "%(hostile)s bad" >&2; sleep 0.3; until [ -e gate ]; do sleep 0.05; done; seq -f "row %%g" 152 260; printf "bar 10\\r"; until [ -e end ]; do sleep 0.05; done; printf "bar 90\\n"']
""" % {"hostile": "<b id=evil>"},
    "cg-megabyte": """
id: cg-megabyte
name: Prints more than is kept
type: test.log
stages:
  - name: Print
    tasks:
      - id: print
        label: Print rows
        type: test.log
        command: [python3, -c, 'import sys; [print(f"row {row} " + "x" * 90, file=(sys.stderr, sys.stdout)[row % 2], flush=True) for row in range(1, 14001)]']
""",
    "cg-hostile": """
id: cg-hostile
name: %(hostile)s
type: test.hostile
stages:
  - name: %(hostile)s
    tasks:
      - id: bad
        label: %(hostile)s
        type: test.hostile
        command: [python3, -c, %(program)s]
""" % {
        "hostile": json.dumps(HOSTILE),
        "program": json.dumps(
            "import json, os\n"
            "text = %r\n"
            "print(text)\n"
            "print('\\x1b]8;;javascript:alert(3)\\x07link\\x1b]8;;\\x07 \\x1b[31mred\\x1b[0m')\n"
            "error = {'message': text, 'attribution': 'platform', 'data': {'html': text}}\n"
            "json.dump({'error': error}, open(os.environ['WEIR_OUTPUT'], 'w'))\n"
            "raise SystemExit(3)\n" % HOSTILE
        ),
    },
}

LARGE = 1000


def large():
    """A thousand tasks in four stages, of which one fails: the last stage needs it and does not run. It waits while the test holds it."""
    lines = ["id: cg-large", "name: A thousand tasks", "type: test.large", "stages:"]
    for stage in range(4):
        lines += [f"  - name: Stage {stage + 1}", "    tasks:"]
        for number in range(LARGE // 4):
            place = stage * LARGE // 4 + number
            command = "[sh, -c, 'while [ -e hold ]; do sleep 0.05; done; exit 1']" if place == 700 else "['true']"
            needs = "[t700]" if stage == 3 else "[]"
            lines.append(f"      - {{id: t{place}, label: Task {place}., type: test.large, needs: {needs}, command: {command}}}")
    return "\n".join(lines) + "\n"


WORKFLOWS["cg-large"] = large()


class Service:
    """Started once for all tests."""

    def __init__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-browser-"))
        self.data = self.directory / "data"
        self.keys = {policy: self._key(policy) for policy in ("viewer", "operator", "admin")}
        self._delete_history()
        self._import_history()
        self.log = open(self.directory / "log", "w")
        self.process = subprocess.Popen(
            [WEIR, "serve", "--data", str(self.data), "--port", "0", "--workers", "8", "--rate-limit", "0", "--grace", "200ms"],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if "Listening on " not in line:
            self.end()
            raise RuntimeError("weir did not start: " + (self.directory / "log").read_text())
        self.url = line.split()[-1]
        for name, text in WORKFLOWS.items():
            self.apply(name, text)

    def _key(self, policy):
        made = subprocess.run(
            [WEIR, "keys", "create", "--data", str(self.data), "--tenant", "acme", "--name", f"{policy} of the tests", "--policy",
             policy, "--json"], check=True, capture_output=True, text=True)
        return json.loads(made.stdout)

    def _import_history(self):
        """A hundred and thirty runs of November 2023, newest last."""
        states = ["succeeded", "succeeded", "failed", "canceled", "succeeded"]
        types = ["courier.group/run", "campaign.send", "bridge.sync"]
        names = ["Daily", "Newsletter", "Audience to the ads"]
        lines = []
        for number in range(130):
            state = states[number % len(states)]
            run = {
                "id": f"wf-20231101-{number:05}-aaaaaa", "name": f"{names[number % len(names)]} {number}", "type": types[number % len(types)],
                "state": state, "tenant": "acme", "created_at": f"2023-11-{1 + number // 5:02}T{number % 24:02}:00:00.000Z",
                "ended_at": f"2023-11-{1 + number // 5:02}T{number % 24:02}:{number % 59:02}:30.000Z", "principal_id": "p",
                "principal_name": "Night shift",
            }
            if state == "failed":
                run["error"] = {"attribution": "customer", "type": "test/failed", "message": "The table is not there.\nSecond line"}
            lines.append(json.dumps(run))
        self._import(lines)

    def _import(self, lines):
        file = self.directory / "history.ndjson"
        file.write_text("\n".join(lines) + "\n")
        subprocess.run(
            [WEIR, "import", str(file), "--data", str(self.data), "--tenant", "acme"], check=True, capture_output=True)

    def _delete_history(self):
        """Forty runs of ten days in May 2022, of which only statistics are left."""
        lines = []
        for number in range(40):
            day, state = 2 + number % 10, "failed" if number % 4 == 0 else "succeeded"
            lines.append(json.dumps({
                "id": f"wf-20220501-{number:05}-aaaaaa", "name": "Daily", "type": "courier.group/run", "state": state, "tenant": "acme",
                "created_at": f"2022-05-{day:02}T10:00:00.000Z", "ended_at": f"2022-05-{day:02}T10:{number:02}:00.000Z",
                "principal_id": "p", "principal_name": "Night shift",
            }))
        self._import(lines)
        age = (datetime.datetime.now(datetime.timezone.utc).date() - datetime.date(2022, 6, 1)).days
        subprocess.run(
            [WEIR, "retention", "--data", str(self.data), "--older-than", f"{age}d"], check=True, capture_output=True)

    def weir(self, *arguments, check=True):
        key = self.keys["admin"]
        environment = dict(
            os.environ, WEIR_URL=self.url, WEIR_TENANT="acme", WEIR_CLIENT_ID=key["client_id"],
            WEIR_CLIENT_SECRET=key["client_secret"])
        return subprocess.run([WEIR, *arguments], check=check, capture_output=True, text=True, env=environment).stdout

    def apply(self, name, text):
        file = self.directory / (name + ".yaml")
        file.write_text(text)
        self.weir("apply", str(file))

    def start(self, configuration, *arguments, check=True):
        """Starts a run and returns its id."""
        return json.loads(self.weir("start", configuration, "--json", *arguments, check=check).splitlines()[0])["id"]

    def tasks(self, run):
        """The ids of its tasks."""
        return [task["id"] for task in json.loads(self.weir("show", run, "--json"))["run"]["task_instances"]]

    def touch(self, name):
        """Creates the file that a workflow waits for."""
        (self.directory / name).touch()

    @contextlib.contextmanager
    def holding(self):
        """The failing task of the large run does not end before the block does."""
        self.touch("hold")
        try:
            yield
        finally:
            (self.directory / "hold").unlink()

    def shut_gates(self):
        for name in ("gate", "end"):
            (self.directory / name).unlink(missing_ok=True)

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)

"""`make bench-peers`: Weir beside its alternatives, with one history, on one machine, one after the other.

Each service keeps its history in SQLite, its default, and has its default settings. The history is written into the tables
directly, because importing a million runs by their APIs takes hours. Services that speak HTTP get their load from
`weir-bench load`. DBOS is a library, so it is called in process, by as many threads as the others have connections.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BENCHMARKS = HERE.parent
sys.path.insert(0, str(HERE))
# No __pycache__ beside the sources.
sys.dont_write_bytecode = True

import prefect_history  # noqa: E402

# The compared versions; others may have different tables.
PREFECT = ["prefect==3.8.8", "fastapi<0.151"]
DBOS = ["dbos==3.4.0"]
PAGE = 12


class MeasurementError(Exception):
    """The reason why a measurement failed, in a sentence."""


def note(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


class Setting:
    """Settings of all measurements."""

    def __init__(self, arguments):
        self.weir = str(pathlib.Path(arguments.weir).resolve())
        self.bench = str(pathlib.Path(self.weir).with_name("weir-bench"))
        self.runs = arguments.runs
        self.clients = arguments.clients
        self.seconds = arguments.seconds
        self.patience = arguments.patience
        self.cache = BENCHMARKS / ".cache" / "peers"
        self.cache.mkdir(parents=True, exist_ok=True)

    def history(self):
        """The runs, oldest first, in Weir's wire form."""
        writer = subprocess.Popen(
            [self.bench, "history", "--runs", str(self.runs)], stdout=subprocess.PIPE, text=True)
        with writer.stdout as lines:
            for line in lines:
                yield json.loads(line)
        if writer.wait() != 0:
            raise MeasurementError("the history could not be made")

    def environment(self, name, packages):
        """A virtual environment for each service, kept between calls."""
        place = self.cache / f"{name}-venv"
        stamp = place / "installed"
        if not stamp.exists() or stamp.read_text() != " ".join(packages):
            note(f"installing {' '.join(packages)}")
            shutil.rmtree(place, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", place], check=True)
            subprocess.run([place / "bin/pip", "install", "--quiet", *packages], check=True)
            stamp.write_text(" ".join(packages))
        return place / "bin"

    def loaded(self, name, load):
        """A directory with the history, created once for each size."""
        place = self.cache / f"{name}-{self.runs}"
        if not place.exists():
            part = place.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            note(f"loading {self.runs:,} runs into {name}")
            load(part)
            part.rename(place)
        return place

    def load(self, port, text, status=200, is_read=True):
        """Repeats one request over all connections. Every read has to succeed; of writes, only successful ones count."""
        plan = {
            "host": "127.0.0.1", "port": port, "connections": self.clients, "warmUp": 1 if is_read else 0, "seconds": self.seconds,
            "requests": [{"name": "a request", "text": text, "status": status}],
        }
        try:
            ran = subprocess.run(
                [self.bench, "load"], input=json.dumps(plan), capture_output=True, text=True, check=True,
                timeout=self.seconds + self.patience)
        except subprocess.TimeoutExpired as slow:
            raise MeasurementError(f"{self.clients} clients waited {slow.timeout:g} s for answers that did not end") from None
        result = json.loads(ran.stdout)
        latency, failures = result["latencies"][0], result["failures"]
        if failures and (is_read or failures >= latency["count"]):
            raise MeasurementError(f"{failures} requests failed, the first with {result.get('failure')}")
        refused = failures / latency["count"] if failures else 0
        return {
            "per_second": result["perSecond"] * (1 - refused), "median_ms": latency["median"] / 1000,
            "p99_ms": latency["p99"] / 1000, "refused": refused, "first_refusal": result.get("failure"),
        }


class Findings(dict):
    """The measurements of one service. A failed one is missing, with a note."""

    def __init__(self, name, kind):
        super().__init__(name=name, kind=kind, notes=[])

    def measure(self, what, action):
        note(f"{self['name']}: {what}")
        try:
            self[what] = action()
        except (MeasurementError, OSError) as error:
            self["notes"].append(f"{what}: not measured: {error}")


def request_text(method, path, port, headers=(), body=""):
    lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{port}"] + [f"{name}: {value}" for name, value in headers]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def call(port, method, path, body=None, headers=()):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", method=method, data=body.encode() if body is not None else None,
        headers=dict(headers) | ({"content-type": "application/json"} if body is not None else {}))
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read() or b"null")


def timed(action, times=5):
    """The median duration of several calls, and the last result."""
    took, value = [], None
    for _ in range(times):
        start = time.monotonic()
        value = action()
        took.append((time.monotonic() - start) * 1000)
    return {"value": value, "median_ms": sorted(took)[len(took) // 2]}


def resident_mib(process):
    """Resident memory of a process and its children."""
    total = 0
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        pid, parent = (int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) for name in ("Pid", "PPid"))
        if process in (pid, parent) and (found := re.search(r"^VmRSS:\s+(\d+)", text, re.M)):
            total += int(found[1]) / 1024
    return total


class Service:
    """A service in its own process group, ended on exit. Its output goes to a file: a pipe without a reader would block it."""

    def __init__(self, command, log, environment=None):
        self.command, self.log = command, log
        with open(log, "w") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                env=os.environ | (environment or {}))

    def line_with(self, text, seconds=120):
        """Waits for the first line that contains the text."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # Checked before reading, so that the last lines of an ended process are read too.
            ended = self.process.poll() is not None
            for line in self.log.read_text().splitlines():
                if text in line:
                    return line
            if ended:
                break
            time.sleep(0.05)
        raise MeasurementError(f"{self.command[0]} did not listen; its output is in {self.log}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            pass
        # Processes that it left behind.
        self.signal(signal.SIGKILL)
        self.process.wait()

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass


def measure_weir(setting, name="Weir"):
    def fill(place):
        data = str(place / "data")
        printed = subprocess.run(
            [setting.weir, "keys", "create", "--data", data, "--tenant", "acme", "--name", "bench", "--policy", "admin",
             "--json"], capture_output=True, text=True, check=True).stdout
        (place / "key.json").write_text(printed)
        writer = subprocess.Popen([setting.bench, "history", "--runs", str(setting.runs)], stdout=subprocess.PIPE)
        subprocess.run(
            [setting.weir, "import", "-", "--tenant", "acme", "--data", data], stdin=writer.stdout, check=True,
            stdout=subprocess.DEVNULL)

    place = setting.loaded("weir", fill)
    key = json.loads((place / "key.json").read_text())
    copy = setting.cache / "weir-scratch"
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-r", "--reflink=auto", place / "data", copy], check=True)
    command = [setting.weir, "serve", "--data", str(copy), "--port", "0", "--rate-limit", "0", "--workers", "0"]
    with Service(command, setting.cache / "weir.log") as service:
        port = int(re.search(r":(\d+)", service.line_with("Listening on").split("//")[1])[1])
        form = f"client_id={key['client_id']}&client_secret={key['client_secret']}&grant_type=client_credentials"
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v0/oauth2/token", data=form.encode())
        with urllib.request.urlopen(asked) as answer:
            token = json.load(answer)["access_token"]
        headers = [("authorization", f"Bearer {token}"), ("amperity-tenant", "acme")]
        runs = "/api/workflow/runs"

        def get(query):
            return request_text("GET", f"{runs}?{query}", port, headers)

        found = Findings(name, "HTTP, SQLite")
        found.measure("pages", lambda: setting.load(port, get(f"limit={PAGE}")))
        found.measure("failed", lambda: setting.load(port, get(f"limit={PAGE}&state=failed")))
        found.measure("total", lambda: timed(
            lambda: call(port, "GET", f"{runs}?limit=1&with_total=true", headers=headers)["total"]))
        configuration = json.dumps({
            "id": "bench", "name": "Bench", "type": "bench/run",
            "stages": [{"name": "Work", "tasks": [{"id": "nothing", "label": "Nothing", "type": "bench", "command": ["true"]}]}],
        })
        call(port, "PUT", "/api/workflow/configs/bench", configuration, headers)
        start = request_text("POST", runs, port, headers, '{"config_id":"bench"}')
        found.measure("starts", lambda: setting.load(port, start, 201, is_read=False))
        found["resident_mib"] = resident_mib(service.process.pid)
    shutil.rmtree(copy)
    return found


def measure_prefect(setting):
    programs = setting.environment("prefect", PREFECT)

    def variables(place):
        return {
            "PREFECT_HOME": str(place), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_API_URL": "", "PREFECT_PROFILES_PATH": str(place / "profiles.toml"),
        }

    def fill(place):
        subprocess.run(
            [programs / "prefect", "server", "database", "upgrade", "-y"], check=True, env=os.environ | variables(place),
            stdout=subprocess.DEVNULL)
        prefect_history.load(place / "prefect.db", setting.history())

    place = setting.loaded("prefect", fill)
    copy = setting.cache / "prefect-scratch"
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-r", "--reflink=auto", place, copy], check=True)
    port = free_port()
    command = [str(programs / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with Service(command, setting.cache / "prefect.log", variables(copy)) as service:
        service.line_with("Check out the dashboard")
        wait_for(port, "/api/health")
        runs = "/api/flow_runs"
        failed = {"state": {"type": {"any_": ["FAILED"]}}}

        def page(filters):
            body = {"limit": PAGE, "sort": "START_TIME_DESC"} | ({"flow_runs": filters} if filters else {})
            return request_text("POST", f"{runs}/filter", port, body=json.dumps(body))

        found = Findings("Prefect 3.8.8", "HTTP, SQLite")
        found.measure("pages", lambda: setting.load(port, page(None)))
        found.measure("failed", lambda: setting.load(port, page(failed)))
        found.measure("total", lambda: timed(lambda: call(port, "POST", f"{runs}/count", "{}")))
        flow = call(port, "POST", "/api/flows/", '{"name":"bench"}')
        deployment = call(port, "POST", "/api/deployments/", json.dumps({"name": "bench", "flow_id": flow["id"]}))
        start = request_text("POST", f"/api/deployments/{deployment['id']}/create_flow_run", port, body="{}")
        found.measure("starts", lambda: setting.load(port, start, 201, is_read=False))
        found["resident_mib"] = resident_mib(service.process.pid)
    shutil.rmtree(copy)
    return found


def free_port():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return unused.getsockname()[1]


def wait_for(port, path):
    for _ in range(600):
        try:
            call(port, "GET", path)
            return
        except OSError:
            time.sleep(0.1)
    raise MeasurementError(f"no answer on port {port}")


def measure_dbos(setting):
    python = setting.environment("dbos", DBOS) / "python"
    peer = [python, HERE / "dbos_peer.py"]

    def fill(place):
        loading = subprocess.Popen([*peer, "load", place / "dbos.sqlite"], stdin=subprocess.PIPE, text=True)
        for run in setting.history():
            loading.stdin.write(json.dumps(run) + "\n")
        loading.stdin.close()
        if loading.wait() != 0:
            raise MeasurementError("the history could not be loaded into DBOS")

    place = setting.loaded("dbos", fill)
    copy = setting.cache / "dbos-scratch.sqlite"
    shutil.copy(place / "dbos.sqlite", copy)
    found = Findings("DBOS 3.4.0", "library, SQLite")
    log = setting.cache / "dbos.log"
    # It prints each measurement at once, so that one which never ends costs no other.
    with open(log, "w") as messages:
        asked = subprocess.Popen(
            [*peer, "measure", copy, str(setting.clients), str(setting.seconds), str(PAGE)], stdout=subprocess.PIPE,
            stderr=messages, text=True)
        timer = threading.Timer(4 * (setting.seconds + setting.patience), asked.kill)
        timer.start()
        with asked.stdout as lines:
            for line in lines:
                if line.startswith("{"):
                    found |= json.loads(line)
        timer.cancel()
        if asked.wait() != 0:
            found["notes"].append(f"it ended with {asked.returncode} before all measurements; its output is in {log}")
    for left in setting.cache.glob("dbos-scratch.sqlite*"):
        left.unlink()
    return found


PEERS = {"weir": measure_weir, "prefect": measure_prefect, "dbos": measure_dbos}


def report(setting, services):
    def rate(part):
        if part is None:
            return "—"
        refused = f", {part['refused']:.1%} refused" if part.get("refused") else ""
        rate = f"{part['per_second']:,.0f}" if part["per_second"] >= 10 else f"{part['per_second']:.2g}"
        return f"{rate}/s, median {part['median_ms']:,.1f} ms, p99 {part['p99_ms']:,.1f} ms{refused}"

    def total(part):
        return "—" if part is None else f"{part['median_ms']:,.1f} ms"

    lines = [
        "# Beside others", "",
        f"{time.strftime('%Y-%m-%d')}: one history of {setting.runs:,} runs, {setting.clients} clients, {setting.seconds:g} s a "
        f"measurement, one service at a time; {os.cpu_count()} cores, which services and clients share, and a load average of "
        f"{setting.load_before:.1f} before and {os.getloadavg()[0]:.1f} after.", "",
        f"| service | a page of {PAGE} | of failed runs | exact total | starts | resident |", "| --- | --- | --- | --: | --- | --: |",
    ]
    for one in services:
        memory = f"{one['resident_mib']:,.0f} MiB" if "resident_mib" in one else "—"
        lines.append(
            f"| {one['name']} ({one['kind']}) | {rate(one.get('pages'))} | {rate(one.get('failed'))} | {total(one.get('total'))} "
            f"| {rate(one.get('starts'))} | {memory} |")
    lines += ["", "Requests and settings; defaults unless noted:", ""]
    lines += [f"- {text}" for name, text in ASKED.items() if any(one["name"].lower().startswith(name) for one in services)]
    notes = [f"- {one['name']}: {text}" for one in services for text in one["notes"]]
    if notes:
        lines += ["", "Failed measurements:", "", *notes]
    lines.append("")
    place = BENCHMARKS / "results"
    place.mkdir(exist_ok=True)
    about = {"runs": setting.runs, "clients": setting.clients, "seconds": setting.seconds, "asked": ASKED, "services": services}
    (place / "peers.json").write_text(json.dumps(about, indent=2) + "\n")
    (place / "peers.md").write_text("\n".join(lines))
    print("\n".join(lines))
    note(f"the report is in {place}")


ASKED = {
    "weir":
        "Weir: `weir serve` on a data directory, with no rate limit and no workers. A repeated list is answered from memory while "
        "nothing changes, as always. A start is on disk when it is answered. The total is that of a page with `with_total=true`.",
    "prefect":
        "Prefect: `prefect server start` with all its services, on SQLite. Pages are `POST /api/flow_runs/filter`, newest first, as "
        "in its own pages; its migrations create no index for that order without a filter. The total is `POST /api/flow_runs/count`. A "
        "start is `create_flow_run` of a deployment without workers. Starts refused because the database is locked do not count. The "
        "history is written into its tables, one state for each run.",
    "dbos":
        "DBOS: a library, so there is no HTTP. Threads of its own process call `list_workflows`, newest first. It has no count, so "
        "the total lists everything, without inputs and outputs. A start is `start_workflow` of a no-op function, including its "
        "end, so it is more than a start. The history is written into its table.",
}


def main():
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__)
    parser.add_argument("--weir", required=True, help="path of weir; weir-bench is in the same folder")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--patience", type=float, default=60, help="seconds beyond those that a measurement may take")
    parser.add_argument("--only", default=",".join(PEERS), help="services, separated by commas (default: all)")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := [name for name in names if name not in PEERS]:
        parser.error(f"unknown service {unknown[0]}; accepted: {', '.join(PEERS)}")
    setting = Setting(arguments)
    setting.load_before = os.getloadavg()[0]
    found = []
    for name in names:
        note(f"measuring {name}")
        try:
            found.append(PEERS[name](setting))
        except (MeasurementError, OSError, subprocess.CalledProcessError) as error:
            found.append({"name": name.capitalize(), "kind": "not measured", "notes": [f"not measured: {error}"]})
    report(setting, found)
    if any(one["notes"] and "pages" not in one for one in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

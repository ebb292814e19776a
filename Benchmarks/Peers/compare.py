"""`make bench-peers`: Weir beside what its users would take instead, with one history, on one machine, one after the other.

Each service keeps its history in SQLite, as it does by default, and is otherwise left as it installs itself. The history is
written into their tables directly, because their own ways in take hours for a million runs. Services that speak HTTP get their
load from `weir-bench load`; DBOS is a library, so it is asked in process, by as many threads as the others have connections.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BENCHMARKS = HERE.parent
sys.path.insert(0, str(HERE))

import prefect_history  # noqa: E402

# What was compared; newer ones may be laid out in other tables.
PREFECT = ["prefect==3.8.8", "fastapi<0.151"]
DBOS = ["dbos==3.4.0"]
PAGE = 12


def note(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


class Setting:
    """What all measurements share."""

    def __init__(self, arguments):
        self.weir = str(pathlib.Path(arguments.weir).resolve())
        self.bench = str(pathlib.Path(self.weir).with_name("weir-bench"))
        self.runs = arguments.runs
        self.clients = arguments.clients
        self.seconds = arguments.seconds
        self.cache = BENCHMARKS / ".cache" / "peers"
        self.cache.mkdir(parents=True, exist_ok=True)

    def history(self):
        """The runs, oldest first, as Weir's wire form has them."""
        writer = subprocess.Popen(
            [self.bench, "history", "--runs", str(self.runs)], stdout=subprocess.PIPE, text=True)
        with writer.stdout as lines:
            for line in lines:
                yield json.loads(line)
        if writer.wait() != 0:
            raise SystemExit("The history could not be made.")

    def environment(self, name, packages):
        """A virtual environment of its own for each service, kept between calls."""
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
        """A directory with the history in it, made once for each size."""
        place = self.cache / f"{name}-{self.runs}"
        if not place.exists():
            part = place.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            note(f"loading {self.runs:,} runs into {name}")
            load(part)
            part.rename(place)
        return place

    def load(self, port, text, status=200, count=None):
        """Sends one request again and again over all connections."""
        plan = {
            "host": "127.0.0.1", "port": port, "connections": self.clients, "warmUp": 1, "seconds": self.seconds,
            "requests": [{"name": "all", "text": text, "status": status}],
        }
        if count:
            plan["count"] = count
        ran = subprocess.run([self.bench, "load"], input=json.dumps(plan), capture_output=True, text=True, check=True)
        result = json.loads(ran.stdout)
        if result["failures"]:
            raise SystemExit(f"{result['failures']} requests went wrong, first: {result.get('failure')}")
        latency = result["latencies"][0]
        return {
            "per_second": result["perSecond"], "median_ms": latency["median"] / 1000, "p99_ms": latency["p99"] / 1000,
        }


def request_text(method, path, port, headers=(), body=""):
    lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{port}"] + [f"{name}: {value}" for name, value in headers]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def call(port, method, path, body=None, headers=()):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", method=method, data=body.encode() if body is not None else None,
        headers=dict(headers) | ({"content-type": "application/json"} if body is not None else {}))
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read() or b"null")


def timed(action, times=5):
    """The median of a few, in milliseconds, and what the last one returned."""
    took, value = [], None
    for _ in range(times):
        start = time.monotonic()
        value = action()
        took.append((time.monotonic() - start) * 1000)
    return sorted(took)[len(took) // 2], value


def resident_mib(process):
    """Of a process and its children."""
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
    """A service in a process group of its own, ended at the end."""

    def __init__(self, command, until, environment=None):
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env=os.environ | (environment or {}))
        self.line = ""
        for line in self.process.stdout:
            if until in line:
                self.line = line
                break
        else:
            raise SystemExit(f"{command[0]} ended before it listened.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def measure_weir(setting):
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
    with Service(command, "Listening on") as service:
        port = int(re.search(r":(\d+)", service.line.split("//")[1])[1])
        form = f"client_id={key['client_id']}&client_secret={key['client_secret']}&grant_type=client_credentials"
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/v0/oauth2/token", data=form.encode())
        with urllib.request.urlopen(asked) as answer:
            token = json.load(answer)["access_token"]
        headers = [("authorization", f"Bearer {token}"), ("amperity-tenant", "acme")]
        runs = "/api/workflow/runs"

        def get(query):
            return request_text("GET", f"{runs}?{query}", port, headers)

        found = {"name": "Weir", "kind": "HTTP, SQLite"}
        found["pages"] = setting.load(port, get(f"limit={PAGE}"))
        found["failed"] = setting.load(port, get(f"limit={PAGE}&state=failed"))
        found["total_ms"], answer = timed(
            lambda: call(port, "GET", f"{runs}?limit=1&with_total=true", headers=headers))
        found["total"] = answer["total"]
        configuration = json.dumps({
            "id": "bench", "name": "Bench", "type": "bench/run",
            "stages": [{"name": "Work", "tasks": [{"id": "nothing", "label": "Nothing", "type": "bench", "command": ["true"]}]}],
        })
        call(port, "PUT", "/api/workflow/configs/bench", configuration, headers)
        found["starts"] = setting.load(port, request_text("POST", runs, port, headers, '{"config_id":"bench"}'), 201)
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
    port = 42_417
    command = [str(programs / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with Service(command, "Check out the dashboard", variables(copy)) as service:
        wait_for(port, "/api/health")
        runs = "/api/flow_runs"
        failed = {"state": {"type": {"any_": ["FAILED"]}}}

        def page(filters):
            body = {"limit": PAGE, "sort": "START_TIME_DESC"} | ({"flow_runs": filters} if filters else {})
            return request_text("POST", f"{runs}/filter", port, body=json.dumps(body))

        found = {"name": "Prefect 3.8.8", "kind": "HTTP, SQLite"}
        found["pages"] = setting.load(port, page(None))
        found["failed"] = setting.load(port, page(failed))
        found["total_ms"], found["total"] = timed(lambda: call(port, "POST", f"{runs}/count", "{}"))
        flow = call(port, "POST", "/api/flows/", '{"name":"bench"}')
        deployment = call(port, "POST", "/api/deployments/", json.dumps({"name": "bench", "flow_id": flow["id"]}))
        start = request_text("POST", f"/api/deployments/{deployment['id']}/create_flow_run", port, body="{}")
        found["starts"] = setting.load(port, start, 201)
        found["resident_mib"] = resident_mib(service.process.pid)
    shutil.rmtree(copy)
    return found


def wait_for(port, path):
    for _ in range(600):
        try:
            call(port, "GET", path)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")


def measure_dbos(setting):
    python = setting.environment("dbos", DBOS) / "python"
    peer = [python, HERE / "dbos_peer.py"]

    def fill(place):
        loading = subprocess.Popen([*peer, "load", place / "dbos.sqlite"], stdin=subprocess.PIPE, text=True)
        for run in setting.history():
            loading.stdin.write(json.dumps(run) + "\n")
        loading.stdin.close()
        if loading.wait() != 0:
            raise SystemExit("The history could not be loaded into DBOS.")

    place = setting.loaded("dbos", fill)
    copy = setting.cache / "dbos-scratch.sqlite"
    shutil.copy(place / "dbos.sqlite", copy)
    ran = subprocess.run(
        [*peer, "measure", copy, str(setting.clients), str(setting.seconds), str(PAGE)], check=True,
        stdout=subprocess.PIPE, text=True)
    for left in setting.cache.glob("dbos-scratch.sqlite*"):
        left.unlink()
    return {"name": "DBOS 3.4.0", "kind": "library, SQLite"} | json.loads(ran.stdout.splitlines()[-1])


PEERS = {"weir": measure_weir, "prefect": measure_prefect, "dbos": measure_dbos}


def report(setting, found):
    def rate(part):
        return f"{part['per_second']:,.0f}/s, median {part['median_ms']:.1f} ms, p99 {part['p99_ms']:.1f} ms"

    lines = [
        "# Beside others", "",
        f"One history of {setting.runs:,} runs, {setting.clients} clients, {setting.seconds:g} s a measurement, one service at a time; "
        f"load average {os.getloadavg()[0]:.1f} at the end, {os.cpu_count()} cores.", "",
        "| service | a page of 12 | of failed runs | exact total | starts | resident |", "| --- | --- | --- | --: | --- | --: |",
    ]
    for one in found:
        lines.append(
            f"| {one['name']} ({one['kind']}) | {rate(one['pages'])} | {rate(one['failed'])} | {one['total_ms']:,.1f} ms "
            f"| {rate(one['starts'])} | {one['resident_mib']:,.0f} MiB |")
    lines += [
        "",
        "Defaults throughout: Weir has its workers switched off and no rate limit, and answers a start when it is on disk; Prefect is "
        "`prefect server start` with its services, asked as its own pages ask, and starts are `create_flow_run` of a deployment that nothing "
        "works on; DBOS is asked in its own process, has no count of its own (all are listed, without inputs and outputs), and its starts "
        "are `start_workflow` of a function that does nothing, waited for until it has ended.", "",
    ]
    place = BENCHMARKS / "results"
    place.mkdir(exist_ok=True)
    (place / "peers.json").write_text(json.dumps({"runs": setting.runs, "clients": setting.clients, "services": found}, indent=2) + "\n")
    (place / "peers.md").write_text("\n".join(lines))
    print("\n".join(lines))


def main():
    parser = argparse.ArgumentParser(prog="make bench-peers", description=__doc__)
    parser.add_argument("--weir", required=True, help="the program, beside weir-bench")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", default=",".join(PEERS), help="services, parted by commas (default: all)")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := [name for name in names if name not in PEERS]:
        parser.error(f"there is no service {unknown[0]}; there are {', '.join(PEERS)}")
    setting = Setting(arguments)
    found = []
    for name in names:
        note(f"measuring {name}")
        found.append(PEERS[name](setting))
    report(setting, found)


if __name__ == "__main__":
    main()

"""A shell that executes the blocks of a document in one folder, and everything that it leaves behind."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading

from blocks import ROOT

WEIR = pathlib.Path(os.environ.get("WEIR_PROGRAM", ROOT / ".build" / "debug" / "weir"))
# Seconds after which a document has failed.
LIMIT = 240


def free_ports(count):
    """Ports that are free now, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(listener.getsockname()[1]) for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


def environment(home, **more):
    """That of a user who has not worked with Weir before."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WEIR_", "MAKE", "MFLAGS"))}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8", **more}


def end_session(leader):
    """Kills what is left of a session. Job control gives each background command a process group of its own; the session stays."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # After the name of the program, which is in parentheses: state, parent, group, session.
            session = (entry / "stat").read_text().rpartition(")")[2].split()[3]
            if int(session) == leader:
                os.kill(int(entry.name), signal.SIGKILL)
        except (OSError, IndexError):
            continue


class Session:
    """Runs one program as the leader of a session, with its output in a file or, to be followed, in a pipe."""

    def __init__(self, command, folder, environment, followed=False):
        self.output = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if followed else self.output,
            stderr=self.output, text=followed, start_new_session=True)

    def lines_until(self, end):
        """The lines of the pipe up to one that has this text in it; all of them when there is none within the limit."""
        watchdog = threading.Timer(LIMIT, end_session, [self.process.pid])
        watchdog.start()
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if end in line:
                break
        watchdog.cancel()
        return lines

    def text(self):
        self.output.seek(0)
        return self.output.read().decode("utf-8", "replace")

    def wait(self):
        """The exit code; None after the limit."""
        try:
            return self.process.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return None

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        end_session(self.process.pid)
        self.process.wait()
        self.process.stdout and self.process.stdout.close()
        self.output.close()


class Execution:
    """The outcome of a document: the exit code, and what each block printed."""

    def __init__(self, code, text, blocks):
        self.code = code
        self.text = text
        parts = re.split(r"^<<block (\d+)>>\n", text, flags=re.MULTILINE)
        self.outputs = {int(number): part for number, part in zip(parts[1::2], parts[2::2])}
        self.last = blocks[max(self.outputs, default=0)]


def execute(blocks, folder, environment, before="", replaced={}):
    """Executes blocks in one shell. It stops at the first command that fails, as a reader would."""
    script = ["set -eumo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT", before]
    for number, block in enumerate(blocks):
        text = block.text
        for word, other in replaced.items():
            text = text.replace(word, other)
        script += [f"echo; echo '<<block {number}>>'", text]
    file = pathlib.Path(tempfile.mkstemp(prefix="block", suffix=".sh", dir=folder)[1])
    file.write_text("\n".join(script) + "\n")
    session = Session(["bash", str(file)], folder, environment)
    try:
        return Execution(session.wait(), session.text(), blocks)
    finally:
        session.end()
        file.unlink()

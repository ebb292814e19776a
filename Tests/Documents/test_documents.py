"""Every shell block of the README and of the tutorial, executed; every configuration in a document, checked."""

import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from blocks import ROOT, blocks, documents
from expectations import missing_lines
from session import LIMIT, WEIR, Session, environment, execute, free_ports

EXECUTED = ["README.md", "docs/tutorial.md", "examples/README.md"]
NAMING_CODE = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/decisions.md", "docs/guides/security.md"]
# Names that are not of this repository.
FOREIGN_NAMES = {"JSONEncoder", "Schema"}
LIMITS = ["Sources/WorkflowAPI/Limits.swift", "Sources/WorkflowModel/Configurations/ConfigurationLimits.swift",
          "Sources/WorkflowModel/Triggers/TriggerLimits.swift"]
SHELLS = {"sh", "bash", "shell", "console", "zsh"}


def shown_number(value):
    """`1 MiB`, `64 KiB`, `1,024`."""
    for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if value >= 4 * 1024 and value % size == 0:
            return f"{value // size} {unit}"
    return f"{value:,}"


class DocumentTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-documents-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_document(self, path, folder, settings, before="", replaced={}):
        """Executes the shell blocks of a document and compares the output that it shows."""
        all_blocks = blocks(path)
        shell = [block for block in all_blocks if block.language == "sh"]
        self.assertTrue(shell, f"{path} has no shell block")
        done = execute(shell, folder, settings, before, replaced)
        how = "did not end" if done.code is None else f"ended with {done.code}"
        self.assertEqual(done.code, 0, f"{done.last.place} {how}:\n{done.text}")
        for number, block in enumerate(shell):
            after = all_blocks.index(block) + 1
            if after < len(all_blocks) and all_blocks[after].language == "output":
                shown = all_blocks[after]
                missing = missing_lines(shown.text, done.outputs[number])
                self.assertEqual(missing, [], f"{shown.place} shows what was not printed:\n{done.outputs[number]}")
        return done

    def test_the_readme_and_the_examples(self):
        """In a copy of what the first five minutes use of the repository, with the program that is built already."""
        for name in ("Makefile", "Scripts", "examples"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.folder / name)
        release = self.folder / ".build" / "release"
        release.mkdir(parents=True)
        (release / "weir").symlink_to(WEIR)
        settings = environment(self.folder, TMPDIR=str(self.folder))
        demo = Session(["make", "run", "SWIFT=true", "ARGS=--port 0"], self.folder, settings, followed=True)
        self.addCleanup(demo.end)
        announced = demo.lines_until("Press Ctrl-C to end.")
        listing = self.line_with("curl ", announced, demo)
        runs = json.loads(subprocess.run(["bash", "-c", listing], check=True, capture_output=True, timeout=LIMIT).stdout)
        self.assertTrue(runs["data"])
        export = self.line_with("export ", announced, demo)
        self.run_document("README.md", self.folder, settings, before=export)
        program = 'export PATH="$PWD/.build/release:$PATH"'
        done = self.run_document("examples/README.md", self.folder, settings, before=f"{export}\n{program}")
        self.assertIn("write-letter: Succeeded", done.text)
        self.assertRegex(done.text, r"cg-daily succeeded +started")

    def line_with(self, beginning, lines, demo):
        found = [line for line in lines if line.startswith(beginning)]
        self.assertEqual(len(found), 1, f"{beginning!r} in {lines}\n{demo.text()}")
        return found[0]

    def test_the_tutorial(self):
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "weir").symlink_to(WEIR)
        service, receiver = free_ports(2)
        settings = environment(self.folder, PATH=f"{programs}:{os.environ['PATH']}")
        self.run_document("docs/tutorial.md", self.folder, settings, replaced={"8080": service, "9099": receiver})

    def test_the_call_of_a_webhook(self):
        """The workflow and the call of the guide, against a service."""
        found = blocks("docs/guides/triggers.md")
        workflow = next(block for block in found if block.language == "yaml" and block.text.startswith("id:"))
        call = next(block for block in found if "openssl" in block.text)
        settings = environment(self.folder, TMPDIR=str(self.folder))
        service = Session([WEIR, "serve", "--data", self.folder / "data", "--port", "0"], self.folder, settings, followed=True)
        self.addCleanup(service.end)
        url = re.search(r"http://[\w.:]+", service.lines_until("http://")[-1])[0]
        made = subprocess.run(
            [WEIR, "keys", "create", "--data", self.folder / "data", "--tenant", "acme", "--name", "me", "--policy", "admin", "--json"],
            check=True, capture_output=True, text=True, env=settings, timeout=LIMIT)
        key = json.loads(made.stdout)
        settings |= {"WEIR_URL": url, "WEIR_TENANT": "acme", "WEIR_CLIENT_ID": key["client_id"], "WEIR_CLIENT_SECRET": key["client_secret"]}
        secret = re.search(r"^secret=(\S+)", call.text, re.MULTILINE)[1]
        for command, given in ((["apply", "-"], workflow.text), (["secrets", "set", "orders-arrived"], secret)):
            subprocess.run([WEIR, *command], check=True, input=given, text=True, env=settings, cwd=self.folder, timeout=LIMIT)
        called = subprocess.run(["bash", "-c", call.text], check=True, capture_output=True, text=True, env=settings, timeout=LIMIT)
        self.assertEqual(json.loads(called.stdout)["outcome"], "started", called.stdout + called.stderr)

    def test_blocks_that_nothing_executes_are_not_marked_as_shell(self):
        marked = [block.place for path in documents() if path not in EXECUTED for block in blocks(path) if block.language in SHELLS]
        self.assertEqual(marked, [], "mark them as ```text, or execute them here")
        other = [block.place for path in EXECUTED for block in blocks(path) if block.language in SHELLS - {"sh"}]
        self.assertEqual(other, [], "mark them as ```sh")

    def test_names_of_the_code_exist(self):
        """A document that names a type, a member or a path must be changed with it."""
        sources = "".join(path.read_text() for folder in ("Sources", "Tests") for path in (ROOT / folder).rglob("*.swift"))
        words = set(re.findall(r"\w+", sources)) | FOREIGN_NAMES
        for path in NAMING_CODE:
            spans = re.findall(r"`([^`\n]+)`", (ROOT / path).read_text())
            spans_of_names = [span for span in spans if re.fullmatch(r"@?[A-Z]\w*[a-z]\w*(\.(?!swift|md)\w+)*", span)]
            self.assertEqual([span for span in spans_of_names if not set(re.findall(r"\w+", span)) <= words], [], path)
            paths = [span for span in spans if re.fullmatch(r"(Sources|Tests|Scripts|Benchmarks)/[\w./-]+", span)]
            self.assertEqual([name for name in paths if not (ROOT / name).exists()], [], path)

    def test_limits_are_documented(self):
        """The page of limits has the value of each constant; a limit that changes has to change there."""
        page = (ROOT / "docs/reference/limits.md").read_text()
        for path in LIMITS:
            constants = re.findall(r"public static let (\w+) = (?:1\.\.\.)?([\d_]+)\n", (ROOT / path).read_text())
            self.assertGreater(len(constants), 3, path)
            missing = [name for name, value in constants if not re.search(rf"(?<![\d,]){shown_number(int(value))}(?![\d,])", page)]
            self.assertEqual(missing, [], f"docs/reference/limits.md lacks limits of {path}")

    def test_every_room_is_described(self):
        rooms = {path.name for path in (ROOT / "Sources").iterdir() if path.is_dir()}
        self.assertEqual({room for room in rooms if f"`{room}`" not in (ROOT / "ARCHITECTURE.md").read_text()}, set())

    def test_headings_can_be_linked(self):
        """Two equal headings in one document have anchors that depend on their order."""
        for path in documents():
            text = re.sub(r"^```.*?^```", "", (ROOT / path).read_text(), flags=re.MULTILINE | re.DOTALL)
            headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
            self.assertEqual([heading for heading in set(headings) if headings.count(heading) > 1], [], path)

    def test_targets_of_make_exist(self):
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        for path in documents():
            named = re.findall(r"^make ([a-z-]+)", "\n".join(block.text for block in blocks(path)), re.MULTILINE)
            named += re.findall(r"`make ([a-z-]+)[^`]*`", (ROOT / path).read_text())
            self.assertEqual(set(named) - targets, set(), path)

    def test_commands_have_the_options_that_documents_name(self):
        """Also those that nothing executes: verbs and options of each are in its help."""
        helps = {}
        for path in documents():
            if path == "CHANGELOG.md":
                continue
            text = (ROOT / path).read_text().replace("\\\n", " ")
            lines = re.findall(r"^weir ([a-z].*)", text, re.MULTILINE) + re.findall(r"`weir ([a-z][^`]*)`", text)
            for line in lines:
                words = re.split(r"  #|[;|&]", line)[0].split()
                verb = list(itertools.takewhile(lambda word: re.fullmatch("[a-z]+", word), words))[:3]
                known = self.help_of(verb, helps)
                unknown = [word for word in re.findall(r"(?<=\s)--[a-z-]+", " ".join(words)) if word not in known]
                self.assertEqual(unknown, [], f"{path}: weir {line}")

    def help_of(self, verb, helps):
        """The options of a verb; of more words than it has, the last are arguments."""
        key = tuple(verb)
        if key not in helps:
            shown = subprocess.run([WEIR, "help", *verb], capture_output=True, text=True, env=environment(self.folder), timeout=LIMIT)
            usage = re.search(r"^USAGE: weir (.*)", shown.stdout, re.MULTILINE)
            self.assertTrue(usage and usage[1].startswith(verb[0]), f"there is no verb {verb[0]}")
            helps[key] = set(re.findall(r"--[a-z-]+", shown.stdout))
        return helps[key]

    def test_configurations_are_accepted(self):
        """Those that are whole: they begin with an id."""
        whole = [block for path in documents() for block in blocks(path) if block.language == "yaml" and block.text.startswith("id:")]
        self.assertGreater(len(whole), 2)
        for block in whole:
            with self.subTest(block.place):
                checked = subprocess.run(
                    [WEIR, "apply", "--check", "-", "--url", "http://127.0.0.1:1"], input=block.text, text=True, capture_output=True,
                    cwd=self.folder, env=environment(self.folder), timeout=LIMIT)
                self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    unittest.main()

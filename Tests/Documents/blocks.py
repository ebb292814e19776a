"""The fenced blocks of a document."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r"(?P<indent> *)```(?P<language>[\w-]*)\s*$")


@dataclasses.dataclass
class Block:
    document: str
    line: int
    language: str
    text: str

    @property
    def place(self):
        return f"{self.document}:{self.line}"


def blocks(path):
    """Every fenced block of a document, in order. The path counts from the root of the repository."""
    found, opened = [], None
    for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened = Block(str(path), number, fence["language"], "")
        elif opened is not None and fence and not fence["language"]:
            found.append(opened)
            opened = None
        elif opened is not None:
            opened.text += line + "\n"
    if opened is not None:
        raise ValueError(f"{opened.place}: the block does not end")
    return found


def documents():
    """Every Markdown document, by its path from the root."""
    folders = [ROOT.glob("*.md"), ROOT.glob("docs/**/*.md"), ROOT.glob("examples/*.md"), ROOT.glob("Benchmarks/*.md")]
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in folder)

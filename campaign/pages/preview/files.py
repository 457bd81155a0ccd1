"""The editors' files written from the browser: whole, and as they were but for what was changed."""

from __future__ import annotations

import codecs
import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from campaign.content.campaign_toml.facts import TOML
from campaign.content.editors_file import LONGEST
from campaign.content.fixing import LINE_ENDS
from campaign.errors import CandleError
from campaign.storage.disk import replace_file

MOST_COMPARED = 500  # lines of a file of mixed line ends: comparing takes the square of them
NOT_THERE = ""  # the digest of a file that is not there yet
DEEPEST = 4  # content/<campaign>/<language>/<folder>/<file>
FORBIDDEN = frozenset('\\:*?"<>|\0\r\n\t')
State = Mapping[Path, bytes | None]  # each file's bytes; None where there is none


class RefusedFile(CandleError):
    """A file that is not written, or not like this."""


class OvertakenFile(RefusedFile):
    """A file that is another on the disk than the one that was read."""


@dataclass(frozen=True)
class Text:
    """A text with plain newlines; `digest` names its file's bytes, `undo` tells if a change can be undone."""

    name: str
    text: str
    digest: str
    undo: bool


@dataclass(frozen=True)
class _Change:
    before: State
    after: State


class Files:
    """Reads and writes below one folder; each change can be taken back while the preview runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changes: dict[str, list[_Change]] = {}
        self._writing = threading.RLock()

    def text(self, name: str) -> Text:
        """Read a text; of a file that is not there it is empty.

        Raises:
            RefusedFile: no text of content/, or one that is no UTF-8.
        """
        path = self._text_path(name)
        raw = _bytes(path)
        return Text(name, _shown(path, raw or b""), digest(raw), self.can_undo(name))

    def can_undo(self, name: str) -> bool:
        """Tell whether anything that was changed under this name can be taken back."""
        return bool(self._changes.get(name))

    def words(self, name: str) -> str:
        """Return a text's words; "" where no text is changed under this name."""
        return self.text(name).text if name.endswith(".md") else ""

    def words_beside(self, name: str) -> str:
        """Return the words of a text and of all that lie beside it."""
        texts = sorted(self._text_path(name).parent.glob("*.md"))
        return "\n".join(path.read_bytes().decode("utf-8", errors="replace") for path in texts)

    def save(self, name: str, text: str, seen: str) -> Text:
        """Write a text whose file was `seen` with this digest; line ends, mark and last line stay.

        Raises:
            OvertakenFile: the file is another one by now.
            RefusedFile: no text of content/, or one that cannot be written.
        """
        path = self._text_path(name)
        with self._writing:
            old = _bytes(path)
            if digest(old) != seen:
                raise OvertakenFile(f"{name}: was changed on the disk meanwhile; read it again first")
            _shown(path, old or b"")
            new = written(old or b"", text)
            if len(new) > LONGEST:
                raise RefusedFile(f"{name}: is longer than {LONGEST // 1024} KiB; shorten it")
            if new != old and (old is not None or new):
                with self.changing(name, [path]):
                    _bring({path: new})
        return self.text(name)

    def move(self, name: str, to: str, seen: str) -> Text:
        """Give a text another name; it is taken back under the new one.

        Raises:
            OvertakenFile: the file is another one by now.
            RefusedFile: no text of content/, campaign.toml, or a name that another file has.
        """
        old, new = self._movable(name), self._movable(to)
        with self._writing:
            raw = self._seen(old, name, seen)
            if new.exists():
                raise RefusedFile(f"{to}: is there already; choose another name")
            self.put(to, {new: raw, old: None})
        return self.text(to)

    def remove(self, name: str, seen: str) -> Text:
        """Take a text away, until it is taken back; raises as `move` does."""
        path = self._movable(name)
        with self._writing:
            self._seen(path, name, seen)
            self.put(name, {path: None})
        return self.text(name)

    def _movable(self, name: str) -> Path:
        path = self._text_path(name)
        if path.suffix == ".toml":
            raise RefusedFile(f"{name}: no campaign is without it")
        return path

    def _seen(self, path: Path, name: str, seen: str) -> bytes:
        """Return the bytes of a file that is there, and is the one that was seen."""
        raw = _bytes(path)
        if raw is None or digest(raw) != seen:
            raise OvertakenFile(f"{name}: was changed on the disk meanwhile; read it again first")
        return raw

    def put(self, name: str, after: State) -> None:
        """Bring files into a state, and remember under a name what they were before."""
        with self.changing(name, after):
            _bring(after)

    @contextmanager
    def changing(self, name: str, paths: Iterable[Path]) -> Iterator[None]:
        """Let what the block changes of files be taken back under a name; nobody else writes meanwhile."""
        with self._writing:
            before = {path: _bytes(path) for path in paths}
            yield
            after = {path: _bytes(path) for path in before}
            if after != before:
                self._changes.setdefault(name, []).append(_Change(before, after))

    def undo(self, name: str) -> str:
        """Take the last change of a file back, and return the name that it has now.

        Raises:
            OvertakenFile: the files are not as that change left them.
            RefusedFile: there is none.
        """
        with self._writing:
            changes = self._changes.get(name)
            if not changes:
                raise RefusedFile(f"{name}: nothing was changed here that could be taken back")
            if any(_bytes(path) != left for path, left in changes[-1].after.items()):
                raise OvertakenFile(f"{name}: was changed on the disk meanwhile, and is left as it is")
            before = changes[-1].before
            _bring(before)
            changes.pop()  # only now: a disk may be full
            there = (path for path, raw in before.items() if raw is not None)
            own = self._folder.joinpath(*name.split("/"))
            shown = own if before.get(own) is not None else next(there, own)
            return shown.relative_to(self._folder).as_posix()

    def path(self, name: str, suffixes: frozenset[str]) -> Path:
        """Return where a file of this name lies, if it may be written.

        Raises:
            RefusedFile: it would lie elsewhere than in a campaign's folder, or is of another kind.
        """
        if not name.isprintable() or any("\ud800" <= sign <= "\udfff" for sign in name):
            raise RefusedFile("that is none of the files that are edited here")
        parts = name.split("/")
        path = self._folder.joinpath(*parts)
        plain = all(part and part[0] != "." and not FORBIDDEN & set(part) for part in parts)
        if not plain or not 2 <= len(parts) <= DEEPEST or path.suffix.lower() not in suffixes:
            raise RefusedFile(f"{name}: is none of the files that are edited here")
        within = self._folder.resolve().joinpath(*parts)
        if path.is_symlink() or path.resolve() != within or not (self._folder / parts[0]).is_dir():
            raise RefusedFile(f"{name}: does not lie in a campaign's own folder")
        return path

    def _text_path(self, name: str) -> Path:
        path = self.path(name, frozenset((".md", ".toml")))
        if path.suffix == ".toml" and path.relative_to(self._folder).parts[1:] != (TOML,):
            raise RefusedFile(f"{name}: is none of the files that are edited here")
        return path


def digest(raw: bytes | None) -> str:
    """Name a file's bytes."""
    return NOT_THERE if raw is None else hashlib.sha256(raw).hexdigest()


def written(old: bytes, text: str) -> bytes:
    """Give a text the bytes of the file whose place it takes: each line that stays keeps its own line end.

    Raises:
        RefusedFile: it holds half a character.
    """
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    parts = LINE_ENDS.split(old.decode("utf-8-sig"))
    lines, ends = parts[::2], parts[1::2]
    usual = Counter(ends).most_common(1)[0][0] if ends else "\n"
    new = LINE_ENDS.sub("\n", text).split("\n")
    kept: dict[int, str] = {}
    mixed = len(set(ends)) > 1 and len(lines) < MOST_COMPARED
    for block in SequenceMatcher(None, lines, new, autojunk=False).get_matching_blocks() if mixed else ():
        kept |= {block.b + n: ends[block.a + n] for n in range(block.size) if block.a + n < len(ends)}
    joined = "".join(line + kept.get(n, usual) for n, line in enumerate(new[:-1])) + new[-1]
    try:
        return mark + joined.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RefusedFile("the text holds half a character; type it again") from error


def _shown(path: Path, raw: bytes) -> str:
    try:
        return LINE_ENDS.sub("\n", raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        fault = f'{path.name}: is not UTF-8; open it in a text editor, "Save as", encoding UTF-8'
        raise RefusedFile(fault) from error


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _bring(state: State) -> None:
    """Write each file whole in one step, first what is there, then take away what is not."""
    for path, raw in state.items():
        if raw is not None:
            path.parent.mkdir(exist_ok=True)
            replace_file(path, raw)
    for path, raw in state.items():
        if raw is None:
            path.unlink(missing_ok=True)

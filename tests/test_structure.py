"""The house keeps its shape: imports run one way, and each folder holds what its name says."""

import ast
import re
import subprocess
from collections.abc import Collection, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeGuard

import pytest

from campaign.press.made_with import PROGRAM

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("campaign", "commands", "receiver")
LONGEST_MODULE = 300  # lines; a longer one hides a second concept
LONGEST_TESTS = 500  # lines of one module of tests, much of which is cases
LONGEST_FUNCTION = 40  # lines below the docstring


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def product() -> list[Path]:
    return [module for folder in PRODUCT for module in modules(folder)] + [ROOT / "build.py"]


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def imports(module: Path) -> set[str]:
    """Every imported name, relative imports resolved; also those inside functions."""
    package = module.relative_to(ROOT).parent.parts
    found: set[str] = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (base, node.module or "") if part)
            found |= {source} | {f"{source}.{alias.name}" for alias in node.names}
    return found


def within(names: set[str], package: str) -> set[str]:
    return {name for name in names if name == package or name.startswith(package + ".")}


def importing(folder: str, *packages: str) -> dict[str, set[str]]:
    """The modules of a folder that import one of the packages, and what of it."""
    found = {
        relative(module): {name for package in packages for name in within(imports(module), package)}
        for module in modules(folder)
    }
    return {module: names for module, names in found.items() if names}


def relative(module: Path) -> str:
    return str(module.relative_to(ROOT))


def test_campaign_imports_neither_the_receiver_nor_the_commands():
    assert not importing("campaign", "receiver", "commands", "build")


def test_campaign_knows_no_request():
    assert not importing("campaign", "flask.request", "flask.session")


def test_the_receiver_does_not_import_the_commands():
    assert not importing("receiver", "commands", "build")


def test_the_commands_do_not_import_the_receiver():
    assert not importing("commands", "receiver")


def test_cards_know_neither_the_database_nor_the_page():
    assert not importing(
        "campaign/cards",
        "sqlalchemy",
        "flask",
        "campaign.storage.database",
        "campaign.storage.tables",
        "campaign.pages",
    )


@pytest.mark.parametrize("folder", PRODUCT)
def test_nothing_imports_a_tool(folder):
    assert not importing(folder, "tools")


def test_all_that_moves_a_letter_tells_one_version_of_the_program_from_another():
    """What cards need of the rest draws nothing: the digest of `press.made_with` covers what does."""
    assert "campaign/cards" in PROGRAM
    needed_by_cards = {name for module in modules("campaign/cards") for name in imports(module)}
    others = within(needed_by_cards, "campaign") - within(needed_by_cards, "campaign.cards")
    assert {".".join(name.split(".")[:2]) for name in others} <= {
        "campaign.errors",
        "campaign.cards.progress",
    }


def test_no_module_needs_one_that_needs_it():
    """Types apart, which nobody needs at run time."""
    names = {dotted(module): module for module in product()}
    needs = {name: needed(module, names.keys()) - {name} for name, module in names.items()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise AssertionError(f"modules in a circle: {' -> '.join(error.args[1])}") from None


def dotted(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def needed(module: Path, known: Collection[str]) -> set[str]:
    """The modules that one imports at run time; a package where no module of it has the name."""
    tree = parsed(module)
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else str(node.module) for name in inner.values()}
    return found & set(known)


@pytest.mark.parametrize("folder", ["content", "site"])
def test_a_folder_for_editors_and_designers_holds_no_python(folder):
    assert not list((ROOT / folder).rglob("*.py"))


def test_a_module_says_what_it_is():
    assert not {relative(module) for module in product() if not ast.get_docstring(parsed(module))}


def test_no_module_is_a_drawer_for_everything():
    assert not {
        relative(module)
        for module in product()
        if module.stem in {"utils", "util", "helpers", "common", "misc"}
    }


@pytest.mark.parametrize(
    ("found", "longest"),
    [(product() + modules("tools"), LONGEST_MODULE), (modules("tests"), LONGEST_TESTS)],
    ids=["product", "tests"],
)
def test_no_module_hides_a_second_one(found, longest):
    lines = {relative(module): module.read_text(encoding="utf-8").count("\n") for module in found}
    long = {name: count for name, count in lines.items() if count > longest}
    assert not long, f"more than {longest} lines: give a concept in it a module of its own"


def test_no_function_does_a_second_thing():
    """A migration is a list of columns, and is never written anew."""
    long = {
        f"{relative(module)}:{function.name}": lines
        for module in product()
        if module.parent.name != "versions"
        for function in ast.walk(parsed(module))
        if isinstance(function, ast.FunctionDef) and (lines := lines_below_docstring(function))
    }
    too_long = {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION}
    assert not too_long, f"more than {LONGEST_FUNCTION} lines: give a job in it a function of its own"


def lines_below_docstring(function: ast.FunctionDef) -> int:
    first = function.body[ast.get_docstring(function) is not None :]
    return first[-1].end_lineno - first[0].lineno + 1 if first else 0


def test_a_private_name_stays_in_its_module():
    for module in product():
        private = re.compile(rf"(?:{'|'.join(PRODUCT)})\..*\._[a-z]\w*")
        assert not [name for name in imports(module) if private.fullmatch(name)], module
        borrowed = {name.rpartition(".")[2] for name in imports(module)}
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if ast.unparse(node) == "os._exit":
                    continue  # what Python's documentation tells a forked process to end by
                hidden = re.fullmatch(r"_[a-z]\w*", node.attr) and node.value.id in borrowed
                assert not hidden, f"{module}:{node.lineno}"


def test_everything_public_is_used():
    """What only tests call belongs to them; what a library calls has its base or its decorator."""
    used = {word for module in product() for word in words_used(parsed(module))}
    pages = [page for folder in ("site", "receiver") for page in (ROOT / folder).rglob("*.html")]
    used |= {word for page in pages for word in re.findall(r"\.(\w+)", page.read_text(encoding="utf-8"))}
    assert not {
        f"{relative(module)}:{name}"
        for module in product()
        if module.parent.name != "versions"
        for name in defined(parsed(module))
        if not name.startswith("_") and name not in used
    }


def words_used(tree: ast.Module) -> Iterator[str]:
    """Names read anywhere, and those in strings that are nothing but a name, as `module:name`."""
    documentation = {id(node.body[0].value) for node in ast.walk(tree) if is_documented(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from re.split("[.:]", node.value) if re.fullmatch(r"[\w.:]+", node.value) else ()


def is_documented(node: ast.AST) -> TypeGuard[ast.Module | ast.ClassDef | ast.FunctionDef]:
    documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    return documented and ast.get_docstring(node) is not None


def defined(tree: ast.Module) -> Iterator[str]:
    """Names of constants, functions and classes, and of the methods of classes that have no base."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.FunctionDef) and not node.decorator_list:
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield node.name
            methods = [] if node.bases else node.body
            yield from (method.name for method in methods if isinstance(method, ast.FunctionDef))


def test_no_two_classes_have_one_name():
    """One word per idea; a protocol has the name of what it stands for."""
    found: dict[str, list[str]] = {}
    for module in product():
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.ClassDef) and "Protocol" not in map(ast.unparse, node.bases):
                found.setdefault(node.name.strip("_"), []).append(relative(module))
    assert not {name: where for name, where in found.items() if len(where) > 1}


def test_the_architecture_names_every_room():
    told = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rooms = told[told.index("The rooms of `campaign/`") : told.index("### Where to look first")]
    named = {name.strip("/") for name in re.findall(r"`([\w/]+)`", rooms)}
    for package in ("campaign", "receiver"):
        entries = {entry.stem for entry in (ROOT / package).iterdir() if is_room(entry)}
        assert not entries - named, "give each its row in docs/architecture.md"


def is_room(entry: Path) -> bool:
    return (entry / "__init__.py").exists() or (entry.suffix == ".py" and not entry.stem.startswith("__"))


def test_no_generated_file_is_tracked():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in tracked.stdout.splitlines():
        assert not name.startswith(("_build/", "instance/", ".venv/")), name
        assert not name.endswith((".pyc", ".sqlite", ".mo")), name

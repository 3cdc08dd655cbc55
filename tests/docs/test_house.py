"""The house: no import runs in a circle or very deep, no public name means three things, and the
picture and the road of one request in docs/engineers.md are those of the code."""

import ast
import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from casework.procedure.load import procedure
from casework.procedure.settings import shipped
from forms.registry import form_class

ROOT = Path(__file__).parents[2]
DEEPEST = 20  # modules in the longest chain of imports
# Names that mean one thing wherever they stand.
SAME_EVERYWHERE = {
    "init_app": "adds pages, commands or checks to the Flask program",
    "run_in_background": "starts a thread of the server that does its work in rounds",
    "sweep": "puts away what is over, and answers what or how much",
    "NotPossible": "a change that would break a rule; its text is a message for the person",
}


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def house() -> ModuleType:
    return script("house")


def test_a_function_that_decides_or_runs_on_too_much_is_named(tmp_path: Path) -> None:
    complexity = script("complexity")
    (tmp_path / "letters").mkdir()
    many = "def decides(a):\n    return " + " or ".join(f"a == {n}" for n in range(12)) + "\n"
    long = 'def runs_on():\n    """Two\n    lines."""\n' + "    print()\n" * 60
    (tmp_path / "letters" / "a.py").write_text(many + long)
    assert [s.split(" ")[:3] for s in complexity.complex_functions(tmp_path)] == [
        ["letters/a.py::decides", "decides", "12"]
    ]
    found = complexity.lengths(tmp_path)
    assert found == {"letters/a.py:1 decides": 2, "letters/a.py:3 runs_on": 61}
    assert list(complexity.long_functions(found)) == [
        "letters/a.py:3 runs_on has 61 lines, more than 60"
    ]


@pytest.mark.parametrize(("lengths", "said"), [([11] * 6 + [1] * 4, "50%"), ([31] * 2, "90%")])
def test_functions_that_are_long_in_sum_are_named(lengths: list[int], said: str) -> None:
    sentences = script("complexity").long_functions({str(i): n for i, n in enumerate(lengths)})
    assert any(s.startswith(said) for s in sentences)


def test_imports_run_in_no_circle_and_not_deep(house: ModuleType) -> None:
    chain = house.longest(house.imports(house.modules()))
    assert len(chain) <= DEEPEST, " → ".join(chain)


def test_a_circle_is_named(house: ModuleType) -> None:
    with pytest.raises(ValueError, match="a → b → a"):
        house.longest({"a": {"b"}, "b": {"a"}})


def test_no_public_name_stands_in_three_modules(house: ModuleType) -> None:
    places = defaultdict(set)
    for module, file in house.modules().items():
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not _by_address(node):
                places[node.name].add(module)
    shared = {n: m for n, m in places.items() if len(m) > 2 and not n.startswith("_")}
    assert {n: m for n, m in shared.items() if n not in SAME_EVERYWHERE} == {}
    assert set(SAME_EVERYWHERE) <= set(shared), "a name that is shared no more needs no reason"


def _by_address(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether it is a page or a command: those are called by address, not by name."""
    called = re.compile(r"(bp|\w*group|app\.cli|click)\.(get|post|route|command|group)\b")
    return any(called.match(ast.unparse(d)) for d in node.decorator_list)


def test_no_line_is_kept_from_the_formatter(house: ModuleType) -> None:
    for file in house.modules().values():
        assert "fmt: " not in file.read_text("utf-8"), file


def test_the_picture_is_of_this_house(house: ModuleType) -> None:
    assert house.PICTURE.read_text("utf-8") == house.draw(), "run: python scripts/house.py"


def test_a_form_names_its_step_and_the_article() -> None:
    """Forms that one or two steps ask; small ones that many share name none."""
    asking = defaultdict(list)
    for step in procedure().steps.values():
        asking[step.asks].append(step)
    for name, steps in asking.items():
        if name and len(steps) < 3:
            doc = re.sub(r"\s", "", form_class(name).__doc__ or "")
            for step in steps:
                assert step.id in doc, name
                assert re.sub(r"\s", "", step.basis) in doc, f"{name}: {step.basis}"


def test_each_stop_of_the_road_is_there() -> None:
    text = (ROOT / "docs/engineers.md").read_text("utf-8")
    road = text.split("## One act, from click to paper")[1].split("\n## ")[0]
    stops = re.findall(r"`([\w/]+\.py)` `(\w+)\(", road)
    assert len(stops) >= 10
    for file, function in stops:
        found = ROOT / file if (ROOT / file).exists() else ROOT / "casework" / file
        assert re.search(rf"^def {function}\(", found.read_text("utf-8"), re.M), (file, function)


def settings_read() -> tuple[set[str], set[str]]:
    """Keys of settings that something reads beside the pages on which they are set; and beginnings
    of keys that are put together («mail.»)."""
    keys, beginnings = set(), set()
    own = {"settings.py", "office.py", "office_words.py", "office_proposals.py"}
    for path in (p for p in sources() if p.name not in own):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                keys.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    for path in (ROOT / "casework").rglob("*.toml"):
        if path.name != "settings.toml":
            keys |= set(re.findall(r'"([a-z_.]+)"', path.read_text("utf-8")))
    return keys, {b for b in beginnings if re.match(r"[a-z]+\.", b)}


def sources() -> Iterator[Path]:
    """Every Python file of the program."""
    for room in ("casework", "forms", "letters"):
        yield from (ROOT / room).rglob("*.py")


def test_every_setting_is_read_outside_its_own_page() -> None:
    """A number that nothing reads looks as if it held."""
    keys, beginnings = settings_read()
    unread = [s.key for s in shipped() if s.key not in keys]
    assert [key for key in unread if not any(map(key.startswith, beginnings))] == []

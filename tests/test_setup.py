"""The set-up says one thing: pins, conda environment, README and continuous integration agree."""

import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMMANDS = [
    "pip install uv && uv run wfmodel batch scenarios/colchester --out out",
    "pip install uv && uv run pytest",
]
# In two halves, so that this file does not name them either.
PACKAGE_HOSTS = re.compile(
    "|".join(
        re.escape(first + second)
        for first, second in [
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("anaconda", ".org"),
            ("anaconda", ".com"),
            ("index", "-url"),
            ("find", "-links"),
        ]
    ),
    re.IGNORECASE,
)
LOCK_FILES = {"uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "Pipfile.lock", "conda-lock.yml"}
LARGEST = 1_000_000


def environment_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("environment", ROOT / "tools" / "environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required_name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return normal(found[0])


def pins(key: str) -> dict[str, str]:
    """Version by package; every pin is exact, and a package is pinned once."""
    found = {}
    for pin in PYPROJECT["tool"]["uv"][key]:
        parts = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+]+)( ; .+)?", pin)
        assert parts, f"not an exact pin: {pin}"
        assert normal(parts[1]) not in found, f"pinned twice: {pin}"
        found[normal(parts[1])] = parts[2]
    return found


def code_blocks(markdown: str) -> list[str]:
    return [block.strip() for block in re.findall(r"```\w*\n(.*?)```", markdown, flags=re.DOTALL)]


def test_every_direct_dependency_is_pinned_exactly():
    wanted = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]
    for extra in PYPROJECT["project"].get("optional-dependencies", {}).values():
        wanted = wanted + extra
    missing = {required_name(name) for name in wanted} - set(pins("constraint-dependencies"))
    assert not missing, f"run python tools/environment.py --pin; not pinned: {sorted(missing)}"


def test_every_build_dependency_is_pinned_exactly():
    wanted = {required_name(name) for name in PYPROJECT["build-system"]["requires"]}
    assert wanted <= set(pins("build-constraint-dependencies"))


def test_everything_that_uv_resolved_is_pinned():
    lock = ROOT / "uv.lock"
    if not lock.exists():
        pytest.skip("no resolution to compare with")
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    resolved = {
        normal(package["name"]): package["version"]
        for package in packages
        if package["name"] != PYPROJECT["project"]["name"]
    }
    pinned = pins("constraint-dependencies")
    differ = {name for name, version in resolved.items() if pinned.get(name) != version}
    assert not differ, f"run python tools/environment.py --pin; not as resolved: {sorted(differ)}"


def test_conda_environment_is_the_one_that_pyproject_gives():
    written = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert written == environment_tool().environment_text(PYPROJECT), (
        "run python tools/environment.py"
    )


def test_conda_environment_holds_the_python_every_pin_and_the_package():
    environment = YAML(typ="safe").load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == PYPROJECT["project"]["name"]
    python, pip, installed = environment["dependencies"]
    assert python == "python" + PYPROJECT["project"]["requires-python"]
    assert pip == "pip"
    pinned = PYPROJECT["tool"]["uv"]["constraint-dependencies"]
    assert installed == {"pip": [*pinned, "-e ."]}


def test_pins_are_replaced_in_their_own_list_alone():
    text = '[tool.uv]\nconstraint-dependencies = [\n    "a==1",\n]\nother = [\n    "b==1",\n]\n'
    replaced = environment_tool().with_pins(text, "constraint-dependencies", ["a==2", "c==3"])
    assert tomllib.loads(replaced)["tool"]["uv"] == {
        "constraint-dependencies": ["a==2", "c==3"],
        "other": ["b==1"],
    }
    with pytest.raises(ValueError, match="0 lists called missing"):
        environment_tool().with_pins(text, "missing", [])


def test_no_tracked_file_names_a_package_host():
    naming = [
        str(file.relative_to(ROOT))
        for file in tracked_files()
        if PACKAGE_HOSTS.search(file.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert not naming


def test_a_package_host_would_be_seen():
    assert PACKAGE_HOSTS.search("https://" + "pypi" + ".org/simple")
    assert not PACKAGE_HOSTS.search("a lock file such as uv.lock is left out")


def test_no_lock_file_is_tracked_and_uv_lock_is_ignored():
    assert not [file for file in tracked_files() if file.name in LOCK_FILES]
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_no_tracked_file_is_over_one_megabyte():
    large = {
        str(file.relative_to(ROOT)): file.stat().st_size
        for file in tracked_files()
        if file.stat().st_size > LARGEST
    }
    assert not large


def test_readme_begins_with_the_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert code_blocks(readme)[:2] == COMMANDS


def test_continuous_integration_runs_the_tests_as_readme_says():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert code_blocks(readme)[1] in lines
    before = lines[: lines.index(code_blocks(readme)[1])]
    assert not [line for line in before if not line.startswith(("set ", "cd ", "export "))]


def test_golden_notebooks_keep_their_outputs():
    config = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    hooks = {hook["id"]: hook for repo in config["repos"] for hook in repo["hooks"]}
    strip = hooks["nbstripout"]
    assert re.search(strip["files"], "notebooks/01_baseline.ipynb")
    assert re.search(strip["exclude"], "tests/golden/01_baseline.ipynb")
    assert not re.search(strip["exclude"], "notebooks/01_baseline.ipynb")

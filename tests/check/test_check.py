# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of the sources find what they are for, and nothing where there is nothing."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import check
import lengths
import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
LONG = "// " + 40 * "word "

# A check, a file of the repository that it must find, and the same without fault.
FAULTS = [
    ("format", "lib/core/a.cc", "int  f( int a ){return a;}\n", "int f(int a) { return a; }\n"),
    ("lengths", "lib/core/a.cc", LONG + "\n", "// word\n"),
    ("lengths", "a.py", "a = [" + 80 * "1, " + "]\n", 'a = "' + 80 * "1, " + '"\n'),
    ("links", "README.md", "[x](docs/none.md)\n", "[x](docs/protocol.md)\n"),
    ("links", "README.md", "[x](docs/protocol.md#31-none)\n", "[x](docs/protocol.md#31-sent)\n"),
    ("links", "lib/core/a.cc", "// docs/none.md\n", "// docs/protocol.md\n"),
    ("links", "lib/core/a.cc", "// decision 7\n", "// decision 1\n"),
    ("links", "lib/core/a.cc", "// protocol.md, 9.9\n", "// protocol.md, 3.1\n"),
    ("spelling", "README.md", "A signal is rec" + "ieved.\n", "A signal is received.\n"),
    ("shell", "run.sh", "#!/bin/bash\ncp $1 there\n", '#!/bin/bash\ncp "$1" there\n'),
    ("names", "a.py", "import os\n", "import os\nos.getpid()\n"),
    ("style", "a.py", "a=1\n", "a = 1\n"),
    ("tidy", "lib/core/a.cc", "int* f() { return 0; }\n", "int* f() { return nullptr; }\n"),
]
# Linters whose findings depend on their version; lengths and links are the house's own.
TOOLS = {"format": ["clang-format"], "tidy": ["clang-tidy"], "spelling": ["codespell"], "shell": ["shellcheck"], "names": ["pyflakes3"],
         "style": ["pycodestyle"]}
OS_RELEASE = pathlib.Path("/etc/os-release")
IS_HOUSE = OS_RELEASE.exists() and {"ID=debian", 'VERSION_ID="12"'} <= set(OS_RELEASE.read_text(encoding="utf-8").split("\n"))


@pytest.fixture(name="repository")
def make_repository(tmp_path):
    """A repository with these checks, in which nothing is wrong."""
    shutil.copytree(TOP / "tests/check", tmp_path / "tests/check", ignore=lambda *_: ["__pycache__", *map(os.path.basename, TOP.glob("tests/check/test_*.py"))])
    for name in (".clang-format", ".clang-tidy"):
        shutil.copy(TOP / name, tmp_path / name)
    for name, text in (("docs/protocol.md", "## 3. Waveform\n### 3.1 Sent\n"), ("docs/decisions/0001-one.md", "# One\n")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    return tmp_path


def look(repository, *arguments, path=None):
    environment = dict(os.environ, PATH=path or os.environ["PATH"])
    return subprocess.run([sys.executable, "-B", repository / "tests/check/check.py", *arguments], env=environment, capture_output=True, text=True,
                          check=False)


def write(repository, name, text):
    (repository / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / name).write_text(text, encoding="utf-8")
    if name.endswith(".cc"):
        commands = [{"directory": str(repository), "file": name, "command": f"c++ -c {name}"}]
        (repository / "build").mkdir(exist_ok=True)
        (repository / "build/compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")


@pytest.mark.parametrize("kind, name, bad, good", FAULTS)
def test_a_fault_is_found_and_its_mend_is_not(repository, kind, name, bad, good):
    write(repository, name, bad)
    done = look(repository, kind)
    here = [check.tool(program) for program in TOOLS.get(kind, [])]
    houses = all(house for _, _, house in here)
    assert houses or not IS_HOUSE, f"{kind}: Debian 12 has the house's tools, here is {here}"
    if houses:
        assert done.returncode == 1 and done.stdout.splitlines()[-1] == "0 passed, 1 failed", done.stdout + done.stderr
    else: # it fails nothing, and it is said
        assert done.returncode == 0 and ("NOT CHECKED" in done.stdout or "another version's opinion" in done.stdout), done.stdout + done.stderr
    assert "NOT CHECKED" in done.stdout or re.search(rf"{re.escape(name)}:\d+", done.stdout), done.stdout
    write(repository, name, good)
    done = look(repository, kind)
    passed = 0 if "NOT CHECKED" in done.stdout else 1
    assert passed or not IS_HOUSE
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"{passed} passed, 0 failed"), done.stdout + done.stderr


@pytest.mark.parametrize("check, program", [("format", "clang-format"), ("tidy", "clang-tidy")])
def test_another_clang_checks_nothing_and_it_is_said(repository, tmp_path, check, program):
    write(repository, "lib/core/a.cc", FAULTS[0][2])
    only = tmp_path / "bin"
    only.mkdir()
    for name in ("git", "env"):
        (only / name).symlink_to(shutil.which(name))
    (only / program).write_text(f"#!/bin/sh\necho '{program} version 19.1.7'\nexit 1\n", encoding="utf-8")
    (only / program).chmod(0o755)
    done = look(repository, check, path=str(only))
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "0 passed, 0 failed"
    assert f"NOT CHECKED: {program} 14 is what the house is checked with, here is 19.1.7" in done.stdout


def test_another_versions_findings_fail_nothing(repository, tmp_path):
    write(repository, "a.py", "a = 1\n")
    only = tmp_path / "bin"
    only.mkdir()
    (only / "git").symlink_to(shutil.which("git"))
    (only / "pycodestyle").write_text("#!/bin/sh\necho 2.13.0\n[ $1 = --version ] || { echo a.py:1:1: E999 new; exit 1; }\n", encoding="utf-8")
    (only / "pycodestyle").chmod(0o755)
    done = look(repository, "style", path=f"{only}:/usr/bin:/bin")
    assert done.returncode == 0 and "E999 new" in done.stdout and "another version's opinion" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 passed, 0 failed"


def test_a_tool_that_is_missing_fails(repository, tmp_path):
    only = tmp_path / "bin"
    only.mkdir()
    (only / "git").symlink_to(shutil.which("git"))
    done = look(repository, "spelling", path=str(only))
    assert done.returncode == 1 and "codespell is not installed: ./gr-securevoice setup" in done.stdout


def test_an_unknown_check_is_refused(repository):
    done = look(repository, "spellings")
    assert done.returncode == 2 and "no check is called spellings" in done.stderr


def test_hooks_of_pre_commit_are_checks():
    hooks = re.findall(r"entry: \./gr-securevoice check(.*)$", (TOP / ".pre-commit-config.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert hooks and all(name in check.CHECKS for hook in hooks for name in hook.split())


def test_editors_and_the_check_have_the_same_limits():
    text = (TOP / ".editorconfig").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\[(.*)\]\n(?:[^[\n].*\n)*?max_line_length = (\d+)", text, re.MULTILINE))
    assert said == {"*.{cc,h}": str(lengths.LIMITS[".cc"]), "{*.py,apps/securevoice-*}": str(lengths.LIMITS[".py"]),
                    "{gr-securevoice,*.sh,CMakeLists.txt,*.cmake}": str(lengths.LIMITS[".cmake"])}

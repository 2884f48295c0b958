# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""The launcher's promises about installation, building and exit codes, with made-up system programs in front of PATH.

The launcher runs in a copy of its own, so that nothing is installed or built and no build tree is touched.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PACKAGES = [line.split() for line in (SOURCE / "debian-packages.txt").read_text().splitlines()
            if line and not line.startswith("#")]


def of_groups(*groups):
    return sorted({package for group, package in PACKAGES if group in groups})


class Clone:
    """A clone of the repository as far as the launcher sees it, and a machine made of shell scripts."""

    def __init__(self, folder):
        self.top = folder / "a clone" # a blank: every path must be quoted
        self.bin = folder / "bin"
        self.journal = folder / "journal"
        self.top.mkdir()
        self.bin.mkdir()
        self.journal.touch()
        for name in ("gr-securevoice", "debian-packages.txt"):
            shutil.copy(SOURCE / name, self.top / name)
        self.checks("8 passed, 0 failed")
        self.environment = {"PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8"}
        self.user(1000)
        self.installed(of_groups("core", "gnuradio", "demo", "check", "test"))
        self.program("sudo", "exit 1")
        for tool in ("apt-get", "cmake", "ninja", "ctest"):
            self.program(tool, "exit 0")

    def program(self, name, script):
        path = self.bin / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.journal}"\n{script}\n')
        path.chmod(0o755)

    def checks(self, last):
        """Those of the sources end with this line."""
        path = self.top / "tests/check/check.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'import sys\nprint("asked for", *sys.argv[1:])\nprint({last!r})\n')

    def user(self, uid):
        self.program("id", f"echo {uid}")

    def installed(self, packages):
        """dpkg-query knows these; the last one is only configured to be removed."""
        known = " ".join(packages)
        self.program("dpkg-query", f'''for p; do
  case " {known} " in *" $p "*) echo "installed $p";; esac
  case $p in half-removed) echo "config-files $p";; esac
done''')

    def built(self, script='printf "%s\\n" "program $*"'):
        """A build tree with the command line in it."""
        apps = self.top / "build" / "apps"
        apps.mkdir(parents=True)
        (self.top / "build" / "build.ninja").touch()
        (self.top / "build" / "CMakeCache.txt").write_text("SECUREVOICE_CORE_ONLY:BOOL=OFF\n")
        (apps / "securevoice").write_text(f"#!/bin/bash\n{script}\n")
        (apps / "securevoice").chmod(0o755)

    def run(self, *arguments, **kwargs):
        return subprocess.run([str(self.top / "gr-securevoice"), *arguments], env=self.environment, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=60, check=False, **kwargs)

    def calls(self, name):
        return [line for line in self.journal.read_text().splitlines() if line.split()[0] == name]


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_setup_does_nothing_when_all_is_there(clone):
    assert clone.run("setup").returncode == 0
    assert not clone.calls("apt-get") and not clone.calls("sudo")


def test_without_root_the_exact_apt_line_and_code_4(clone):
    lacking = ["libliquid-dev", "libsodium-dev"]
    clone.installed([p for p in of_groups("core", "gnuradio", "demo", "check", "test") if p not in lacking])
    for command in ("setup", "build", "test", "shell", "demo", "keys"):
        done = clone.run(command)
        assert done.returncode == 4, command
        assert "apt-get update && apt-get install --no-install-recommends libliquid-dev libsodium-dev" in done.stdout.splitlines(), command
    assert not clone.calls("apt-get")


def test_a_package_that_was_removed_but_not_purged_is_missing(clone):
    (clone.top / "debian-packages.txt").write_text("core half-removed\n")
    done = clone.run("setup")
    assert done.returncode == 4 and "half-removed" in done.stdout


def test_root_installs_what_is_missing_and_nothing_else(clone):
    clone.user(0)
    clone.installed([p for p in of_groups("core", "gnuradio", "demo", "check", "test") if p != "libfmt-dev"])
    assert clone.run("setup").returncode == 0
    update, install = clone.calls("apt-get")
    assert update.endswith(" update")
    assert install.endswith(" install --no-install-recommends libfmt-dev")
    assert not clone.calls("sudo")


def test_a_user_with_sudo_installs_through_it(clone):
    clone.program("sudo", '[[ $1 == -n ]] && shift\n"$@"')
    clone.installed([])
    assert clone.run("setup").returncode == 0
    assert clone.calls("apt-get")[-1].endswith(" ".join(of_groups("core", "gnuradio", "demo", "check", "test")))
    assert [c for c in clone.calls("sudo") if "apt-get" in c]


def test_a_failed_installation_stops_and_shows_its_log(clone):
    clone.user(0)
    clone.installed([])
    clone.program("apt-get", 'case $* in *install*) echo "E: Unable to locate package"; exit 100;; esac')
    done = clone.run("setup")
    assert done.returncode == 100
    assert "E: Unable to locate package" in done.stderr and "build/setup.log" in done.stderr


def test_a_source_that_cannot_be_reached_does_not_stop_the_installation(clone):
    clone.user(0)
    clone.installed([])
    clone.program("apt-get", "case $* in *update*) exit 100;; esac")
    assert clone.run("setup").returncode == 0


def test_command_line_needs_the_core_packages_only(clone):
    clone.installed([])
    done = clone.run("keys", "list")
    assert done.returncode == 4
    assert done.stdout.split()[6:] == of_groups("core")


def test_arguments_and_exit_code_pass_through(clone):
    clone.built('printf "[%s]" "$@"; exit 7')
    done = clone.run("tx", "in put.wav", "-", "--key", "it's mine", "")
    assert done.stdout == "[tx][in put.wav][-][--key][it's mine][]"
    assert done.returncode == 7


def test_standard_input_and_working_folder_are_the_callers(clone, tmp_path):
    clone.built("pwd; cat")
    done = subprocess.run([str(clone.top / "gr-securevoice"), "rx", "-"], env=clone.environment, cwd=tmp_path, input="IQ",
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == f"{tmp_path}\nIQ"


@pytest.mark.parametrize("command", ["listen", "talk", "window"])
def test_radio_commands_need_the_blocks(clone, command):
    clone.built()
    clone.installed(of_groups("core"))
    done = clone.run(command, "--help")
    assert done.returncode == 4 and "gr-osmosdr" in done.stdout
    clone.installed(of_groups("core", "gnuradio"))
    assert clone.run(command, "--help").stdout == f"program {command} --help\n"
    assert clone.calls("ninja")[-1].endswith(f"{clone.top}/build") # everything, not the program alone


@pytest.mark.parametrize("command", ["bench", "sweep"])
def test_measurements_are_a_program_of_their_own(clone, command):
    clone.built()
    assert clone.run("keys", "list").stdout == "program keys list\n"
    assert clone.calls("ninja")[-1].endswith(" securevoice")
    assert clone.run(command, "--help").stdout == f"program {command} --help\n"
    assert clone.calls("ninja")[-1].endswith(" securevoice securevoice-bench")


def test_environment_of_the_build_tree(clone):
    clone.built('printf "%s\\n" "$PATH" "$PYTHONPATH" "$GRC_BLOCKS_PATH" "$LD_LIBRARY_PATH"')
    clone.environment["PYTHONPATH"] = "/mine"
    path, python_path, grc, libraries = clone.run("anything").stdout.splitlines()
    assert path.split(":")[0] == f"{clone.top}/build/apps"
    assert python_path == f"{clone.top}/build/test_modules:/mine"
    assert grc == f"{clone.top}/grc"
    assert libraries == f"{clone.top}/build/lib"


def test_works_through_a_symbolic_link(clone, tmp_path):
    clone.built()
    (tmp_path / "link").symlink_to(clone.top / "gr-securevoice")
    done = subprocess.run([str(tmp_path / "link"), "bench"], env=clone.environment, capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.stdout == "program bench\n"


def test_a_failed_build_shows_its_log_and_runs_nothing(clone):
    clone.built()
    clone.program("ninja", 'echo "error: expected a semicolon"; exit 1')
    done = clone.run("keys", "list")
    assert done.returncode != 0 and done.stdout == ""
    assert "expected a semicolon" in done.stderr


def test_shell_runs_a_command_with_a_home_of_its_own(clone):
    clone.built()
    clone.environment["HOME"] = "/does/not/exist"
    done = clone.run("shell", "-c", 'touch "$HOME/x" && echo "$HOME"; exit 3')
    assert done.stdout == f"{clone.top}/build/home\n"
    assert done.returncode == 3


def test_python_of_the_shell_is_the_one_with_gnu_radio(clone):
    """Where another one is first in PATH, and where the user's own start file puts it there; `env python3` is what a program of Companion
    begins with."""
    clone.built()
    clone.program("python3", "echo another")
    (pathlib.Path(clone.environment["HOME"]) / ".bashrc").write_text(f'export PATH="{clone.bin}:$PATH" FROM_START=yes\n')
    assert clone.run("shell", "-c", "command -v python3").stdout == "/usr/bin/python3\n"
    terminal, end = os.openpty()
    with subprocess.Popen([clone.top / "gr-securevoice", "shell"], env=clone.environment, stdin=end, stderr=end, stdout=subprocess.PIPE) as shell:
        os.write(terminal, b"echo $FROM_START; command -v python3; command -v securevoice; exit\n")
        said = shell.communicate(timeout=60)[0].decode()
    os.close(terminal)
    os.close(end)
    assert said.split("\n")[:3] == ["yes", "/usr/bin/python3", f"{clone.top}/build/apps/securevoice"], said


def test_blocks_are_added_to_a_tree_that_holds_the_core_only(clone):
    clone.built()
    (clone.top / "build" / "CMakeCache.txt").write_text("SECUREVOICE_CORE_ONLY:BOOL=ON\n")
    clone.run("keys")
    assert not clone.calls("cmake")
    clone.run("build")
    assert clone.calls("cmake")[0].endswith("--preset all")


def ctest_that_says(plain, sanitized):
    """One made-up ctest for the build tree, one for the sanitized one."""
    return "case $* in " + "".join(f'{tree}) cat <<"END"\n{says}\nEND\n;; '
                                   for tree, says in (("*sanitize*", sanitized), ("*", plain))) + "esac"


GOOD = "100% tests passed, 0 tests failed out of 12"


def test_test_sums_up_all_trees(clone):
    clone.built()
    clone.program("ctest", ctest_that_says(GOOD, "100% tests passed, 0 tests failed out of 5"))
    done = clone.run("test")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "25 passed, 0 failed"


def test_quick_leaves_out_the_sanitizers_and_fuzzing(clone):
    clone.built()
    clone.program("ctest", ctest_that_says(GOOD, GOOD))
    done = clone.run("test", "--quick", "test_polar")
    assert done.stdout.splitlines()[-1] == "12 passed, 0 failed"
    assert len(clone.calls("ctest")) == 1
    assert clone.calls("ctest")[0].endswith("-R test_polar")


BAD = "92% tests passed, 1 tests failed out of 12"
NONE = "No tests were found!!!"


@pytest.mark.parametrize("plain, sanitized, last", [
    (BAD, GOOD, "31 passed, 1 failed"),
    (GOOD, BAD, "31 passed, 1 failed"),
    (NONE, NONE, "8 passed, 2 failed"),
    (NONE, GOOD, "20 passed, 1 failed"),
    (GOOD, "", "20 passed, 1 failed"),
])
def test_test_fails_when_a_test_fails_or_none_ran(clone, plain, sanitized, last):
    clone.built()
    clone.program("ctest", ctest_that_says(plain, sanitized))
    done = clone.run("test")
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == last


def test_a_skipped_test_has_not_passed(clone):
    clone.built()
    clone.program("ctest", ctest_that_says(GOOD + "\n\nThe following tests did not run:\n\t  3 - test_x (Skipped)", GOOD))
    assert clone.run("test").stdout.splitlines()[-1] == "31 passed, 0 failed"


def test_a_pattern_that_matches_nothing_fails(clone):
    clone.built()
    clone.program("ctest", ctest_that_says(NONE, NONE))
    done = clone.run("test", "test_polarr")
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "0 passed, 0 failed"


@pytest.mark.parametrize("says, last", [("6 passed, 2 failed", "30 passed, 2 failed"), ("a traceback", "24 passed, 1 failed")])
def test_test_fails_when_a_check_fails_or_the_checks_break_off(clone, says, last):
    clone.built()
    clone.checks(says)
    clone.program("ctest", ctest_that_says(GOOD, GOOD))
    done = clone.run("test")
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == last


def test_check_alone(clone):
    """Its words are handed on, its result is the exit code, and it needs no more than the core and the tools of check."""
    clone.built()
    (clone.top / "build/compile_commands.json").touch()
    clone.installed(of_groups("core", "check"))
    done = clone.run("check", "--all", "links", "tidy")
    assert done.returncode == 0
    assert done.stdout == f"asked for --build {clone.top}/build --all links tidy\n8 passed, 0 failed\n"
    assert not clone.calls("cmake") and not clone.calls("ctest") and not clone.calls("ninja")
    clone.checks("7 passed, 1 failed")
    assert clone.run("check").returncode != 0
    clone.installed(of_groups("core"))
    done = clone.run("check")
    assert done.returncode == 4 and "shellcheck" in done.stdout


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_of_check_is_no_check(clone, word):
    done = clone.run("check", word)
    assert done.returncode == 0 and done.stdout == "asked for --help\n8 passed, 0 failed\n"


def test_check_makes_the_list_of_what_is_compiled_in_a_tree_that_has_none(clone):
    clone.built()
    assert clone.run("check").returncode == 0
    assert clone.calls("cmake") == [f"cmake {clone.top}/build"]


def test_a_tree_is_made_with_a_preset(clone):
    """CMakePresets.json is the only place that says what a tree is made with."""
    clone.built()
    clone.program("ctest", ctest_that_says(GOOD, GOOD))
    clone.run("test")
    assert clone.calls("cmake") == [f"cmake -S {clone.top} --preset sanitize"]


def test_help_and_unknown_options(clone):
    assert "setup" in clone.run().stdout
    assert clone.run("help").returncode == 0
    assert clone.run("test", "--fast").returncode == 2

# Copyright 2026 The gr-securevoice authors
#
# SPDX-License-Identifier: GPL-3.0-or-later
"""CMakePresets.json, which the launcher makes its trees with: cmake reads it, and its options are the project's."""

import json
import pathlib
import re
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
FILE = json.loads((TOP / "CMakePresets.json").read_text(encoding="utf-8"))
PRESETS = {preset["name"]: preset for preset in FILE["configurePresets"]}


def options(name):
    """Name to value of a preset's cache variables, with those that it inherits."""
    preset = PRESETS[name]
    inherited = options(preset["inherits"]) if "inherits" in preset else {}
    return inherited | {key: value["value"] if isinstance(value, dict) else value for key, value in preset.get("cacheVariables", {}).items()}


def tree(name):
    preset = PRESETS[name]
    return preset["binaryDir"] if "binaryDir" in preset else tree(preset["inherits"])


@pytest.mark.parametrize("kind", ["configure", "build", "test"])
def test_cmake_lists_them(kind):
    listed = subprocess.run(["cmake", "-S", TOP, f"--list-presets={kind}"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    assert re.findall(r'^  "([\w-]+)"', listed, re.MULTILINE) == [preset["name"] for preset in FILE[f"{kind}Presets"]]


def test_those_that_are_promised():
    assert {"core-debug", "sanitize", "fuzz", "all"} <= set(PRESETS)
    assert options("core-debug")["CMAKE_BUILD_TYPE"] == "Debug" and options("core-debug")["SECUREVOICE_CORE_ONLY"] == "ON"
    assert options("all")["SECUREVOICE_CORE_ONLY"] == "OFF"
    assert options("sanitize")["SECUREVOICE_SANITIZE"] == "ON" and options("sanitize")["CMAKE_CXX_COMPILER"] == "clang++"
    assert options("fuzz") == options("sanitize") and tree("fuzz") == tree("sanitize")


def test_every_option_is_one_of_the_project():
    known = {"CMAKE_BUILD_TYPE", "CMAKE_CXX_COMPILER", "PYTHON_EXECUTABLE"}
    for file in [TOP / "CMakeLists.txt", TOP / "lib/core/CMakeLists.txt"]:
        known |= set(re.findall(r"^option\((\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    for name in PRESETS:
        assert set(options(name)) <= known, name


def test_the_launcher_makes_its_trees_with_presets_alone():
    script = (TOP / "gr-securevoice").read_text(encoding="utf-8")
    assert "-DSECUREVOICE" not in script and "-DCMAKE" not in script
    assert set(re.findall(r"preset (\w+)$", script, re.MULTILINE)) == {"sanitize"}
    for name, where in (("core", "build"), ("all", "build"), ("sanitize", "build/sanitize")):
        assert tree(name) == "${sourceDir}/" + where

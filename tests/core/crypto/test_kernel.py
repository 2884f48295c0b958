# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit kernel, lib/core/crypto, opens no file and no terminal, and docs/audit.md tells of all of it."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[3]
KERNEL = TOP / "lib/core/crypto"
SOURCES = sorted(path for path in KERNEL.rglob("*") if path.suffix in (".h", ".cc"))
AUDIT = (TOP / "docs/audit.md").read_text(encoding="utf-8")

# Containers, clocks, errors, libsodium; unistd.h for getpid and write. Whatever else is wanted has to be thought about.
SYSTEM_HEADERS = {"algorithm", "array", "atomic", "chrono", "cstddef", "cstdint", "cstdlib", "functional", "memory", "optional", "sodium.h",
                  "stdexcept", "string", "sys/types.h", "unistd.h", "utility", "vector"}
CALLS = re.compile(r"abort|getpid|write|memcpy|memmove|memset|memcmp|bcmp|strlen|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__mem(cpy|move|set)_chk"
                   r"|_Unwind_Resume|__cxa_\w+|__gxx_personality_v0|(sodium|randombytes|crypto_generichash_blake2b)_\w+|crypto_stream_chacha20_ietf")
STREAMS = re.compile(r"stream|filebuf|filesystem|basic_file|FILE|random_device|locale")


def includes(path):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(encoding="utf-8"), re.M)


def undefined(objects):
    """What objects take from elsewhere, demangled."""
    listed = subprocess.run(["nm", "-C", "-u", "-P", *objects], stdout=subprocess.PIPE, check=True, text=True).stdout
    return {match.group(1) for match in re.finditer(r"^(.+?) [UwVv]\b", listed, re.M)}


def suspicious(names):
    """Those that could reach a file or a terminal."""
    found = set()
    for name in names:
        if re.fullmatch(r"\w+", name): # a function in C
            refused = not CALLS.fullmatch(name)
        else:
            refused = not name.startswith("securevoice::") and STREAMS.search(name)
        if refused:
            found.add(name)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_includes_nothing_that_opens(path):
    for name in includes(path):
        assert name in SYSTEM_HEADERS or re.match("core/(crypto|protocol)/", name), f"{path.name} includes {name}"


def test_calls_nothing_that_opens():
    names = undefined(os.environ["SECUREVOICE_KERNEL_OBJECTS"].split(":"))
    assert "crypto_stream_chacha20_ietf" in names # it is the kernel
    assert not suspicious(names)


def test_it_would_see_what_opens():
    seen = suspicious(undefined(os.environ["SECUREVOICE_KEYS_OBJECTS"].split(":")))
    assert {"tcsetattr", "mkostemp64", "opendir"} <= seen or {"tcsetattr", "mkostemp", "opendir"} <= seen
    assert any(name.startswith("open") for name in seen)
    streams = {"std::basic_ifstream<char, std::char_traits<char> >::~basic_ifstream()", "std::filesystem::status(std::filesystem::path const&)"}
    assert suspicious(streams | {"std::runtime_error::runtime_error(char const*)", "securevoice::detail::crypt_text()"}) == streams


def test_writes_to_standard_error_alone():
    calls = [(path.name, call) for path in SOURCES for call in re.findall(r"\bwrite\((\w+)", path.read_text(encoding="utf-8"))]
    assert calls == [("start.cc", "STDERR_FILENO")]


@pytest.mark.parametrize("path", [*SOURCES, KERNEL / "CMakeLists.txt"], ids=lambda path: path.name)
def test_audit_names_each_file(path):
    assert f"`{path.relative_to(KERNEL)}`" in AUDIT


def test_audit_names_no_other_file():
    for name in re.findall(r"`((?:detail/)?\w+\.(?:cc|h))`", AUDIT):
        assert (KERNEL / name).exists() or (TOP / "lib/core/protocol" / name).exists(), name
    for name in re.findall(r"`((?:lib|tests|docs)/[\w./]+)`", AUDIT):
        assert (TOP / name).exists(), name


def test_tests_named_in_audit_exist():
    listed = subprocess.run(["ctest", "--test-dir", os.environ["SECUREVOICE_BUILD"], "-N"], stdout=subprocess.PIPE, check=True, text=True).stdout
    there = set(re.findall(r"Test +#\d+: (\S+)", listed))
    named = set(re.findall(r"`((?:test|secrets|crypto)_\w+)`", AUDIT))
    assert {"test_forgery", "test_constant_time", "secrets_key_and_nonce", "crypto_kernel"} <= named
    if not shutil.which("valgrind"): # without it CMake says so, and makes none of these
        named = {name for name in named if not name.startswith("test_constant_time")}
    assert named <= there


def test_audit_says_how_long_it_is():
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES)
    said = int(re.search(r"`lib/core/crypto`, ([\d,]+) lines", AUDIT).group(1).replace(",", ""))
    assert abs(lines - said) <= 50, f"{lines} lines"

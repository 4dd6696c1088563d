#!/usr/bin/env python3
"""Runs the tests of the library under Wine: its own, and those that use it and the emulator (`tests/api`).

    tests/windows/library.py [FILTER...]

It compiles them first, as `.ci/platforms` does the program. What is skipped is counted, with the reason.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench import NOISE, ROOT, TOOLS, Bench

# Why tests cannot pass, and their names.
REASONS = {
    "they run programs of Unix": [
        "api::ledger::tests::a_request_of_a_process_that_is_gone_counts_as_answered_when_that_is_seen",
        "host::child::tests::a_failure_and_a_program_that_is_not_there_are_told_apart",
        "host::child::tests::a_program_is_run_without_a_shell",
        "host::child::tests::a_program_that_takes_too_long_is_ended",
        "host::hook::tests::it_reads_its_input_and_has_its_variables",
        "host::hook::tests::one_that_reads_nothing_may_succeed",
        "host::hook::tests::one_that_takes_too_long_is_killed_with_all_that_it_started",
    ],
    "they expect the words and paths of Unix": [
        "config::secret_source::tests::a_profile_says_where_a_secret_is",
        "host::hook::tests::one_that_fails_tells_its_status",
        "kind::tests::what_the_system_says_of_files_is_never_a_bug",
        "client_tries::where_nothing_listens_every_request_is_tried_five_times_and_nothing_was_sent",
    ],
    "Windows replaces no file that is open": [
        "sandbox_files::a_write_leaves_a_whole_file_and_nothing_else_behind",
    ],
    "beside other tests Wine is slower than a clock that runs 20 times faster": [
        "sandbox_faults::the_limits_refuse_the_21st_read_and_the_11th_write_and_tell_the_wait",
    ],
    "Windows' text is UTF-8 whatever the locale says": ["host::env::tests::the_first_locale_variable_that_is_set_decides"],
    "Wine 8 looks for the end of a file before it adds to it, and two lines may meet": [
        "host::journal::tests::lines_of_many_threads_are_whole",
    ],
}
SKIPPED = {name: why for why, names in REASONS.items() for name in names}
# What is not compiled for Windows, and a test, or a module of tests, that is not.
OF_UNIX = re.compile(r"#\[cfg\(unix\)\]\s*#\[(?:tokio::)?test\]")
MODULE_OF_UNIX = re.compile(r"#\[cfg\(test\)\]\s*#\[cfg\(unix\)\](.*)", re.DOTALL)
TEST = re.compile(r"#\[(?:tokio::)?test\]")


def compiled() -> list[Path]:
    """Compiles the tests, and returns their programs."""
    command = ["cargo", "test", "--locked", "--lib", "--test", "api", "--no-run", "--target", "x86_64-pc-windows-gnu"]
    done = subprocess.run([*command, "--message-format", "json-render-diagnostics"], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    made = [json.loads(line) for line in done.stdout.splitlines()]
    return [Path(part["executable"]) for part in made if part.get("executable") and part["profile"]["test"]]


def run_tests(bench: Bench, program: Path) -> dict[str, str]:
    """Returns what became of each test; a program that did not end by itself counts as a failure."""
    command = ["wine", str(program), "--test-threads", "4", *sys.argv[1:]]
    done = subprocess.run(
        command, env=bench.env, cwd=ROOT, capture_output=True, text=True, errors="replace", timeout=1500, check=False
    )
    results = dict(re.findall(r"^test (\S+)(?: - should panic)? \.\.\. (ok|FAILED|ignored)", done.stdout, re.MULTILINE))
    if not re.search("^test result: ", done.stdout, re.MULTILINE):
        results[program.name] = "FAILED"
    if any(result == "FAILED" and name not in SKIPPED for name, result in results.items()):
        print(done.stdout[-20000:], "\n".join(line for line in done.stderr.splitlines() if not NOISE.search(line)))
    return results


def not_compiled() -> int:
    count = 0
    for path in (ROOT / "src").rglob("*.rs"):
        text = path.read_text()
        module = MODULE_OF_UNIX.search(text)
        count += len(TEST.findall(module[1])) if module else len(OF_UNIX.findall(text))
    unix = "".join(path.read_text() for path in (ROOT / "src/host/unix").glob("*.rs"))
    return count + len(TEST.findall(unix))


def main() -> int:
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        print(f"0 passed, 0 failed\n   the library was not tried on Windows: {', '.join(missing)} is missing")
        return 0
    programs = compiled()
    home = Path(tempfile.mkdtemp(prefix="zpakey-wine-"))
    bench = Bench(programs[0], home)
    try:
        results = {name: result for program in programs for name, result in run_tests(bench, program).items()}
    finally:
        bench.end()
        shutil.rmtree(home, ignore_errors=True)
    failed = [name for name, result in results.items() if result == "FAILED"]
    wrong = [name for name in failed if name not in SKIPPED]
    for name in wrong:
        print(f"FAILED {name}")
    passed = sum(result == "ok" for result in results.values())
    ignored = sum(result == "ignored" for result in results.values())
    skipped = Counter(SKIPPED[name] for name in failed if name in SKIPPED)
    print(f"{passed} passed, {len(wrong)} failed, {skipped.total() + ignored} skipped")
    if ignored:
        print(f"   {ignored}: long tables, which `.ci/run` runs on Linux")
    for why, count in skipped.items():
        print(f"   {count}: {why}")
    print(f"   {not_compiled()} more are about modes, owners, links and signals of Unix and are not compiled")
    return 1 if wrong or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

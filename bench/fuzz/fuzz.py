"""Fuzz one target: no traceback, no hang over 5 s, no more than 1 GB.

    python bench/fuzz/fuzz.py all --runs 10000
    python bench/fuzz/fuzz.py readers --runs 10000 --seed 3 [--coverage]

A child process runs the target on mutated inputs and says after each which one it is at; the parent ends it when
one takes longer than five seconds and starts another behind it. An input fails when anything but a
``TaggerError`` comes out, when the process dies, hangs, or grows over a gigabyte. Failing inputs are kept in
``--keep``. With ``--coverage``, and the package atheris, the inputs are led by coverage.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import targets

HANG, MEMORY = 5.0, 1 << 30

_ODD = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    "\u0301".encode() * 50,
    "\u200b".encode(),
    "\u2028".encode(),
    "İ".encode(),
    "ς".encode(),
    "ﬁ".encode(),
    "𝒳😀".encode(),
    "ー々".encode(),
    b"\r",
    b"\x1c",
    b"\x85",
    b"{",
    b"[" * 200,
    b"}",
    b'"',
    b"'",
    b"<" * 50,
    b">",
    b"&#x110000;",
    b"\\ud800",
    b"-" * 99,
    b" " * 999,
    b"(" * 99,
    b"\n" * 99,
    b"1e999",
    b"NaN",
    b"!!python/object:os.system",
    b"&a [*a]",
    b"*",
    b"?",
    b"|",
    b">-",
    b"\t",
    b"../",
    b"/dev/zero",
    b"%s%n",
    b"9" * 400,
    b"-1",
    b"18446744073709551616",
    b"(VNA)",
    b"./.",
]


def mutate(seed: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a changed copy: bytes flipped, cut, doubled, spliced with another seed, or odd pieces put in."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        length = min(len(data) - at, chance.choice((1, 1, 2, 8, 64, 512)))
        kind = chance.randrange(8)
        if kind == 0 and length:
            data[at : at + length] = chance.randbytes(length)
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = data[at : at + length] * chance.choice((1, 2, 50))
        elif kind == 3:
            other = chance.choice(others)
            start = chance.randrange(len(other) + 1)
            data[at:at] = other[start : start + chance.choice((4, 64, 1024))]
        elif kind == 4 and length:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 5:
            del data[at:]
        else:
            data[at:at] = chance.choice(_ODD) * chance.choice((1, 1, 3))
    return bytes(data[:200_000])


def one(name: str, number: int, seed: int, seeds: list[bytes]) -> bytes:
    """Return the input of a number: the same every time."""
    chance = random.Random(f"{name} {seed} {number}")  # noqa: S311 - no secrets
    if number % 20 == 0:
        return chance.randbytes(chance.randrange(2000))
    return mutate(chance.choice(seeds), seeds, chance)


def child(name: str, first: int, runs: int, seed: int) -> None:
    """Run the target on inputs from ``first`` on, telling each number before and each failure after."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    target = targets.TARGETS[name]
    seeds = target.seeds()
    from tagger.errors import TaggerError

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run = target.prepare(Path(folder))
        told = os.fdopen(os.dup(1), "w", buffering=1)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        for number in range(first, runs):
            data = one(name, number, seed, seeds)
            told.write(f"{number}\n")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            try:
                run(data)
            except TaggerError as error:
                if "\n" in str(error):
                    told.write(json.dumps({"number": number, "what": f"an error of many lines: {error!s:.200}"}) + "\n")
            except Exception as error:  # noqa: BLE001 - that is what we look for
                import traceback

                where = traceback.extract_tb(error.__traceback__)[-1]
                what = f"{type(error).__name__}: {error!s:.200} at {Path(where.filename).name}:{where.lineno}"
                told.write(json.dumps({"number": number, "what": what}) + "\n")
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            if after * 1024 > MEMORY and after > before + 50_000:
                told.write(json.dumps({"number": number, "what": f"grew to {after // 1024} MB"}) + "\n")
        told.write("done\n")


def fuzz(name: str, runs: int, seed: int, keep: Path) -> dict:  # noqa: C901 - a loop over processes
    """Run a target to the end, over all that its processes die of."""
    failures, first, begun, slowest = [], 0, time.monotonic(), 0.0
    while first < runs:
        command = [sys.executable, __file__, name, "--child", str(first), "--runs", str(runs), "--seed", str(seed)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        at, state = None, {"since": time.monotonic(), "hung": False}

        def watch(process=process, state=state) -> None:
            while process.poll() is None:
                # The first input waits for imports and models.
                if time.monotonic() - state["since"] > (HANG if state.get("warm") else 60):
                    state["hung"] = True
                    process.kill()
                time.sleep(0.1)

        threading.Thread(target=watch, daemon=True).start()
        finished = False
        for line in process.stdout:
            now = time.monotonic()
            if line.startswith("{"):
                failures.append(json.loads(line))
            elif line.strip() == "done":
                finished = True
            else:
                if at is not None and at != first:
                    slowest = max(slowest, now - state["since"])
                    state["warm"] = True
                at = int(line)
                state["since"] = now
        process.wait()
        if finished:
            break
        if at is None:
            raise SystemExit(f"{name}: the child died before its first input")
        failures.append({"number": at, "what": "hung" if state["hung"] else f"died ({process.returncode})"})
        first = at + 1
    seeds = targets.TARGETS[name].seeds()
    for failure in failures:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{name}-{seed}-{failure['number']}").write_bytes(one(name, failure["number"], seed, seeds))
    return {
        "target": name,
        "runs": runs,
        "failures": failures[:20],
        "failed": len(failures),
        "slowest_seconds": round(slowest, 2),
        "seconds": round(time.monotonic() - begun, 1),
    }


def led_by_coverage(name: str, runs: int, keep: Path) -> None:
    """Let atheris choose the inputs."""
    import atheris

    from tagger.errors import TaggerError

    with atheris.instrument_imports(include=["tagger"]):
        target = targets.TARGETS[name]
        folder = Path(tempfile.mkdtemp())
        corpus = folder / "corpus"
        corpus.mkdir()
        for number, data in enumerate(target.seeds()):
            (corpus / str(number)).write_bytes(data)
        run = target.prepare(folder)

    def test(data: bytes) -> None:
        with contextlib.suppress(TaggerError):
            run(data)

    keep.mkdir(parents=True, exist_ok=True)
    limits = [
        f"-runs={runs}",
        f"-timeout={HANG:.0f}",
        "-rss_limit_mb=1024",
        "-max_len=20000",
        f"-artifact_prefix={keep}/",
    ]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], test)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=["all", *targets.TARGETS])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--child", type=int)
    options = parser.parse_args()
    if options.child is not None:
        child(options.target, options.child, options.runs, options.seed)
    elif options.coverage:
        led_by_coverage(options.target, options.runs, options.keep)
    else:
        failed = 0
        for name in targets.TARGETS if options.target == "all" else [options.target]:
            told = fuzz(name, options.runs, options.seed, options.keep)
            failed += told["failed"]
            print(json.dumps(told), flush=True)
        raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()

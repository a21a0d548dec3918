"""Kill a batch at random moments, resume it, and compare bytes; measure memory; lose a Dask worker.

    python bench/reliability.py kills --articles 20000 --kills 20     # with 1 and with 2 jobs
    python bench/reliability.py memory                                # peak for 2,000 and 20,000 files
    python bench/reliability.py dask                                  # two workers; one killed
    python bench/reliability.py engines                               # threads against processes

Each prints a JSON line a figure. ``--module fake_tag`` measures the batch alone, without a model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAKES = HERE.parent / "tests" / "fakes"

SENTENCES = [
    "The provincial committee of {place} signed an agreement on {n} billion in foreign direct investment.",
    "Officials from {place} met a delegation of the {other} chamber of commerce on Tuesday.",
    "The vocational college of {place} will train {n} nurses for hospitals in {other}.",
    "Heavy rain is forecast for {place}, where {n} households were asked to move.",
    "A direct flight between {place} and {other} opens in {month}, the airline said.",
    "The two sides agreed to exchange students and researchers over the next {n} years.",
    "Exports of coffee from {place} rose by {n} per cent in the first quarter.",
    "The museum of {place} shows {n} paintings on loan from {other} until {month}.",
]
PLACES = ["Zarnow", "Belvoir", "Tan Phuoc", "Port Elin", "Kitahara", "Santa Rue", "Novi Brod", "Ulmen"]
MONTHS = ["January", "March", "May", "July", "September", "November"]


def article(number: int) -> str:
    """Return an article of about 2.7 KB, the same for a number every time."""
    chance = random.Random(number)  # noqa: S311 - no secrets
    paragraphs = [f"{chance.choice(PLACES)} and {chance.choice(PLACES)} report {number}"]
    for _ in range(8):
        sentences = [
            chance.choice(SENTENCES).format(
                place=chance.choice(PLACES),
                other=chance.choice(PLACES),
                n=chance.randint(2, 900),
                month=chance.choice(MONTHS),
            )
            for _ in range(4)
        ]
        paragraphs.append(" ".join(sentences))
    return "\n".join(paragraphs) + "\n"


def generate(folder: Path, count: int) -> Path:
    """Write articles, 1,000 a folder."""
    for number in range(count):
        path = folder / f"{number // 1000:03d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number), encoding="utf-8")
    return folder


def command(
    source: Path, target: Path, jobs: int, module: str, engine: str | None = None, model: str | None = None
) -> list[str]:
    """Return a batch as a command of its own process."""
    code = (
        "import sys, json; from pathlib import Path; from tagger import batch\n"
        f"o = batch.BatchOptions(jobs={jobs}, module={module!r}, engine={engine!r}, model={model!r})\n"
        f"s = batch.run([{str(source)!r}], Path({str(target)!r}), o)\n"
        "import resource as r\n"
        "print(json.dumps({'done': s.done, 'failed': s.failed, 'seconds': s.seconds, 'resumed': s.resumed,"
        "'parent_mb': r.getrusage(r.RUSAGE_SELF).ru_maxrss / 1024,"
        "'largest_worker_mb': r.getrusage(r.RUSAGE_CHILDREN).ru_maxrss / 1024,"
        "'parent_cpu': sum(r.getrusage(r.RUSAGE_SELF)[:2]), 'workers_cpu': sum(r.getrusage(r.RUSAGE_CHILDREN)[:2])}))"
    )
    return [sys.executable, "-c", code]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(FAKES), str(HERE.parent)])}


def run(*arguments, **more) -> dict:
    found = subprocess.run(
        command(*arguments, **more), env=environment(), check=True, capture_output=True, text=True, timeout=3000
    )
    return json.loads(found.stdout.splitlines()[-1])


def digest(path: Path) -> str:
    with path.open("rb") as stream:  # not whole: a child would inherit our peak of memory as its own
        return hashlib.file_digest(stream, "sha256").hexdigest()


def kills(folder: Path, options: argparse.Namespace) -> None:
    source = generate(folder / "in", options.articles)
    whole = folder / "whole.jsonl"
    told = run(source, whole, 1, options.module, model=options.model)
    expected, seconds = digest(whole), told["seconds"]
    print(json.dumps({"undisturbed": told, "sha256": expected[:16], "bytes": whole.stat().st_size}), flush=True)
    for jobs in (1, 2):
        target = folder / f"killed-{jobs}.jsonl"
        chance, at, begun = random.Random(jobs), [], time.monotonic()  # noqa: S311
        dead = 0
        while dead < options.kills:
            process = subprocess.Popen(
                command(source, target, jobs, options.module, model=options.model),
                env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            # On average a run gets a share of the work that makes the last one finish after all the kills.
            pause = chance.uniform(0.0, 1.6 * seconds / options.kills / jobs + 0.8)
            try:
                process.wait(pause)
                break  # it was quicker than the dice: the rest of the kills has nothing to kill
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                dead += 1
                partial = target.with_name(target.name + ".partial")
                at.append(partial.stat().st_size if partial.exists() else 0)
            if target.exists():
                raise SystemExit("the final name appeared before the end")
        last = (
            {"finished": "before the last kill"}
            if target.exists()
            else run(source, target, jobs, options.module, model=options.model)
        )
        print(json.dumps({
            "jobs": jobs, "kills": dead, "bytes_at_each_kill": at, "last_run": last,
            "seconds": round(time.monotonic() - begun, 1), "identical": digest(target) == expected,
            "left_over": sorted(p.name for p in folder.glob(f"killed-{jobs}*") if p != target),
        }), flush=True)  # fmt: skip


def memory(folder: Path, options: argparse.Namespace) -> None:
    import psutil

    for jobs in (1, 2):
        peaks = {}
        for count in (2_000, 20_000):
            source = generate(folder / f"in-{count}", count)
            process = subprocess.Popen(
                command(source, folder / f"m-{count}-{jobs}.jsonl", jobs, options.module, model=options.model),
                env=environment(), stdout=subprocess.DEVNULL,
            )  # fmt: skip
            peak, watched = 0.0, psutil.Process(process.pid)
            while process.poll() is None:
                total = 0
                for one in [watched, *_children(watched)]:
                    try:
                        total += one.memory_full_info().uss
                    except psutil.Error:
                        continue
                peak = max(peak, total / 1e6)
                time.sleep(0.02)
            if process.returncode:
                raise SystemExit("the run failed")
            peaks[count] = round(peak, 1)
        ratio = round(peaks[20_000] / peaks[2_000], 3)
        print(json.dumps({"jobs": jobs, "peak_mb_of_all_processes": peaks, "ratio": ratio}), flush=True)


def _children(process) -> list:
    import psutil

    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def dask(folder: Path, options: argparse.Namespace) -> None:
    """Compare the bytes of a scheduler and two worker processes with --jobs 2, also when a worker is killed."""
    source = generate(folder / "in", options.articles)
    whole = folder / "whole.jsonl"
    local = run(source, whole, 2, options.module, model=options.model)
    for murder in (False, True):
        with cluster(2) as (address, workers):
            timer = threading.Timer(local["seconds"] / 2 + 1.5, workers[0].kill)
            if murder:
                timer.start()
            target = folder / f"dask-{murder}.jsonl"
            told = run(source, target, 2, options.module, engine=f"dask://{address}", model=options.model)
            timer.cancel()
            lost = workers[0].poll() is not None
        print(json.dumps({
            "worker_killed": lost, "run": told, "jobs_2_seconds": local["seconds"],
            "identical": digest(target) == digest(whole),
        }), flush=True)  # fmt: skip


class cluster:  # noqa: N801 - used as a statement
    """A Dask scheduler and workers of one thread each, as processes that can be killed."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self):
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        quiet = {"env": environment(), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        dask_command = [sys.executable, "-m", "dask"]
        self.scheduler = subprocess.Popen(
            [*dask_command, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"], **quiet
        )
        self.workers = [
            subprocess.Popen(
                [*dask_command, "worker", f"tcp://{self.address}", "--nthreads", "1", "--no-nanny", "--no-dashboard",
                 "--local-directory", tempfile.gettempdir()],
                **quiet,
            )
            for _ in range(self.count)
        ]  # fmt: skip
        from distributed import Client

        with Client(f"tcp://{self.address}", timeout=30) as client:
            client.wait_for_workers(self.count, timeout=60)
        return self.address, self.workers

    def __exit__(self, *_):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def engines(folder: Path, options: argparse.Namespace) -> None:
    source = generate(folder / "in", options.articles)
    for repeat in range(3):
        for engine, jobs in (("here", 1), ("threads", 2), ("processes", 1), ("processes", 2)):
            told = run(source, folder / "out.jsonl", jobs, options.module, engine=engine, model=options.model)
            rate = round(told["done"] / told["seconds"])
            cpu = {f"{who}_us": round(told[f"{who}_cpu"] / told["done"] * 1e6) for who in ("parent", "workers")}
            figure = {"repeat": repeat, "engine": engine, "jobs": jobs, "articles_per_second": rate, **cpu}
            print(json.dumps(figure), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["kills", "memory", "dask", "engines"])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--module", default="tagger.tag")
    parser.add_argument("--model")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        globals()[options.what](Path(folder), options)


if __name__ == "__main__":
    main()

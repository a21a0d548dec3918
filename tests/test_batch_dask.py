"""The same parts on a Dask cluster: the same bytes, also when a worker is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tagger import batch
from tagger.errors import TaggerError

pytest.importorskip("distributed", reason="the extra dask is not installed")

FAKES = Path(__file__).parent / "fakes"
SCHEDULER = """
import sys, asyncio
from distributed import Scheduler

async def serve():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()

asyncio.run(serve())
"""
WORKER = """
import sys, asyncio
from distributed import Worker

async def serve():
    async with Worker(sys.argv[1], nthreads=1, dashboard=False) as worker:
        await worker.finished()

if __name__ == "__main__":
    asyncio.run(serve())
"""


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """Start a scheduler and two worker processes; return the address and the workers."""
    monkeypatch.syspath_prepend(str(FAKES))
    quiet = {
        "env": {**os.environ, "PYTHONPATH": str(FAKES), "DASK_TEMPORARY_DIRECTORY": str(tmp_path)},
        "stderr": subprocess.DEVNULL,
        "text": True,
    }
    scheduler = subprocess.Popen([sys.executable, "-c", SCHEDULER], stdout=subprocess.PIPE, **quiet)
    address = scheduler.stdout.readline().strip()
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, address], stdout=subprocess.DEVNULL, **quiet) for _ in range(2)
    ]
    try:
        yield address.removeprefix("tcp://"), workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
        scheduler.stdout.close()


@pytest.mark.filterwarnings("ignore")  # of the cluster's own libraries
def test_a_cluster_writes_the_same_bytes(cluster, tmp_path, monkeypatch):
    """Two workers, one of them killed in the middle, write what one loop writes."""
    address, workers = cluster
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for i in range(400):
        Path(f"in/{i:03d}.txt").write_text(f"SLOW word{i}", encoding="utf-8")
    here = batch.BatchOptions(module="fake_tag", engine="here")
    batch.run(["in"], Path("whole.jsonl"), here)

    def shoot() -> None:
        while not Path("out.jsonl.partial").exists():
            time.sleep(0.02)
        time.sleep(0.5)
        workers[0].kill()

    gun = threading.Thread(target=shoot)
    gun.start()
    # Workers have another present folder: paths must mean the same everywhere.
    options = batch.BatchOptions(module="fake_tag", engine=f"dask://{address}")
    summary = batch.run(["in"], Path("out.jsonl"), options)
    gun.join()
    assert workers[0].wait(10) != 0
    assert (summary.done, summary.failed) == (400, 0)
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()


@pytest.mark.filterwarnings("ignore")
def test_no_cluster_there(tmp_path, monkeypatch):
    """A cluster that does not answer is told in a line with its address."""
    monkeypatch.syspath_prepend(str(FAKES))
    monkeypatch.setattr("tagger.batch.engines.CONNECT_SECONDS", 0.5)
    (tmp_path / "a.txt").write_text("word", encoding="utf-8")
    options = batch.BatchOptions(module="fake_tag", engine="dask://127.0.0.1:9")
    with pytest.raises(TaggerError, match="no Dask cluster") as caught:
        batch.run([tmp_path / "a.txt"], tmp_path / "out.jsonl", options)
    assert caught.value.where == "127.0.0.1:9"

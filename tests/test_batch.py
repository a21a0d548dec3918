"""Batches with a fake tagger: order, rows of failures, resuming, locks, shards."""

from __future__ import annotations

import errno
import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import zstandard
from filelock import FileLock

from tagger import batch
from tagger.batch import output, parts
from tagger.batch.progress import Meter
from tagger.errors import InputError, ModelError, TaggerError

FAKES = Path(__file__).parent / "fakes"


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    """Let this process and its workers find the fake tagger."""
    monkeypatch.syspath_prepend(str(FAKES))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with 150 articles in three levels, and make its parent the present one."""
    monkeypatch.chdir(tmp_path)
    for name in ("in", "in/b", "in/b/deep"):
        Path(name).mkdir()
        for i in range(50):
            Path(name, f"a{i:03d}.txt").write_text(f"word{i} of {name}\n", encoding="utf-8")
    return Path("in")


def options(**more) -> batch.BatchOptions:
    """Return options with the fake tagger, in this process unless told otherwise."""
    return batch.BatchOptions(**{"module": "fake_tag", "engine": "here", **more})


def lines(path: Path) -> list[dict]:
    """Return the records of an output."""
    return [json.loads(row) for row in path.read_bytes().split(b"\n")[:-1]]


def start(*arguments: object, **more) -> subprocess.Popen:
    """Start a batch in a process of its own group."""
    environment = {**os.environ, "PYTHONPATH": str(FAKES)}
    command = [sys.executable, str(FAKES / "run_batch.py"), *map(str, arguments)]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **more,
    )


def test_records_come_in_the_order_of_the_paths(folder):
    """One record a file, sorted by the bytes of the path, also across folders."""
    Path("in/b.txt").write_text("x", encoding="utf-8")
    summary = batch.run(["in"], Path("out.jsonl"), options())
    found = [row["path"] for row in lines(Path("out.jsonl"))]
    assert found == sorted(found, key=os.fsencode)
    assert (summary.done, summary.failed, len(found)) == (151, 0, 151)


@pytest.mark.parametrize("more", [{"jobs": 1}, {"jobs": 2}, {"engine": "threads", "jobs": 2}], ids=str)
def test_the_bytes_do_not_depend_on_the_engine(folder, more):
    """Any number of processes or threads writes the same bytes as one loop."""
    batch.run([folder], Path("one.jsonl"), options())
    batch.run([folder], Path("two.jsonl"), options(**{"engine": None, **more}))
    assert Path("two.jsonl").read_bytes() == Path("one.jsonl").read_bytes()
    assert sorted(p.name for p in Path().iterdir()) == ["in", "one.jsonl", "two.jsonl"]


def test_trouble_in_one_file_stays_in_its_row(folder):
    """An exception, a crash, an exit, memory, a language not learned: a row or a count each, all others done."""
    for name, text in (("005", "RAISE"), ("010", "DIE"), ("015", "EXIT"), ("020", "MEMORY"), ("025", "GERMAN")):
        Path(f"in/a{name}.txt").write_text(text, encoding="utf-8")
    summary = batch.run(["in"], Path("out.jsonl"), options(engine=None, jobs=2))
    assert summary.failed_by_code == {"internal": 1, "crash": 2, "too-large": 1}
    assert summary.unseen == {"de": 1}
    rows = lines(Path("out.jsonl"))
    assert len(rows) == 150
    told = {row["path"]: row["error"] for row in rows if "error" in row}
    assert told["in/a010.txt"] == {"code": "crash", "message": "ended the process that worked on it (SIGSEGV)."}
    assert "\n" not in told["in/a005.txt"]["message"]
    assert "4 failed: 2 crash, 1 internal, 1 too-large" in summary.line()
    assert "\ncrash, as in in/a010.txt: ended the process that worked on it (SIGSEGV)." in summary.line()
    assert "de (1)" in summary.line()


def test_time_limit(folder):
    """A text that takes too long gives a row, and the batch goes on."""
    Path("in/a005.txt").write_text("SLEEP", encoding="utf-8")
    Path("in/a006.txt").write_text("RAISE", encoding="utf-8")  # makes the part go one by one, where tagging is timed
    Path("in/a005.txt").rename("in/a007.txt")
    summary = batch.run(["in"], Path("out.jsonl"), options(engine=None, jobs=1, time_limit=0.3))
    assert summary.failed_by_code == {"internal": 1, "time-out": 1}


def test_files_of_records_and_compressed_files(folder):
    """JSON lines and CSV give a record a record, a bad line a row with its number; .gz and .zst are read."""
    good = '{"id": "x", "text": "red one"}\nnonsense\n{"text": "blue two"}\n'
    Path("in/r.jsonl.gz").write_bytes(gzip.compress(good.encode()))
    Path("in/s.csv").write_text("id,text\n7,green three\n", encoding="utf-8")
    Path("in/t.txt.zst").write_bytes(zstandard.compress(b"plain four"))
    given = ["in/r.jsonl.gz", "in/s.csv", "in/t.txt.zst"]
    summary = batch.run(given, Path("out.jsonl"), options(engine=None, jobs=2))
    rows = lines(Path("out.jsonl"))
    assert [row.get("id") for row in rows] == ["x", None, "r:3", "7", "t"]
    assert rows[1]["error"]["code"] == "format"
    assert rows[1]["error"]["line"] == 2
    assert (summary.done, summary.failed) == (4, 1)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_output(folder, suffix):
    """An output named .gz or .zst is compressed, the same bytes with any number of workers."""
    batch.run([folder], Path("plain.jsonl"), options())
    for name, more in (("one", {}), ("two", {"engine": None, "jobs": 2})):
        batch.run([folder], Path(f"{name}.jsonl{suffix}"), options(**more))
    assert Path(f"one.jsonl{suffix}").read_bytes() == Path(f"two.jsonl{suffix}").read_bytes()
    from tagger.compressed import open_read

    with open_read(f"one.jsonl{suffix}") as stream:
        assert stream.read() == Path("plain.jsonl").read_bytes()


def test_standard_output_and_devices(folder, capfdbinary):
    """Without -o lines go to standard output; a target that is no file is written to, never replaced."""
    batch.run([folder], None, options())
    batch.run([folder], Path("out.jsonl"), options())
    assert capfdbinary.readouterr().out == Path("out.jsonl").read_bytes()
    batch.run([folder], Path(os.devnull), options())
    assert not Path(os.devnull).is_file()


def test_the_output_is_no_input(folder):
    """A batch that writes into the folder it reads does not read what it writes, now or the next time."""
    for _ in range(2):
        summary = batch.run(["in"], Path("in/out.jsonl"), options())
        assert summary.done == 150


def test_nothing_to_tag(tmp_path):
    """A folder without articles is an error, and leaves no output."""
    with pytest.raises(InputError, match="nothing to tag"):
        batch.run([tmp_path], tmp_path / "out.jsonl", options())
    assert list(tmp_path.iterdir()) == []


def stopped(folder: Path, target: str, after: int = 130, **more) -> None:
    """Leave an unfinished run: its writing fails when so many lines are done."""
    real = output.Files.write
    done = 0

    def failing(self, data, count):
        nonlocal done
        if done >= after:
            raise KeyboardInterrupt
        done += count
        return real(self, data, count)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output.Files, "write", failing)
        patch.setattr(parts, "MOST_UNITS", 16)
        with pytest.raises(KeyboardInterrupt):
            batch.run([folder], Path(target), options(**more))


@pytest.fixture
def small_parts(monkeypatch):
    """Make parts of 16 articles, so that 150 are ten parts."""
    monkeypatch.setattr(parts, "MOST_UNITS", 16)


@pytest.mark.parametrize("after", [0, 16, 100, 130])
@pytest.mark.parametrize("more", [{}, {"shard_size": 40}], ids=str)
def test_resumed_bytes(folder, small_parts, after, more):
    """A run stopped anywhere and resumed gives the bytes of one that was not; the final name appears at the end."""
    batch.run([folder], Path("whole.jsonl"), options(**more))
    stopped(folder, "out.jsonl", after, **more)
    assert not list(Path().glob("out*.jsonl"))
    summary = batch.run([folder], Path("out.jsonl"), options(**more))
    assert after <= summary.resumed < after + 16
    assert summary.done == 150
    whole = sorted(Path().glob("whole*"))
    for path in whole:
        other = Path(path.name.replace("whole", "out"))
        assert other.read_bytes() == path.read_bytes().replace(b"whole-", b"out-")
    assert len(list(Path().glob("out*"))) == len(whole)


@pytest.mark.parametrize("damage", ["tail", "middle", "short", "gone", "journal-tail", "journal-half", "journal-gone"])
def test_torn_files_are_mended(folder, small_parts, damage):
    """What a loss of power may leave of the files costs time, never a wrong byte."""
    batch.run([folder], Path("whole.jsonl"), options())
    stopped(folder, "out.jsonl", 100)
    partial, journal = Path("out.jsonl.partial"), Path("out.jsonl.journal")
    data, notes = partial.read_bytes(), journal.read_bytes()
    if damage == "tail":
        partial.write_bytes(data + b'{"torn": ')
    elif damage == "middle":
        partial.write_bytes(data[:3000] + b"\0" * 50 + data[3050:])
    elif damage == "short":
        partial.write_bytes(data[:-700])
    elif damage == "gone":
        partial.unlink()
    elif damage == "journal-tail":
        journal.write_bytes(notes + b'{"part": 9, "inp')
    elif damage == "journal-half":
        journal.write_bytes(notes[: len(notes) // 2])
    else:
        journal.unlink()
    batch.run([folder], Path("out.jsonl"), options())
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    assert sorted(p.name for p in Path().iterdir()) == ["in", "out.jsonl", "whole.jsonl"]


def test_changes_are_noticed(folder, small_parts):
    """Another option, model or input, or a change in what was done, is told; --restart begins anew."""
    stopped(folder, "out.jsonl", 100)
    for said, inputs, more in (
        ("--explain", "in", {"explain": True}),
        ("--glob", "in", {"glob": ("*1.txt",)}),
        ("model", "in", {"model": "other"}),
        ("inputs", "in/b", {}),
    ):
        with pytest.raises(TaggerError, match=said) as caught:
            batch.run([inputs], Path("out.jsonl"), options(**more))
        assert "--restart" in caught.value.hint
    Path("in/a003.txt").write_text("changed now", encoding="utf-8")
    with pytest.raises(TaggerError, match=r"a000\.txt to .*a015\.txt"):
        batch.run(["in"], Path("out.jsonl"), options())
    assert batch.run(["in"], Path("out.jsonl"), options(restart=True)).resumed == 0


def test_inputs_not_done_yet_are_read_as_they_are(folder, small_parts):
    """New and changed files behind what is done are part of the resumed run, as of a fresh one."""
    stopped(folder, "out.jsonl", 100)
    Path("in/z.txt").write_text("new", encoding="utf-8")
    Path("in/b/deep/a049.txt").write_text("changed", encoding="utf-8")
    batch.run([folder], Path("out.jsonl"), options())
    batch.run([folder], Path("fresh.jsonl"), options())
    assert Path("out.jsonl").read_bytes() == Path("fresh.jsonl").read_bytes()


@pytest.mark.parametrize("more", [{}, {"shard_size": 40}], ids=str)
def test_killed_between_the_last_line_and_the_name(folder, monkeypatch, more):
    """A run that died after its last line is published by the next, without tagging again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output.Files, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            batch.run([folder], Path("out.jsonl"), options(**more))
    monkeypatch.setattr("tagger.batch.work.tag_part", None)
    summary = batch.run([folder], Path("out.jsonl"), options(**more))
    assert (summary.done, summary.resumed) == (150, 150)
    assert not list(Path().glob("*.partial"))
    assert not list(Path().glob("*.journal"))


def test_an_old_output_stands_until_the_new_one_is_whole(folder):
    """Tagging again into the same name replaces the old file at the end only."""
    Path("out.jsonl").write_bytes(b"old\n")
    stopped(folder, "out.jsonl", 16)
    assert Path("out.jsonl").read_bytes() == b"old\n"


def test_shards_and_manifest(folder):
    """Shards hold the lines asked for, the manifest their digests, and shards of an earlier, longer run go."""
    import hashlib

    batch.run([folder], Path("out.jsonl"), options(shard_size=10))
    assert len(list(Path().glob("out-0*.jsonl"))) == 15
    batch.run([folder], Path("out.jsonl"), options(shard_size=64))
    manifest = json.loads(Path("out-manifest.json").read_text(encoding="utf-8"))
    assert [(row["path"], row["lines"]) for row in manifest["shards"]] == [
        ("out-00000.jsonl", 64), ("out-00001.jsonl", 64), ("out-00002.jsonl", 22),
    ]  # fmt: skip
    for row in manifest["shards"]:
        data = Path(row["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row["bytes"], row["sha256"])
    assert len(list(Path().glob("out*"))) == 4
    with pytest.raises(TaggerError, match="shard-size"):
        batch.run([folder], None, options(shard_size=10))


def test_a_manifest_holds_what_utf8_cannot(folder):
    """An output named by bytes that are no UTF-8, as a shell may hand them over, is told as an escape."""
    batch.run([folder], Path("\udc8dout.jsonl"), options(shard_size=64))
    (manifest,) = Path().glob("*-manifest.json")
    rows = json.loads(manifest.read_bytes())["shards"]
    assert [Path(row["path"]).stat().st_size for row in rows] == [row["bytes"] for row in rows]


def test_a_second_run_is_refused(folder):
    """While one run writes an output, another one is refused in a line."""
    with FileLock("out.jsonl.lock"), pytest.raises(TaggerError, match="another run"):
        batch.run([folder], Path("out.jsonl"), options())


def test_a_full_disk_loses_nothing(folder, small_parts, monkeypatch):
    """When the disk is full the run stops with an error, and goes on when there is room."""
    real = output.write_all
    left = 9000

    def write(stream, data):
        nonlocal left
        left -= len(data)
        if left < 0:
            real(stream, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(stream, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "write_all", write)
        with pytest.raises(TaggerError, match="nothing is lost"):
            batch.run([folder], Path("out.jsonl"), options())
    assert batch.run([folder], Path("out.jsonl"), options()).resumed > 0
    batch.run([folder], Path("whole.jsonl"), options())
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()


def test_a_real_limit_on_file_size(folder):
    """The system's own refusal to write on is told the same way (the limit acts like a full disk)."""
    limit = 12_000
    run = start("in", "out.jsonl", 1, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    told = run.communicate(timeout=60)[1]
    assert run.returncode == 1
    assert "nothing is lost" in told
    assert "Traceback" not in told


def test_kill_9_at_any_moment(folder):
    """Killed again and again, with two workers, and resumed: the bytes of an undisturbed run, and no worker left."""
    for path in folder.rglob("*.txt"):
        path.write_text("SLOW " + path.read_text(encoding="utf-8"), encoding="utf-8")
    batch.run(["in"], Path("whole.jsonl"), options(engine=None, jobs=2))
    for pause in (0.1, 0.4, 0.7, 0.9, 1.2):
        run = start("in", "out.jsonl", 2)
        time.sleep(pause)
        run.kill()
        run.communicate()
    run = start("in", "out.jsonl", 1)
    assert run.communicate(timeout=60)[0].split()[:2] == ["150", "0"]
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _alive(run.pid):
        time.sleep(0.05)
    assert not _alive(run.pid)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _until_it_writes() -> None:
    """Wait until the first part of the output is there, however fast the machine is."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if any(path.stat().st_size for path in Path().glob("*.partial")):
            return
        time.sleep(0.02)


def test_ctrl_c(folder):
    """Ctrl-C, which reaches the whole group of processes, ends the run at once and quietly; the next one goes on."""
    for path in folder.rglob("*.txt"):
        path.write_text("SLOW " + path.read_text(encoding="utf-8"), encoding="utf-8")
    run = start("in", "out.jsonl", 2)
    _until_it_writes()
    os.killpg(run.pid, signal.SIGINT)
    told = run.communicate(timeout=20)[1]
    assert run.returncode == 130
    assert told == "The same command goes on where it stopped."
    assert not Path("out.jsonl").exists()
    assert batch.run(["in"], Path("out.jsonl"), options()).done == 150


def test_a_killed_worker_is_replaced(folder):
    """A worker that is ended from outside costs nothing but its part's time."""
    for path in folder.rglob("*.txt"):
        path.write_text("SLOW " + path.read_text(encoding="utf-8"), encoding="utf-8")
    batch.run(["in"], Path("whole.jsonl"), options())
    import psutil

    def shoot() -> None:
        for _ in range(3):
            time.sleep(0.35)
            for child in psutil.Process().children()[:1]:
                child.kill()

    gun = threading.Thread(target=shoot)
    gun.start()
    summary = batch.run(["in"], Path("out.jsonl"), options(engine=None, jobs=2))
    gun.join()
    assert summary.failed == 0
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()


def test_a_model_replaced_meanwhile(folder, monkeypatch):
    """Workers refuse a model other than the one the batch began with."""
    from tagger.batch import work

    real = work.load
    monkeypatch.setattr(work, "load", lambda job: real(work.Job(module=job.module, model="new", digest=job.digest)))
    job = work.Job(module="fake_tag", digest="digest of old")
    with pytest.raises(ModelError, match="replaced"):
        work.tag_part(job, [])


def test_parts_are_bounded_and_keep_to_shards(folder):
    """Parts hold at most 64 articles and 4 MB, and none reaches over the end of a shard."""
    Path("in/big.txt").write_bytes(b"x" * 3_000_000)
    Path("in/bigger.txt").write_bytes(b"x" * 3_000_000)
    found = list(parts.Inputs(("in",)).parts(shard_size=100))
    assert all(len(part.units) <= parts.MOST_UNITS and part.size <= parts.MOST_BYTES for part in found)
    assert [sum(len(p.units) for p in found if p.shard == s) for s in (0, 1)] == [100, 52]
    assert [part.number for part in found] == list(range(len(found)))


def test_odd_file_names(tmp_path, monkeypatch):
    """A name that is no UTF-8 is read, and shown so that every JSON parser reads the line."""
    monkeypatch.chdir(tmp_path)
    Path(os.fsdecode(b"in\xff.txt")).write_text("word", encoding="utf-8")
    batch.run(["."], Path("out.jsonl"), options(engine=None, jobs=1))
    assert lines(Path("out.jsonl"))[0]["path"].endswith("in\\xff.txt")


def test_texts_of_other_engines():
    """tag_texts gives a line a text, a row for an empty one, and keeps line separators inside texts."""
    found = batch.tag_texts([1, "b", "c"], ["red one", None, "blue\u2028two"], module="fake_tag")
    rows = [json.loads(row) for row in found]
    assert [row["id"] for row in rows] == ["1", "b", "c"]
    assert rows[1]["error"]["code"] == "empty"


class Terminal:
    """A stream that says it is a terminal."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown
        self.written = ""

    def isatty(self) -> bool:
        """Answer."""
        return self.shown

    def write(self, text: str) -> None:
        """Keep."""
        self.written += text

    def flush(self) -> None:
        """Nothing."""


def test_progress_only_on_a_terminal(folder, monkeypatch):
    """Rate and remaining time are shown on a terminal and nothing elsewhere."""
    clock = iter(range(100))
    monkeypatch.setattr("tagger.batch.progress.time.monotonic", lambda: next(clock) * 0.75)
    for shown in (True, False):
        stream = Terminal(shown)
        meter = Meter(parts.Inputs(("in",)), stream)
        for done in (10, 50, 75):
            meter.update(done)
        meter.clear()
        assert ("50 of 150 articles, 33/s, 3 s left" in stream.written) == shown
        assert bool(stream.written) == shown


def test_unknown_engine(folder):
    """A misspelt engine is told with those that exist, and a cluster that is not there with its address."""
    with pytest.raises(TaggerError, match="Known: dask"):
        batch.run(["in"], Path("out.jsonl"), options(engine="spark"))

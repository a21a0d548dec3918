"""The command line: statuses, one-line errors, and the data it writes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tagger import cli
from tagger._version import __version__

ARTICLE = "The cyclist oiled the chain of her bicycle before the climb.\n\nThe council meets on Thursday evening.\n"


def tagger(*arguments, cwd=None, stdin=None):
    """Run the program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "tagger", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, input=stdin, check=False,
    )  # fmt: skip


def one_line_error(run, status=1):
    """An error is one line on standard error, nothing else, no traceback."""
    assert run.returncode == status, run.stdout + run.stderr
    assert run.stderr.count("\n") == 1, run.stderr
    assert run.stderr.startswith("tagger: ")
    assert "Traceback" not in run.stderr
    return run.stderr


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_version_names_the_engine():
    """``--version -v`` says which engine runs."""
    out = tagger("--version", "-v").stdout
    assert f"tagger {__version__}" in out
    assert "engine " in out


@pytest.mark.parametrize("name", ["tag", "train", "eval", "check", "init", "model"])
def test_every_command_has_help(name):
    """Each command explains itself."""
    result = CliRunner().invoke(cli.app, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3


def test_one_file_is_a_table(tiny, article):
    """One file gives a table with its tags and the words that made them."""
    run = tagger("tag", "--explain", "-m", tiny.model, article)
    assert run.returncode == 0, run.stderr
    assert "cycling" in run.stdout
    assert "bicycle +" in run.stdout


def test_json_of_one_file_is_a_record(tiny, article):
    """``--format json`` prints the record of the schema."""
    record = json.loads(tagger("tag", "-f", "json", "-m", tiny.model, article).stdout)
    assert [t["label"] for t in record["tags"]] == ["cycling"]
    assert record["paragraphs"][0]["text"] == ARTICLE[: record["paragraphs"][0]["end"]]


def test_standard_input_is_tagged(tiny):
    """``-`` reads standard input."""
    record = json.loads(tagger("tag", "-", "-f", "json", "-m", tiny.model, stdin=ARTICLE).stdout)
    assert [t["label"] for t in record["tags"]] == ["cycling"]


def test_a_folder_is_jsonl_in_path_order(tiny, tmp_path):
    """A folder gives a line a file, sorted."""
    for name in ("b.txt", "a.txt", "c.txt"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(ARTICLE, encoding="utf-8")
    run = tagger("tag", tmp_path / "in", "-o", tmp_path / "out.jsonl", "-m", tiny.model)
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["path"].rpartition("/")[2] for line in lines] == ["a.txt", "b.txt", "c.txt"]


def test_a_bad_file_in_a_batch_is_status_three(tiny, article):
    """A batch with a file that failed ends with status 3 and an error record."""
    (article.parent / "b.txt").write_bytes(b"\x00\x01\x02")
    run = tagger("tag", article.parent, "-o", article.parent / "out.jsonl", "-m", tiny.model)
    assert run.returncode == 3, run.stderr
    lines = [json.loads(line) for line in (article.parent / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [("error" in line) for line in lines] == [False, True]


def test_a_missing_file_is_one_line(tiny, tmp_path):
    """A path that is not there is told."""
    assert "nowhere.txt" in one_line_error(tagger("tag", tmp_path / "nowhere.txt", "-m", tiny.model))


def test_an_empty_file_is_one_line(tiny, tmp_path):
    """A file without text is told."""
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert "empty" in one_line_error(tagger("tag", tmp_path / "empty.txt", "-m", tiny.model))


def test_a_folder_without_texts_is_one_line(tiny, tmp_path):
    """A folder with nothing to read is told."""
    (tmp_path / "in").mkdir()
    one_line_error(tagger("tag", tmp_path / "in", "-o", tmp_path / "out.jsonl", "-m", tiny.model))


def test_a_missing_model_is_one_line(article):
    """A model that is not there is told."""
    one_line_error(tagger("tag", article, "-m", article.parent / "no-model"))


@pytest.mark.parametrize("damage", ["truncate", "flip", "newer", "not json"])
def test_a_damaged_model_is_one_line(tiny, article, tmp_path, damage):
    """A model that is damaged or newer is refused."""
    import shutil

    model = tmp_path / "damaged"
    shutil.copytree(tiny.model, model)
    arrays, manifest = model / "arrays.bin", model / "manifest.json"
    if damage == "truncate":
        arrays.write_bytes(arrays.read_bytes()[:-100])
    elif damage == "flip":
        data = bytearray(arrays.read_bytes())
        data[len(data) // 2] ^= 1
        arrays.write_bytes(bytes(data))
    elif damage == "newer":
        content = json.loads(manifest.read_text(encoding="utf-8"))
        content["format_version"] += 1
        manifest.write_text(json.dumps(content), encoding="utf-8")
    else:
        manifest.write_text("{", encoding="utf-8")
    one_line_error(tagger("tag", article, "-m", model))


def test_broken_yaml_is_one_line(tmp_path):
    """Broken YAML is told with file and line."""
    (tmp_path / "labels.yaml").write_text("labels:\n  - id: [\n", encoding="utf-8")
    assert "labels.yaml:" in one_line_error(tagger("train", cwd=tmp_path))


def test_wrong_usage_is_status_two():
    """An option that does not exist is wrong usage."""
    assert tagger("tag", "--no-such-option", "x").returncode == 2


def test_a_first_project_works(tmp_path):
    """init, check, train, tag: what a new user types."""
    project = tmp_path / "project"
    assert tagger("init", project).returncode == 0
    assert tagger("check", cwd=project).returncode == 0
    trained = tagger("train", cwd=project)
    assert trained.returncode == 0, trained.stderr
    (project / "a.txt").write_text(ARTICLE, encoding="utf-8")
    assert tagger("tag", "a.txt", "-m", "models/default", cwd=project).returncode == 0
    one_line_error(tagger("init", project))


def test_check_ends_with_one_on_errors(tiny, tmp_path):
    """An unknown label makes ``check`` fail, with the nearest known one."""
    (tmp_path / "bad.jsonl").write_text('{"text": "x", "labels": ["ches"]}\n', encoding="utf-8")
    run = tagger("check", tmp_path / "bad.jsonl", "--labels", tiny.labels)
    assert run.returncode == 1
    assert "chess" in run.stdout


def test_eval_fails_under_a_floor(tiny):
    """``--fail-under`` makes the status 1 and says by how much; a floor that is none is told before anything runs."""
    few = ("eval", "-l", tiny.labels, "-d", tiny.data, "--folds", "2", "--json")
    run = tagger(*few, "--fail-under", "exact=1")
    assert run.returncode == 1
    assert "exact is" in run.stderr
    assert json.loads(run.stdout)
    run = tagger(*few, "--fail-under", "micro=1.01")
    assert run.returncode == 1
    assert "NAME=NUMBER" in run.stderr
    assert not run.stdout


def test_model_commands_tell_and_roll_back(tiny, tmp_path):
    """list, show, diff and rollback work on what train leaves behind."""
    import shutil

    shutil.copytree(tiny.model, tmp_path / "models" / "first")
    assert "first" in tagger("model", "list", cwd=tmp_path).stdout
    assert json.loads(tagger("model", "show", tmp_path / "models" / "first").stdout)["format_version"]
    assert tagger("model", "diff", tiny.model, tmp_path / "models" / "first").returncode == 0
    one_line_error(tagger("model", "list", tmp_path / "nowhere"))
    one_line_error(tagger("model", "rollback", tmp_path / "models" / "first"))

"""The command line: parse, call one job, print. Everything a command uses is imported inside it."""

from __future__ import annotations

import os
import sys
from copy import copy
from pathlib import Path
from typing import Annotated, Any

import typer

from tagger.errors import TaggerError

DONE, ERROR, WRONG_USAGE, SOME_FAILED = 0, 1, 2, 3

app = typer.Typer(
    name="tagger",
    help="Tag news articles, and each of their paragraphs, with the topics of a taxonomy you own.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
model_app = typer.Typer(
    help="Look at stored models; go back to the one before.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(model_app, name="model")

Inputs = Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="PATH...")]
Model = Annotated[str | None, typer.Option("--model", "-m", help="A model's folder, or its name under models/.")]
Labels = Annotated[Path | None, typer.Option("--labels", "-l", help="The taxonomy (labels.yaml).")]
Data = Annotated[Path | None, typer.Option("--data", "-d", help="Labelled data: a folder of YAML, JSONL, CSV, TSV.")]
Seed = Annotated[int, typer.Option("--seed", help="The seed of everything random.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="With --version: what runs.", is_eager=True)] = False,
) -> None:
    """Tag news articles, and each of their paragraphs, with the topics of a taxonomy you own."""
    if version:
        from tagger import about

        typer.echo(about.lines() if verbose else about.version())
        raise typer.Exit(DONE)


@app.command()
def tag(
    paths: Inputs,
    model: Model = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write JSON lines here.")] = None,
    form: Annotated[str | None, typer.Option("--format", "-f", help="table, json or jsonl.")] = None,
    explain: Annotated[bool, typer.Option("--explain", "-e", help="Show the words behind each tag.")] = False,
    all_scores: Annotated[bool, typer.Option("--all-scores", help="Give the scores of all labels.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Workers; 0 is one for each core.")] = 0,
    glob: Annotated[list[str] | None, typer.Option("--glob", help="Only files that match, as in '*.txt'.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="No files that match.")] = None,
    text_field: Annotated[str, typer.Option(help="The field or column of the text in JSONL and CSV.")] = "text",
    max_bytes: Annotated[int, typer.Option(min=1, help="Refuse larger files.")] = 20_000_000,
    shard_size: Annotated[int, typer.Option(min=0, help="Articles a shard (out-00000.jsonl ...); 0: one file.")] = 0,
    resume: Annotated[bool, typer.Option("--resume/--restart", help="Go on where an earlier run stopped.")] = True,
    engine: Annotated[str | None, typer.Option(help="Run on a cluster: dask://HOST:PORT.")] = None,
) -> None:
    """Tag a file (a table for people), several, or a folder (JSON lines)."""
    from tagger import tag as tagging

    if tagging.is_one_file(paths) and output is None and form != "jsonl" and engine is None:
        raise typer.Exit(_tag_one(paths[0], model, form or "table", explain, all_scores, text_field, max_bytes))
    from tagger import batch

    if form in ("table", "json"):
        raise TaggerError(f"--format {form} shows one article.", hint="Use jsonl for several, for a folder or with -o.")
    options = batch.BatchOptions(
        model=model, jobs=jobs, glob=tuple(glob or ()), exclude=tuple(exclude or ()), text_field=text_field,
        max_bytes=max_bytes, explain=explain, all_scores=all_scores, shard_size=shard_size, restart=not resume,
        engine=engine,
    )  # fmt: skip
    summary = batch.run(paths, output, options)
    typer.echo(summary.line(), err=True)
    raise typer.Exit(SOME_FAILED if summary.failed else DONE)


def _tag_one(
    path: str, model: str | None, form: str, explain: bool, all_scores: bool, text_field: str, max_bytes: int
) -> int:
    from tagger import readers
    from tagger.tag import Tagger, record

    if form not in ("table", "json"):
        raise TaggerError(f"unknown format '{form}'.", hint="Known: table, json, jsonl.")
    tagger = Tagger.load(model)
    documents = readers.read(path, text_field=text_field, max_bytes=max_bytes)
    for tagged in tagger.tag(documents, explain=explain, all_scores=all_scores):
        if not tagged.lang_seen:
            known = ", ".join(tagger.languages)
            typer.echo(
                f"tagger: the language '{tagged.article.lang}' was not in the model's corpus ({known}).",
                err=True,
            )
        if form == "json":
            import json

            typer.echo(json.dumps(record(tagged, tagger.identity), ensure_ascii=False, indent=2))
        else:
            from tagger.reports import article

            typer.echo(article.table(tagged, tagger.taxonomy, model=tagger.identity["name"]))
    return DONE


@app.command()
def train(
    labels: Labels = None,
    data: Data = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The model's folder.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="One view and one learner: quicker, a little worse.")] = False,
    classifier: Annotated[str, typer.Option(help="The learner; see 'docs/learning.md'.")] = "coordinate",
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Learn a model from a taxonomy and labelled articles (or from its terms alone)."""
    from tagger import train as training

    options = training.TrainOptions(fast=fast, classifier=classifier, random_state=seed)
    summary = training.train(labels, data, output, options)
    typer.echo(summary.as_json() if as_json else summary.table())


@app.command("eval")
def evaluate(
    labels: Labels = None,
    data: Data = None,
    model: Annotated[str | None, typer.Option("--model", "-m", help="Measure this model on --data instead.")] = None,
    against: Annotated[str | None, typer.Option(help="A second model, compared on the same texts.")] = None,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation.")] = 5,
    curve: Annotated[bool, typer.Option("--curve", help="Draw the learning curve too.")] = False,
    languages: Annotated[bool, typer.Option("--leave-one-language-out", help="Test each language unseen.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Evaluate the fast tier.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    fail_under: Annotated[list[str] | None, typer.Option(help="As in micro=0.85: exit 1 when below.")] = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Measure quality: cross-validation by article, or a stored model on held-out data."""
    from tagger import evaluate as evaluation
    from tagger import reports

    options = evaluation.EvaluateOptions(
        folds=folds,
        curve=curve,
        leave_one_language_out=languages,
        fast=fast,
        against=against,
        random_state=seed,
    )
    floors = evaluation.parse(fail_under or [])
    result = evaluation.run(labels, data, model, options)
    if html:
        reports.write(result, html)
    typer.echo(reports.render(result, "json" if as_json else "terminal"))
    misses = evaluation.misses(result, floors)
    for miss in misses:
        typer.echo(miss, err=True)
    raise typer.Exit(ERROR if misses else DONE)


@app.command()
def check(
    data: Annotated[Path | None, typer.Argument(help="Labelled data (default: seeds).")] = None,
    labels: Labels = None,
    phrases: Annotated[bool, typer.Option("--phrases", help="Also tell phrases that many articles share.")] = False,
    as_json: Json = False,
) -> None:
    """Validate the taxonomy and the corpus: counts, duplicates, conflicts, thin labels."""
    from tagger import check as checking

    report = checking.run(labels, data, phrases=phrases)
    typer.echo(report.as_json() if as_json else report.table())
    raise typer.Exit(ERROR if report.errors else DONE)


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to start in.")]) -> None:
    """Write a taxonomy and a labelled article to start from."""
    from tagger import scaffold

    for path in scaffold.create(folder):
        typer.echo(f"wrote {path}")
    typer.echo(f"Now edit them, then: cd {folder} && tagger check && tagger train")


@model_app.command("list")
def model_list(folder: Annotated[Path | None, typer.Argument(help="Where models stand.")] = None) -> None:
    """List the models under models/, and what can be rolled back to."""
    from tagger import store

    typer.echo(store.listing(folder))


@model_app.command("show")
def model_show(model: Annotated[str | None, typer.Argument()] = None) -> None:
    """Print a model's manifest."""
    from tagger import store

    typer.echo(store.describe(model))


@model_app.command("rollback")
def model_rollback(model: Annotated[str | None, typer.Argument()] = None) -> None:
    """Put the previous model back in place of the present one."""
    from tagger import store

    typer.echo(store.rollback(model))


@model_app.command("diff")
def model_diff(first: str, second: str) -> None:
    """Tell how two models differ: labels, terms, options, cuts, quality."""
    from tagger import store

    typer.echo(store.difference(first, second))


def main() -> None:
    """Run the command line; an error is one line and an exit status."""
    try:
        _only(*sys.argv[1:2])()
    except TaggerError as error:
        _stop(str(error))
    except KeyboardInterrupt as stop:
        _stop(f"interrupted. {stop}".strip(), 130)
    except BrokenPipeError:  # the reader of our output went away: not our failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ERROR) from None
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _stop(f"{name}{error.strerror or error}.")


def _only(name: str = "") -> typer.Typer:
    """Return the application with the command asked for, since Typer builds all it is given at every start."""
    asked = [info for info in app.registered_commands if name == (info.name or getattr(info.callback, "__name__", ""))]
    if not asked:
        return app
    small = copy(app)
    small.registered_commands, small.registered_groups = asked, []
    return small


def _stop(line: str, status: int = ERROR) -> Any:
    sys.stderr.write(f"tagger: {line}\n")
    raise SystemExit(status) from None

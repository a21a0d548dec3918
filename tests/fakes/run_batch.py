"""Run a batch with the fake tagger in a process of its own, to be killed: FOLDER OUTPUT JOBS [NAME=VALUE ...]."""

import signal
import sys
from pathlib import Path

from tagger import batch
from tagger.errors import TaggerError

# A shell's background job is born deaf to Ctrl-C, and so are its children.
signal.signal(signal.SIGINT, signal.default_int_handler)
folder, target, jobs, *more = sys.argv[1:]
options = {name: int(value) for name, _, value in (item.partition("=") for item in more)}
try:
    summary = batch.run([folder], Path(target), batch.BatchOptions(module="fake_tag", jobs=int(jobs), **options))
except TaggerError as error:
    sys.exit(str(error))
except KeyboardInterrupt as stop:
    sys.stderr.write(str(stop))
    sys.exit(130)
sys.stdout.write(f"{summary.done} {summary.failed} {summary.resumed}\n")

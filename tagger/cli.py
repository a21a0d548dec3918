"""The command line (skeleton)."""
def main() -> None:
    raise SystemExit(0)

"""The command line: `cxnlp --help`."""

from cxnlp.cli.app import main

__all__ = ["main"]

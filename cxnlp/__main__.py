"""`python -m cxnlp` is the command line."""

from cxnlp.cli import main

main()

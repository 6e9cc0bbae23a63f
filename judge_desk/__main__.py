"""Lets `python -m judge_desk` do what the `judge-desk` command does."""

import sys

from judge_desk.bootstrap.cli import main

if __name__ == "__main__":
    sys.exit(main())

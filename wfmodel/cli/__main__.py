"""The command line as ``python -m wfmodel.cli``."""

from wfmodel.cli import main

if __name__ == "__main__":
    main()

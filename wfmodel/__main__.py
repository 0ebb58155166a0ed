"""The command line as ``python -m wfmodel``."""

from wfmodel.cli import main

if __name__ == "__main__":
    main()

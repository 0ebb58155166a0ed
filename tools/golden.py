"""Run the golden notebooks anew: after a change that is meant to move their outputs.

    uv run python tools/golden.py

Look at what `git diff tests/golden` says before committing it.
"""

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).resolve().parent.parent
CONFIG = Config({"KernelManager": {"transport_encryption": "auto"}})


def main() -> None:
    """Execute every notebook in tests/golden, in place."""
    for path in sorted((ROOT / "tests" / "golden").glob("*.ipynb")):
        node = nbformat.read(path, as_version=4)
        NotebookClient(node, config=CONFIG, resources={"metadata": {"path": str(ROOT)}}).execute()
        for cell in node.cells:
            cell.metadata.pop("execution", None)
            for output in cell.get("outputs", []):
                if "data" in output:
                    output.data = {"text/plain": output.data["text/plain"]}
                    output.metadata = {}
        node.metadata = {
            "kernelspec": node.metadata.kernelspec,
            "language_info": {"name": "python"},
        }
        nbformat.write(node, path)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

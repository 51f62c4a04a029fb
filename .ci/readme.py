"""Runs every shell command of README.md as it is written.

    python3 .ci/readme.py

Each ```sh block is one script; the blocks run one after the other in the root
of the repository.
"""

import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
text = (root / "README.md").read_text()
blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
assert blocks, "README.md has no commands"
failed = 0
for block in blocks:
    print(f"--- README.md\n{block}", flush=True)
    script = ["bash", "-euo", "pipefail", "-c", block]
    if subprocess.run(script, cwd=root, stdin=subprocess.DEVNULL).returncode != 0:
        print(f"FAILED  a command of README.md:\n{block}", flush=True)
        failed += 1
print(f"readme: {len(blocks) - failed} passed, {failed} failed")
sys.exit(failed != 0)

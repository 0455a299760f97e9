"""What python-frontmatter needs merely to parse a corpus: every file in one process, by default settings.

python -m benchmarks.parse_only SEEDS
"""

import sys
from pathlib import Path

import frontmatter

if __name__ == "__main__":
    for path in Path(sys.argv[1]).rglob("*.md"):
        frontmatter.load(path)

"""From seed files to records: discover, read, render, load. Pure Python without SQL."""

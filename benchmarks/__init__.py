"""What measures the project: a generator of synthetic corpora, the other servers to compare with, and the bench."""

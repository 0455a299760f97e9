"""Kinds of values: one file a kind, and `registry`, which knows them all by their GraphQL names."""

"""Tests of the bench: what it compares, counts and writes down; nothing here is measured."""

"""Checks: what no grammar says, one module for each part of a model."""

"""Inference: a model guessed from the files that are there, for a person to mend."""

"""Training of the small models that the extractors use; needs the extra `train`. Not imported at run time."""

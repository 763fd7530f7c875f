"""Training of the small models that the extractors use; needs the extra `train`. Nothing here is imported at run time."""

"""Text in, evidence out: readers, annotation, extractors and the checks of what they found."""

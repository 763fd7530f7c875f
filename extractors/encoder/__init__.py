"""The encoder: a small language model that reads a document once and says what each candidate span of it is.

Figures are given their measure, time point and grade; concepts and sizes are weighed; questions on the whole study are
answered. What may be answered comes from grammar and vocabulary (`extractors.encoder.page`): the encoder chooses
among spans of the text and never writes words or numbers of its own.
"""

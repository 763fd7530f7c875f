"""The index of figures: an SQLite file beside the graph in each snapshot, derived from the graph and read-only.

Comparing, and those named questions that would take the graph too long, are answered from it, with the same results.
`docs/decisions/0006-figures-index.md` gives the reasons.
"""

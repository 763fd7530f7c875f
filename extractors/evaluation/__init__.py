"""How well the extracted records agree with reference records.

    references.py   reference and predicted records from files
    agreement.py    when one figure, time point or grade agrees with another; when a quote bears its number
    pairing.py      which predicted figure answers which reference figure, arms read by what they report
    fields.py       the fields about the study as a whole
    scores.py       all of it counted: precision, recall, F1, by field, measure and style
    calibration.py  whether the confidence of a figure can be believed
    report.py       the scores as plain data and as text
    page.py         the scores as the page docs/accuracy.md
    running.py      the extractor run on a reference file's documents

`scores.evaluate` is the way in.
"""

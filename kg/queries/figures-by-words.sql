-- columns: measure_name label, value decimal, unit label, arm text, quote text, title text, report iri
SELECT m.label, f.value, u.label, a.label, w.quote, r.title, r.iri
FROM quoted q
CROSS JOIN words w ON w.id = q.rowid AND has_phrase(w.quote, :phrase)
CROSS JOIN figure f ON f.id = w.id
CROSS JOIN report r ON r.id = f.report
CROSS JOIN concept m ON m.id = f.measure
CROSS JOIN arm a ON a.report = f.report AND a.number = f.arm
LEFT JOIN concept u ON u.id = f.unit
WHERE quoted MATCH as_phrase(:phrase)
  AND (:measure IS NULL OR f.measure IN (SELECT narrow FROM within WHERE wide = :measure))
ORDER BY m.label, r.iri, w.quote, a.label, f.value

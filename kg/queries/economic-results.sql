-- columns: measure_name label, value decimal, arm text, comparator text, quote text, title text, report iri
SELECT m.label, f.value, a.label, c.label, w.quote, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN concept m ON m.id = f.measure
JOIN words w ON w.id = f.id
JOIN arm a ON a.report = f.report AND a.number = f.arm
LEFT JOIN arm c ON c.report = f.report AND c.number = f.comparator
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.value IS NOT NULL
ORDER BY m.label, f.value, r.iri, a.label, w.quote

-- columns: size integer, arm text, value decimal, n integer, title text, report iri
SELECT f.patients, a.label, f.value, f.events, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL AND f.patients < :patients
ORDER BY f.patients, r.iri, a.label, f.value, f.events

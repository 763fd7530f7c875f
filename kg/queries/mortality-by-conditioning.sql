-- columns: conditioning_name label, value decimal, months decimal, arm text, N integer, title text, report iri
SELECT p.label, f.value, f.months, a.label, f.patients, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
JOIN treatment t ON t.report = f.report AND t.category = {category:conditioning} AND t.used
JOIN concept p ON p.id = t.intervention
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
  AND (:conditioning IS NULL OR t.intervention IN (SELECT narrow FROM within WHERE wide = :conditioning))
ORDER BY p.label, r.iri, a.label, f.value, f.months

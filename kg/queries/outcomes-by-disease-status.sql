-- columns: value decimal, months decimal, arm text, N integer, subgroup text, title text, report iri
SELECT f.value, f.months, a.label, f.patients, f.subgroup, r.title, r.iri
FROM figure f
JOIN about s ON s.report = f.report AND s.kind = 'status' AND s.concept = :status
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
  AND (:condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = f.report AND b.kind = 'condition'))
ORDER BY r.iri, f.months, a.label, f.value, f.subgroup

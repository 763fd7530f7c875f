-- columns: subgroup text, value decimal, unit label, n integer, N integer, arm text, title text, report iri
SELECT f.subgroup, f.value, u.label, f.events, f.patients, a.label, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
LEFT JOIN concept u ON u.id = f.unit
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.value IS NOT NULL AND f.subgroup IS NOT NULL
  AND (:condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = f.report AND b.kind = 'condition'))
ORDER BY r.iri, f.subgroup, a.label, f.value, u.label, f.events

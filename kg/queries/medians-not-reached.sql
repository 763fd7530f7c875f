-- columns: measure_name label, arm text, ci_low decimal, unit label, follow_up decimal, title text, report iri
SELECT m.label, a.label, f.ci_low, u.label, r.follow_up, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN concept m ON m.id = f.measure
JOIN arm a ON a.report = f.report AND a.number = f.arm
LEFT JOIN concept u ON u.id = f.unit
WHERE f.not_reached = 1 AND f.measure IN (SELECT narrow FROM within WHERE wide = :measure)
  AND (:condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = f.report AND b.kind = 'condition'))
ORDER BY m.label, r.iri, a.label, f.ci_low

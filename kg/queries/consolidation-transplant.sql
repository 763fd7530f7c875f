-- columns: title text, arm text, value decimal, unit label, months decimal, comparator text, statistic label, report iri
SELECT DISTINCT r.title, a.label, f.value, u.label, f.months, c.label, s.label, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
JOIN concept s ON s.id = f.statistic
LEFT JOIN concept u ON u.id = f.unit
LEFT JOIN arm c ON c.report = f.report AND c.number = f.comparator
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.value IS NOT NULL
  AND EXISTS (SELECT 1 FROM arm o WHERE o.report = f.report AND o.number <> f.arm AND (
    a.label || ' ' || o.label LIKE '%HCT%' OR a.label || ' ' || o.label LIKE '%SCT%'
    OR a.label || ' ' || o.label LIKE '%transplant%'))
  AND EXISTS (SELECT 1 FROM treatment t CROSS JOIN within x ON x.wide = {intervention:hsct} AND x.narrow = t.intervention
    WHERE t.report = f.report)
  AND EXISTS (SELECT 1 FROM treatment t
    CROSS JOIN within x ON x.wide = {intervention:car-t-cell-therapy} AND x.narrow = t.intervention WHERE t.report = f.report)
ORDER BY r.iri, f.months, a.label, f.value, s.label, c.label

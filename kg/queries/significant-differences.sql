-- columns: p text, statistic label, value decimal, unit label, arm text, comparator text, subgroup text, title text, report iri
SELECT f.p, s.label, f.value, u.label, a.label, c.label, f.subgroup, r.title, r.iri
FROM figure f
JOIN concept s ON s.id = f.statistic
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
LEFT JOIN concept u ON u.id = f.unit
LEFT JOIN arm c ON c.report = f.report AND c.number = f.comparator
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.p_relation IN ('<', '<=', '=')
  AND (f.p_value < :level OR (f.p_value = :level AND f.p_relation = '<'))
ORDER BY f.p_value, r.iri, a.label, f.value, f.subgroup, s.label

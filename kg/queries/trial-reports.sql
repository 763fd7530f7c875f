-- columns: trial text, year integer, statistic label, value decimal, unit label, months decimal, arm text, title text, report iri
SELECT t.number, r.year, m.label, f.value, u.label, f.months, a.label, r.title, r.iri
FROM (SELECT iri FROM trial GROUP BY iri HAVING COUNT(*) > 1) s
CROSS JOIN trial t ON t.iri = s.iri
CROSS JOIN figure f ON f.id BETWEEN t.report * 65536 AND t.report * 65536 + 65535
CROSS JOIN report r ON r.id = t.report
CROSS JOIN arm a ON a.report = f.report AND a.number = f.arm
CROSS JOIN concept m ON m.id = f.statistic
LEFT JOIN concept u ON u.id = f.unit
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.value IS NOT NULL
ORDER BY t.number, r.year, r.iri, m.label, a.label, f.months, f.value

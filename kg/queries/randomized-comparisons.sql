-- columns: statistic label, value decimal, ci_low decimal, ci_high decimal, p text, arm text, comparator text, design label, title text, report iri
SELECT s.label, f.value, f.ci_low, f.ci_high, f.p, a.label, c.label, d.label, r.title, r.iri
FROM figure f
JOIN concept s ON s.id = f.statistic
JOIN report r ON r.id = f.report
JOIN concept d ON d.id = r.design
JOIN arm a ON a.report = f.report AND a.number = f.arm
JOIN arm c ON c.report = f.report AND c.number = f.comparator
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.value IS NOT NULL
  AND f.statistic IN ({statistic:hazard-ratio}, {statistic:odds-ratio}, {statistic:risk-ratio})
ORDER BY s.label, f.value, r.iri, a.label, c.label

-- columns: transplant label, value decimal, ci_low decimal, ci_high decimal, N integer, arm text, title text, report iri
SELECT p.label, f.value, f.ci_low, f.ci_high, f.patients, a.label, r.title, r.iri
FROM figure f
CROSS JOIN figure_given g ON g.figure = f.id
CROSS JOIN within x ON x.wide = :intervention AND x.narrow = g.intervention
JOIN concept p ON p.id = g.intervention
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
  AND ROUND(ABS(f.months - :time), 6) <= MAX(0.05, ROUND(:time / 50, 6))
ORDER BY p.label, f.value DESC, r.iri, a.label, f.patients

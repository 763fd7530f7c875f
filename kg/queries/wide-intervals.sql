-- columns: width decimal, value decimal, ci_low decimal, ci_high decimal, N integer, arm text, title text, report iri
SELECT ROUND(f.ci_high - f.ci_low, 6) AS width, f.value, f.ci_low, f.ci_high, f.patients, a.label, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL AND ROUND(f.ci_high - f.ci_low, 6) > :points
ORDER BY width DESC, r.iri, a.label, f.value

-- columns: prophylaxis label, value decimal, grade text, months decimal, arm text, title text, report iri
SELECT p.label, f.value, f.grade, f.months, a.label, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
JOIN treatment t ON t.report = f.report AND t.category = {category:gvhd-prophylaxis} AND t.used
JOIN concept p ON p.id = t.intervention
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
ORDER BY p.label, r.iri, a.label, f.value, f.grade, f.months

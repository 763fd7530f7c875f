-- columns: product label, value decimal, n integer, N integer, reported_grade text, title text, report iri
SELECT p.label, f.value, f.events, f.patients, f.grade, r.title, r.iri
FROM figure f
CROSS JOIN figure_given g ON g.figure = f.id
CROSS JOIN within x ON x.wide = :intervention AND x.narrow = g.intervention
JOIN concept p ON p.id = g.intervention
JOIN report r ON r.id = f.report
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL AND f.grade_min >= :grade
ORDER BY p.label, f.value DESC, r.iri, f.grade, f.events, f.patients

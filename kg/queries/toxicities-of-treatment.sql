-- columns: event label, grade text, value decimal, n integer, N integer, arm text, title text, report iri
SELECT m.label, f.grade, f.value, f.events, f.patients, a.label, r.title, r.iri
FROM within x
CROSS JOIN figure_given g ON g.intervention = x.narrow
CROSS JOIN figure f ON f.id = g.figure
JOIN concept m ON m.id = f.measure
JOIN report r ON r.id = f.report
JOIN arm a ON a.report = f.report AND a.number = f.arm
WHERE x.wide = :intervention
  AND f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
ORDER BY m.label, f.grade, f.value DESC, r.iri, a.label, f.events, f.patients

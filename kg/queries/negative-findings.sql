-- columns: event label, grade text, N integer, arm text, quote text, title text, report iri
SELECT m.label, f.grade, f.patients, a.label, w.quote, r.title, r.iri
FROM figure f
JOIN report r ON r.id = f.report
JOIN concept m ON m.id = f.measure
JOIN words w ON w.id = f.id
JOIN arm a ON a.report = f.report AND a.number = f.arm
WHERE f.value = 0 AND f.patients >= :patients AND f.statistic = {statistic:proportion}
  AND (:measure IS NULL OR f.measure IN (SELECT narrow FROM within WHERE wide = :measure))
ORDER BY m.label, f.patients DESC, r.iri, w.quote, f.grade

-- columns: disease label, design label, median_age decimal, title text, report iri
SELECT d.label, s.label, r.median_age, r.title, r.iri
FROM about g
JOIN about b ON b.report = g.report AND b.kind = 'condition'
JOIN concept d ON d.id = b.concept
JOIN report r ON r.id = g.report
JOIN concept s ON s.id = r.design
WHERE g.kind = 'age' AND g.concept = :age
  AND (:condition IS NULL OR b.concept IN (SELECT narrow FROM within WHERE wide = :condition))
ORDER BY d.label, r.iri

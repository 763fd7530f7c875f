-- columns: size integer, phase label, year integer, title text, report iri
SELECT COALESCE(r.treated, r.enrolled, r.evaluable) AS size, p.label, r.year, r.title, r.iri
FROM report r
LEFT JOIN concept p ON p.id = r.phase
WHERE r.design = :design AND COALESCE(r.treated, r.enrolled, r.evaluable) >= :patients
  AND (:condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = r.id AND b.kind = 'condition'))
ORDER BY size DESC, r.iri

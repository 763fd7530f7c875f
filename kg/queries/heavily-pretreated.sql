-- columns: prior_lines decimal, treated integer, design label, title text, report iri
SELECT r.prior_lines, r.treated, d.label, r.title, r.iri
FROM report r
JOIN concept d ON d.id = r.design
WHERE r.prior_lines >= :lines
  AND (:condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = r.id AND b.kind = 'condition'))
ORDER BY r.prior_lines DESC, r.iri

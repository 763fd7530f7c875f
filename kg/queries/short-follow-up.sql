-- columns: follow_up decimal, design label, title text, report iri
SELECT r.follow_up, d.label, r.title, r.iri
FROM report r
JOIN concept d ON d.id = r.design
WHERE r.follow_up < :months
  AND (:condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = r.id AND b.kind = 'condition'))
ORDER BY r.follow_up, r.iri

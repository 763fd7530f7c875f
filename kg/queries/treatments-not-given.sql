-- columns: not_given label, category_name label, title text, report iri
SELECT i.label, c.label, r.title, r.iri
FROM treatment t
JOIN concept i ON i.id = t.intervention
JOIN concept c ON c.id = t.category
JOIN report r ON r.id = t.report
WHERE t.used = 0 AND (:category IS NULL OR t.category = :category)
ORDER BY i.label, r.iri

-- columns: notice text, retracted boolean, title text, report iri
SELECT n.kind, r.retracted, r.title, r.iri
FROM notice n
JOIN report r ON r.id = n.report
ORDER BY r.retracted DESC, n.kind, r.iri

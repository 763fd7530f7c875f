-- columns: kind text, message text, quote text, title text, report iri
SELECT g.kind, g.message, w.quote, r.title, r.iri
FROM flag g
JOIN report r ON r.id = g.report
LEFT JOIN flag_figure x ON x.report = g.report AND x.flag = g.number
LEFT JOIN words w ON w.id = x.figure
ORDER BY g.kind, r.iri, g.message, w.quote

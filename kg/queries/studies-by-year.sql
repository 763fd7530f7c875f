-- columns: year integer, topic label, reports integer
SELECT r.year, t.label, COUNT(*)
FROM report r
JOIN concept t ON t.id = r.topic
WHERE r.year >= :since
GROUP BY r.year, r.topic
ORDER BY r.year DESC, t.label

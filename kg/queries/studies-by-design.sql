-- columns: topic label, design label, reports integer
SELECT t.label, d.label, COUNT(*) AS reports
FROM report r
JOIN concept t ON t.id = r.topic
JOIN concept d ON d.id = r.design
GROUP BY r.design, r.topic
ORDER BY t.label, reports DESC, d.label

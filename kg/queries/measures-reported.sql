-- columns: measure_name label, reports integer, figures integer
SELECT m.label, COUNT(*) AS reports, SUM(p.figures)
FROM reported p
JOIN concept m ON m.id = p.measure
WHERE :condition IS NULL OR EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = p.report AND b.kind = 'condition')
GROUP BY p.measure
ORDER BY reports DESC, m.label

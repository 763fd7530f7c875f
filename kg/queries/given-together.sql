-- columns: companion label, studies integer
SELECT c.label, COUNT(DISTINCT o.report) AS studies
FROM treatment o
JOIN concept c ON c.id = o.intervention
WHERE o.category = :category AND o.used
  AND EXISTS (SELECT 1 FROM treatment t CROSS JOIN within x ON x.wide = :intervention AND x.narrow = t.intervention
    WHERE t.report = o.report AND t.used)
GROUP BY c.label
ORDER BY studies DESC, c.label

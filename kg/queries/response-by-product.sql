-- columns: product label, reports integer, figures integer, lowest decimal, highest decimal, mean decimal
SELECT p.label, COUNT(DISTINCT f.report) AS reports, COUNT(*), MIN(f.value), MAX(f.value), mean1(f.value)
FROM figure f
CROSS JOIN figure_given g ON g.figure = f.id
CROSS JOIN within x ON x.wide = :intervention AND x.narrow = g.intervention
JOIN concept p ON p.id = g.intervention
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
GROUP BY p.label
ORDER BY reports DESC, p.label

-- columns: source_name label, reports integer, figures integer, lowest decimal, highest decimal, mean decimal
SELECT s.label, COUNT(DISTINCT f.report) AS reports, COUNT(*), MIN(f.value), MAX(f.value), mean1(f.value)
FROM figure f
JOIN (SELECT DISTINCT report, source FROM treatment
  WHERE category = {category:car-t} AND used AND source IS NOT NULL) t ON t.report = f.report
JOIN concept s ON s.id = t.source
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL
GROUP BY s.label
ORDER BY reports DESC, s.label

-- columns: months decimal, reports integer, figures integer, lowest decimal, highest decimal, mean decimal
SELECT f.months, COUNT(DISTINCT f.report), COUNT(*), MIN(f.value), MAX(f.value), mean1(f.value)
FROM figure f
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.statistic = {statistic:proportion}
  AND f.value IS NOT NULL AND f.months IS NOT NULL
  AND EXISTS (SELECT 1 FROM about b CROSS JOIN within x ON x.wide = :condition AND x.narrow = b.concept
    WHERE b.report = f.report AND b.kind = 'condition')
GROUP BY f.months
ORDER BY f.months

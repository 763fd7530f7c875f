-- columns: disease label, studies integer
WITH studied AS MATERIALIZED (
  SELECT DISTINCT report FROM treatment
  WHERE used AND intervention IN (SELECT narrow FROM within WHERE wide = :intervention)
), measured AS MATERIALIZED (
  SELECT DISTINCT report FROM reported WHERE measure IN (SELECT narrow FROM within WHERE wide = :measure)
)
SELECT d.label, COUNT(*) AS studies
FROM studied s
JOIN about b ON b.report = s.report AND b.kind = 'condition'
JOIN concept d ON d.id = b.concept
GROUP BY b.concept
HAVING COUNT(*) >= :reports AND SUM(s.report IN measured) = 0
ORDER BY studies DESC, d.label

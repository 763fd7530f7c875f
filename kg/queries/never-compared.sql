-- columns: one label, other label, reports_one integer, reports_other integer
WITH reported_of AS MATERIALIZED (
  SELECT g.intervention, COUNT(DISTINCT f.report) AS reports
  FROM figure f
  CROSS JOIN figure_given g ON g.figure = f.id
  CROSS JOIN within x ON x.wide = :intervention AND x.narrow = g.intervention
  WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure)
  GROUP BY g.intervention
  HAVING reports >= :reports
), together AS MATERIALIZED (
  SELECT DISTINCT t.intervention * (1 << 31) + u.intervention AS pair
  FROM reported_of a
  CROSS JOIN treatment t ON t.intervention = a.intervention AND t.used
  CROSS JOIN treatment u ON u.report = t.report AND u.used AND u.number <> t.number
    AND u.intervention IN (SELECT intervention FROM reported_of)
)
SELECT c.label, d.label, a.reports, b.reports
FROM reported_of a
JOIN concept c ON c.id = a.intervention
JOIN reported_of b
JOIN concept d ON d.id = b.intervention
WHERE c.iri < d.iri AND a.intervention * (1 << 31) + b.intervention NOT IN together
ORDER BY a.reports + b.reports DESC, c.label, d.label

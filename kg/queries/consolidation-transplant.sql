-- columns: title text, arm text, value decimal, unit label, months decimal, comparator text, statistic label, report iri
WITH transplanted AS MATERIALIZED (
  SELECT t.report FROM within x CROSS JOIN treatment t ON t.intervention = x.narrow WHERE x.wide = {intervention:hsct}
  INTERSECT
  SELECT t.report FROM within x CROSS JOIN treatment t ON t.intervention = x.narrow
  WHERE x.wide = {intervention:car-t-cell-therapy}
), told AS MATERIALIZED (  -- arms whose own name, or that of another arm beside, tells of a transplant
  SELECT a.report, a.number, a.label
  FROM transplanted t
  CROSS JOIN arm a ON a.report = t.report
  WHERE EXISTS (SELECT 1 FROM arm o WHERE o.report = a.report AND o.number <> a.number AND (
    a.label || ' ' || o.label LIKE '%HCT%' OR a.label || ' ' || o.label LIKE '%SCT%'
    OR a.label || ' ' || o.label LIKE '%transplant%'))
)
SELECT DISTINCT r.title, a.label, f.value, u.label, f.months, c.label, s.label, r.iri
FROM told a
CROSS JOIN figure f ON f.id BETWEEN a.report * 65536 AND a.report * 65536 + 65535 AND f.arm = a.number
CROSS JOIN report r ON r.id = f.report
CROSS JOIN concept s ON s.id = f.statistic
LEFT JOIN concept u ON u.id = f.unit
LEFT JOIN arm c ON c.report = f.report AND c.number = f.comparator
WHERE f.measure IN (SELECT narrow FROM within WHERE wide = :measure) AND f.value IS NOT NULL
ORDER BY r.iri, f.months, a.label, f.value, s.label, c.label

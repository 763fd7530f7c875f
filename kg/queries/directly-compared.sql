-- columns: studied label, compared_with label, reports integer
SELECT a.label, b.label, COUNT(DISTINCT t.report) AS reports
FROM treatment u
JOIN treatment t ON t.report = u.report AND t.role = {role:experimental} AND t.used
  AND t.intervention IN (SELECT narrow FROM within WHERE wide = :intervention)
JOIN concept a ON a.id = t.intervention
JOIN concept b ON b.id = u.intervention
WHERE u.role = {role:comparator} AND u.used
GROUP BY a.label, b.label
ORDER BY reports DESC, a.label, b.label

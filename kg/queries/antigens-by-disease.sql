-- columns: disease label, target label, studies integer
SELECT d.label, a.label, COUNT(DISTINCT t.report) AS studies
FROM car_target c
JOIN treatment t ON t.report = c.report AND t.number = c.treatment AND t.used
JOIN about b ON b.report = t.report AND b.kind = 'condition'
JOIN concept d ON d.id = b.concept
JOIN concept a ON a.id = c.antigen
WHERE :condition IS NULL OR b.concept IN (SELECT narrow FROM within WHERE wide = :condition)
GROUP BY d.label, a.label
ORDER BY d.label, studies DESC, a.label

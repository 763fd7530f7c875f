-- columns: product label, antigens integer, studies integer
SELECT p.label, c.antigens, COUNT(DISTINCT t.report) AS studies
FROM (SELECT report, treatment, COUNT(*) AS antigens FROM car_target GROUP BY report, treatment) c
JOIN treatment t ON t.report = c.report AND t.number = c.treatment AND t.used
JOIN concept p ON p.id = t.intervention
WHERE c.antigens >= :targets
GROUP BY p.label, c.antigens
ORDER BY studies DESC, p.label, c.antigens

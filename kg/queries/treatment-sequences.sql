-- columns: report iri, title text, year integer, steps text, not_given text
SELECT r.iri, r.title, r.year,
  (SELECT GROUP_CONCAT(step, ' > ') FROM (
    SELECT s.position || ' ' || c.label AS step FROM step s JOIN concept c ON c.id = s.intervention
    WHERE s.report = r.id ORDER BY s.position)),
  (SELECT GROUP_CONCAT(label, '; ') FROM (
    SELECT DISTINCT c.label FROM treatment t JOIN concept c ON c.id = t.intervention
    WHERE t.report = r.id AND t.used = 0 ORDER BY c.label))
FROM report r
WHERE r.id IN (
  SELECT one.report FROM step one JOIN step two ON two.report = one.report AND two.position > one.position
  WHERE one.intervention IN (SELECT narrow FROM within WHERE wide = :first)
    AND two.intervention IN (SELECT narrow FROM within WHERE wide = :then))
ORDER BY r.iri

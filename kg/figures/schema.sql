-- The index of figures, as `kg/figures/rows.py` fills it: what comparing and the named questions need of the graph, in tables.
-- Everything here is derived from the graph; concepts, statistics, units and the like are ids of `concept`.

CREATE TABLE concept (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL UNIQUE,
  label TEXT,  -- skos:prefLabel, English
  name TEXT NOT NULL  -- skos:notation, else the label: the canonical name
);
CREATE TABLE within (  -- cg:within
  wide INTEGER NOT NULL, narrow INTEGER NOT NULL, PRIMARY KEY (wide, narrow)
) WITHOUT ROWID;

CREATE TABLE report (
  id INTEGER PRIMARY KEY,
  iri TEXT NOT NULL UNIQUE,
  title TEXT, journal TEXT, year INTEGER, retracted INTEGER, topic INTEGER,
  design INTEGER, phase INTEGER, follow_up REAL,  -- months
  enrolled INTEGER, treated INTEGER, evaluable INTEGER, median_age REAL, prior_lines REAL,
  figures INTEGER NOT NULL,  -- how many it reports
  title_key TEXT  -- the title to sort by: case folded
);
CREATE TABLE notice (report INTEGER, kind TEXT, PRIMARY KEY (report, kind)) WITHOUT ROWID;
CREATE TABLE trial (report INTEGER, iri TEXT, number TEXT, PRIMARY KEY (report, iri)) WITHOUT ROWID;
CREATE TABLE identifier (  -- what a report is called elsewhere: pmid:1, doi:10.1/x, nct:NCT00000001
  report INTEGER, name TEXT COLLATE NOCASE, PRIMARY KEY (report, name)
) WITHOUT ROWID;
CREATE TABLE abstract (  -- what the list of studies is searched by: `names` are identifiers, acronyms and concepts
  report INTEGER PRIMARY KEY, title TEXT, names TEXT, body TEXT
);
CREATE TABLE about (  -- what a study is of: its designs, and its population's condition, antigen, status, age
  report INTEGER, kind TEXT, concept INTEGER, PRIMARY KEY (report, kind, concept)
) WITHOUT ROWID;
CREATE TABLE arm (
  report INTEGER, number INTEGER, label TEXT, size INTEGER, role INTEGER, PRIMARY KEY (report, number)
) WITHOUT ROWID;
CREATE TABLE arm_given (  -- interventions of an arm
  report INTEGER, arm INTEGER, intervention INTEGER, PRIMARY KEY (report, arm, intervention)
) WITHOUT ROWID;
CREATE TABLE treatment (
  report INTEGER, number INTEGER, intervention INTEGER, category INTEGER, role INTEGER, source INTEGER, used INTEGER,
  PRIMARY KEY (report, number)
) WITHOUT ROWID;
CREATE TABLE car_target (
  report INTEGER, treatment INTEGER, antigen INTEGER, PRIMARY KEY (report, treatment, antigen)
) WITHOUT ROWID;
CREATE TABLE step (report INTEGER, position INTEGER, intervention INTEGER, PRIMARY KEY (report, position)) WITHOUT ROWID;

CREATE TABLE figure (
  id INTEGER PRIMARY KEY,  -- report * 65536 + its place among the report's figures, from 1
  report INTEGER NOT NULL,
  measure INTEGER, statistic INTEGER, value REAL, unit INTEGER, events INTEGER, patients INTEGER,
  months REAL, grade TEXT, grade_min INTEGER, grade_max INTEGER, arm INTEGER, comparator INTEGER, subgroup TEXT,
  ci_low REAL, ci_high REAL, ci_level REAL, p TEXT, p_value REAL, p_relation TEXT, not_reached INTEGER, label TEXT,
  year INTEGER  -- the report's
);
CREATE TABLE words (
  id INTEGER PRIMARY KEY,  -- the figure's
  local TEXT NOT NULL,  -- the figure's IRI below that of its report
  quote TEXT, start INTEGER, stop INTEGER
);
CREATE TABLE figure_given (  -- interventions that a figure belongs to: those of its arm (basis 0) or of its study (1)
  figure INTEGER, intervention INTEGER, basis INTEGER, PRIMARY KEY (figure, intervention, basis)
) WITHOUT ROWID;
CREATE TABLE flag (report INTEGER, number INTEGER, kind TEXT, message TEXT, PRIMARY KEY (report, number)) WITHOUT ROWID;
CREATE TABLE flag_figure (
  report INTEGER, flag INTEGER, figure INTEGER, PRIMARY KEY (report, flag, figure)
) WITHOUT ROWID;
CREATE TABLE reported (  -- which measures a report has figures of, and how many
  measure INTEGER, report INTEGER, figures INTEGER, PRIMARY KEY (measure, report)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE quoted USING fts5(
  quote, content = 'words', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE searched USING fts5(
  title, names, body, content = 'abstract', content_rowid = 'report',
  tokenize = 'porter unicode61 remove_diacritics 2'
);

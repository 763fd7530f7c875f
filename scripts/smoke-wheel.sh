#!/bin/sh
# Installs a wheel into an environment of its own and tries the commands there, away from the sources.
# usage: smoke-wheel.sh WHEEL     (run in the project's folder; needs nothing but the wheel, the lock file and PyPI)
set -eu

wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sh scripts/make-venv.sh "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --constraint "$here/requirements/lock.txt" "$wheel"
cd "$work"
export PATH="$work/venv/bin:$PATH"

step() {
    echo "-- $1"
}

step "the packages come from the wheel, with their data"
python - <<'CHECK'
from importlib.resources import files
from pathlib import Path

for package, names in {
    "ontology": ("cartograph.ttl", "vocabulary.ttl", "shapes.ttl", "py.typed"),
    "extractors": ("py.typed",),
    "kg": ("corpus/corpus.jsonl", "queries", "py.typed"),
    "web": ("templates", "static", "py.typed"),
}.items():
    folder = files(package)
    assert "site-packages" in str(folder), f"{package} comes from {folder}"
    for name in names:
        assert Path(str(folder / name)).exists(), f"{package}/{name} is missing from the wheel"
CHECK

step "cartograph --help"
cartograph --help >/dev/null

step "cartograph demo"
cartograph demo --no-serve --store demo

step "cartograph extract"
cat >study.txt <<'STUDY'
CD7 CAR T cells in relapsed leukaemia

Ten patients with relapsed or refractory CD7-positive acute lymphoblastic leukaemia received CD7 CAR T cells. All ten patients had a complete response. The 1-year overall survival was 68% (95% CI, 34 to 87).
STUDY
cartograph extract study.txt --format jsonl >study.jsonl
grep -q '"measure":"overall-survival"' study.jsonl

step "cartograph query"
cartograph query --store demo --format csv --text 'SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }' >count.csv
python -c 'import csv; rows = list(csv.reader(open("count.csv"))); assert int(rows[1][0]) > 10000, rows'

step "cartograph compare"
cartograph compare --store demo --outcome complete-response --format csv >compare.csv
python -c 'import csv; rows = list(csv.DictReader(open("compare.csv"))); assert len(rows) > 20 and rows[0]["quote"], len(rows)'

echo "The wheel works away from its sources."

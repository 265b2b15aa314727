# Few targets. On a machine with Python 3.11 and make, `make demo` and `make test` need nothing else by hand.
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
PORT ?= 8000
# Debian package : the file that shows it is there. What the tests drive for real, never a mock of it.
PACKAGES := chromium-headless-shell:/usr/bin/chromium-headless-shell fonts-noto-cjk:/usr/share/fonts/opentype/noto \
	fonts-lxgw-wenkai:/usr/share/fonts/truetype/lxgw-wenkai postgresql:/usr/lib/postgresql dovecot-imapd:/usr/sbin/dovecot \
	openjdk-17-jre-headless:/usr/bin/java

# Compile each module once, not at every start, also where the machine is set otherwise: half of a command's start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-sqlite test-postgresql check bench format docs

demo: .venv/ready
	HUIXIANG_MODE=demo $(BIN)/huixiang demo
	HUIXIANG_MODE=demo $(BIN)/huixiang serve --port $(PORT)

# Both databases at once: while a story of one waits, another works. What PostgreSQL has to say comes when it is done.
test: .venv/ready-dev .venv/packages
	@$(MAKE) --no-print-directory --keep-going --jobs 2 test-sqlite test-postgresql

test-sqlite: .venv/ready-dev .venv/packages
	HUIXIANG_MODE=test $(BIN)/python -m pytest -n 3 --dist worksteal --database=sqlite -m "not cluster"

test-postgresql: .venv/ready-dev .venv/packages
	@HUIXIANG_MODE=test $(BIN)/python -m pytest -n 1 --database=postgresql -m "cluster or not one_database" \
		tests/apps tests/loop tests/lake/test_spark.py \
		> .venv/postgresql.txt 2>&1; told=$$?; echo; cat .venv/postgresql.txt; exit $$told

check: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	HUIXIANG_MODE=test $(BIN)/mypy
	HUIXIANG_MODE=test $(BIN)/lint-imports --no-cache
	HUIXIANG_MODE=test $(BIN)/python manage.py makemigrations --check --dry-run
	HUIXIANG_MODE=test $(BIN)/python -m tests.architecture.catalogue
	HUIXIANG_MODE=test $(BIN)/python -m pytest -q -p no:cacheprovider --doctest-glob='*.md' docs

bench: .venv/ready-dev
	for table in understand sentiment tones opinions masking duplicates similar kinds taxonomy topics trends learned search slips needs kano agreement clocks returns survival complaint_signals control planted_waiting replay rereading hotline reputation channels mails import tickets simulate demo; do HUIXIANG_MODE=test $(BIN)/python -m benchmarks.$$table || exit 1; done
	HUIXIANG_MODE=test $(BIN)/python -m benchmarks.queue --cases 100000 --open 20000 --rounds 10 --night
	HUIXIANG_MODE=test $(BIN)/python -m benchmarks.survey submit
	HUIXIANG_MODE=test $(BIN)/python -m benchmarks.survey results

format: .venv/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What is written down of the code: rights, API schema, the made-up bank, message catalogue.
docs: .venv/ready-dev
	HUIXIANG_MODE=test $(BIN)/python -m tests.architecture.reference
	HUIXIANG_MODE=test $(BIN)/python -m tests.simulation.reference
	HUIXIANG_MODE=test $(BIN)/python -m tests.architecture.catalogue --update

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv .venv || { echo "缺少 Debian 包 python3-venv / missing package: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/ready: .venv/bin/uv pyproject.toml uv.lock src/huixiang/web/locale/en/LC_MESSAGES/django.po
	$(BIN)/uv sync --frozen --inexact --no-default-groups --group build --extra ocr
	$(BIN)/pybabel --quiet compile -D django -d src/huixiang/web/locale
	@touch $@

.venv/ready-dev: .venv/ready
	$(BIN)/uv sync --frozen --inexact --extra ocr --extra spark
	@touch $@

# Installs what is missing where it may; else says which package to ask the administrator for.
.venv/packages: .venv/bin/uv Makefile
	@missing=""; for pair in $(PACKAGES); do [ -e "$${pair#*:}" ] || missing="$$missing $${pair%%:*}"; done; \
	if [ -n "$$missing" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
		else echo "缺少 Debian 包 / missing packages: apt-get install$$missing"; exit 1; fi; \
	fi; touch $@

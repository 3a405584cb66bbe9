# The whole vocabulary of the project; `make` alone lists it.
SHELL := /bin/bash
SWIFT_BUILD := swift build
PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
SLUICE := .build/debug/sluice
RELEASE := .build/release/sluice
# The same flags for every optimized product: others would build everything again.
OPTIMIZED := $(SWIFT_BUILD) -c release --static-swift-stdlib -debug-info-format none

PACKAGES := libpq-dev libsqlite3-dev librdkafka-dev libyaml-dev libcurl4-openssl-dev libssl-dev \
	libidn-dev libxxhash-dev libzstd-dev pkg-config sqlite3 postgresql kcat \
	openjdk-17-jre-headless mandoc python3 python3-jsonschema python3-venv

.PHONY: help setup build demo test lint format bench bench-long soak fuzz optimized release proof install docs

help:
	@echo 'make setup    install the libraries and tools that Debian or Ubuntu ships'
	@echo 'make demo     set up, build, and run the bundled project twice'
	@echo 'make test     set up, build, and run every test'
	@echo 'make build    build for development'
	@echo 'make optimized  build optimized: .build/release/sluice'
	@echo 'make install  the same, with manual page and completions, below $$PREFIX ($(PREFIX))'
	@echo 'make release  the same, packed: .deb, tarball, image and checksums in .build/package'
	@echo 'make proof    install the packages where there is neither Swift nor source, and run'
	@echo 'make docs     build the documentation as a site: .build/docs/site'
	@echo 'make lint     check format, language, house, rooms and links; make format changes the format'
	@echo 'make bench    measure, side by side with the rivals; make bench-long takes hours and writes it down'
	@echo 'make fuzz     render ten million random templates'
	@echo 'make soak     hours: kill runs at random instants, fail every write, check the topics'

# Only what is missing is installed, so that the second call needs no network and no rights.
setup:
	@missing=$$(for package in $(PACKAGES); do \
	  dpkg-query -W -f '$${db:Status-Status}\n' $$package 2>/dev/null | grep -qx installed \
	    || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$as_root apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends \
	    $$missing; \
	fi

build:
	$(SWIFT_BUILD)

optimized:
	scripts/stamp-commit
	$(OPTIMIZED) --product sluice

release: setup optimized
	packaging/build

docs: setup build
	scripts/site

proof:
	packaging/prove

install: setup optimized
	install -D -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/sluice
	install -d $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	$(RELEASE) help --man | gzip -9n > $(SHARE)/man/man1/sluice.1.gz
	$(RELEASE) completions bash > $(SHARE)/bash-completion/completions/sluice
	$(RELEASE) completions zsh > $(SHARE)/zsh/site-functions/_sluice
	$(RELEASE) completions fish > $(SHARE)/fish/vendor_completions.d/sluice.fish

demo: setup build
	@SLUICE=$(SLUICE) demo/run

test: setup
	@Tests/run

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks
	scripts/lint-language
	scripts/house
	scripts/rooms
	scripts/types
	scripts/links

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks

bench: setup optimized
	Benchmarks/run $(BENCH)
	Benchmarks/liquid.sh
	Benchmarks/jmespath.sh
	$$(Benchmarks/build ComposerBenchmark)
	$$(Benchmarks/build DiffBenchmark)

# The whole, into docs/performance.md: hours.
bench-long: BENCH = --long --write
bench-long: bench
	Benchmarks/scale --rows 10000000 --output docs/images

fuzz: setup
	$$(Benchmarks/build LiquidFuzz) 10000000

soak: setup optimized
	SLUICE=$(RELEASE) Tests/Soak/run --full
	$(SWIFT_BUILD) --build-tests
	SLUICE_SWEEPS=all swift test --disable-xctest --skip-build \
	  --filter 'StateFault|ApplyFault|JSONCheckTests|FileTests|WritingTests'

# briefd: the two commands a newcomer needs are `make run` and `make test`; `make help` lists all.
# Everything a target needs is set up by the target itself.

BUILD ?= build
SANITIZED ?= build-sanitized
FUZZING ?= build-fuzz
COVERAGE ?= build-coverage
SECONDS ?= 60
# Half of the tests wait for a daemon most of their time: more run at once than there are cores.
AT_ONCE ?= $(shell expr $$(nproc) + 2)
CONFIG ?= feeds.conf
DATABASE ?= briefd.sqlite
LISTEN ?= 127.0.0.1:8080

PACKAGES := gcc meson ninja-build pkg-config python3 libuv1-dev libcurl4-openssl-dev libxml2-dev \
	libsqlite3-dev libmicrohttpd-dev libjansson-dev libconfuse-dev libgumbo-dev libutf8proc-dev \
	libopencc-dev libpcre2-dev libuchardet-dev libidn2-dev libmd4c-dev libsodium-dev zlib1g-dev libdeflate-dev liblz4-dev libsystemd-dev libcmocka-dev
# Node from elsewhere brings an npm that Debian's package would collide with.
DESK_PACKAGES := $(if $(shell command -v node && command -v npm),,nodejs npm)
# What the desk's tests run in, and a font for its Chinese; pictures get the font readers have.
TEST_PACKAGES := chromium fonts-droid-fallback
PICTURE_PACKAGES := fonts-noto-cjk
LINT_PACKAGES := clang-format
FUZZ_PACKAGES := clang llvm
VALGRIND_PACKAGES := valgrind
CHECK_PACKAGES := clang llvm clang-tidy cppcheck valgrind
CHECK_PARTS ?= lint audit cppcheck tidy tsan valgrind
CHECK_LOGS = build-check $(if $(filter tsan,$(CHECK_PARTS)),build-tsan) \
	$(if $(filter valgrind,$(CHECK_PARTS)),$(BUILD)/meson-logs/testlog-valgrind.json)
COVERAGE_PACKAGES := gcovr
DEB_PACKAGES := debhelper dpkg-dev fakeroot lintian debootstrap
BENCH_PACKAGES := nginx-light curl libxml2-utils libvectorscan-dev wrk

.PHONY: help check coverage setup-check setup-coverage $(CHECK_PARTS:%=check-%) test-deb setup-deb run test demo screenshots bench xss xss-desk figures valgrind simulate faults fuzz lint fmt deb clean build setup setup-test setup-screenshots setup-lint setup-bench setup-valgrind setup-fuzz

help:
	@echo 'make run      build, poll the feeds of $(CONFIG), serve the desk at http://$(LISTEN)/'
	@echo 'make test     build with -Werror, run all tests, once more under ASan and UBSan'
	@echo 'make check    clang, ThreadSanitizer, valgrind, clang-tidy, cppcheck, npm audit: a quarter of an hour'
	@echo 'make coverage  lines that the tests run, and error branches of storage and net that none takes'
	@echo 'make demo     sample feeds on loopback, no network: a filled desk within a minute'
	@echo 'make bench    speed, as ratios against a reference measured in the same run'
	@echo 'make xss      what the sanitiser lets through, shown to Chromium with scripts on'
	@echo 'make xss-desk  the same payloads as items of a feed, walked over on every page of the desk'
	@echo 'make screenshots  a picture of every page of the desk in $(BUILD)/screenshots: both languages and themes, a phone'
	@echo 'make figures  the figures over the shared test data, where that stands beside the project'
	@echo 'make valgrind  the shared corpus parsed under valgrind, file by file: a quarter of an hour'
	@echo 'make faults   kill -9, full disks, hostile origins, crowds of clients …: an hour, the table in docs/faults.md'
	@echo 'make simulate  a month of polling 2,000 feeds in seconds, beside what other readers would do'
	@echo 'make fuzz     every fuzz target for SECONDS=60, or only TARGET=feed, under ASan and UBSan'
	@echo 'make lint     formatting and house rules; make fmt applies the formatting'
	@echo 'make deb      a Debian package in build-deb; make test-deb installs and purges it in a small Debian'
	@echo 'make clean    remove the build folders'

# ---- set-up ----

setup:
	@packaging/install-packages $(PACKAGES) $(DESK_PACKAGES)

# Without a browser the rest can be tested all the same: its tests say that they were skipped, and why
# (with CI=true they fail).
setup-test: setup
	@packaging/install-packages $(TEST_PACKAGES) || \
		echo 'There is no browser: tests that need one are not run.' >&2

setup-screenshots: setup-test
	@packaging/install-packages $(PICTURE_PACKAGES)

setup-lint: setup
	@packaging/install-packages $(LINT_PACKAGES)

setup-bench: setup
	@packaging/install-packages $(BENCH_PACKAGES)

setup-valgrind: setup
	@packaging/install-packages $(VALGRIND_PACKAGES)

setup-check: setup
	@packaging/install-packages $(CHECK_PACKAGES)

setup-coverage: setup
	@packaging/install-packages $(COVERAGE_PACKAGES)

setup-deb: setup
	@packaging/install-packages $(DEB_PACKAGES)

setup-fuzz: setup
	@packaging/install-packages $(FUZZ_PACKAGES)

$(BUILD)/build.ninja: | setup
	meson setup $(BUILD) $(if $(CI),-Dwerror=true)

$(SANITIZED)/build.ninja: | setup
	meson setup $(SANITIZED) -Db_sanitize=address,undefined -Db_lundef=false $(if $(CI),-Dwerror=true)

$(FUZZING)/build.ninja: | setup-fuzz
	CC=clang meson setup $(FUZZING) -Dfuzzing=true -Db_sanitize=address,undefined -Db_lundef=false

$(COVERAGE)/build.ninja: | setup-coverage
	meson setup $(COVERAGE) -Db_coverage=true -Dbuildtype=debug -Ddesk=disabled

build: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

# ---- use ----

run: build
	$(BUILD)/briefd run --config $(CONFIG) --database $(DATABASE) --listen $(LISTEN)

demo: build
	python3 tests/demo/run.py --briefd $(BUILD)/briefd --listen $(LISTEN)

# ---- care ----

test: setup-test $(BUILD)/build.ninja $(SANITIZED)/build.ninja
	meson configure $(BUILD) -Dwerror=true
	meson configure $(SANITIZED) -Dwerror=true
	ninja -C $(BUILD)
	meson test -C $(BUILD) --num-processes $(AT_ONCE) --print-errorlogs
	ninja -C $(SANITIZED)
	meson test -C $(SANITIZED) --num-processes $(AT_ONCE) --print-errorlogs
	@python3 tests/support/summary.py $(BUILD) $(SANITIZED)

# The unit tests under valgrind are those that `make test` has built.
check: $(BUILD)/build.ninja | setup-check
	@python3 tests/check/run.py --build $(BUILD) $(CHECK_PARTS); status=$$?; \
	python3 tests/support/summary.py $(CHECK_LOGS) && exit $$status

$(CHECK_PARTS:%=check-%): check-%: $(BUILD)/build.ninja | setup-check
	@python3 tests/check/run.py --build $(BUILD) $*

coverage: $(COVERAGE)/build.ninja
	ninja -C $(COVERAGE)
	find $(COVERAGE) -name '*.gcda' -delete
	COUNTS_LINES=1 meson test -C $(COVERAGE) --no-rebuild --num-processes $(AT_ONCE) --print-errorlogs -t 4 --suite unit --suite fuzz --suite feeds --suite render --suite daemon
	python3 tests/check/coverage.py $(COVERAGE)

bench: setup-bench build
	python3 tests/bench/all.py --build $(BUILD) --json $(BUILD)/bench.json --items $(or $(ITEMS),100000) $(BENCH)

screenshots: setup-screenshots build
	SCREENSHOTS=$(abspath $(BUILD))/screenshots python3 tests/desk/run.py $(BUILD)/briefd tests/desk/screenshots.mjs; \
		status=$$?; test $$status -eq 77 || exit $$status

xss: setup-test build
	python3 tests/xss/run.py --briefd $(BUILD)/briefd --payloads $(or $(PAYLOADS),../shared/corpus/open/xss/payloads.jsonl)

xss-desk: setup-test build
	@payloads=$(or $(PAYLOADS),../shared/corpus/open/xss/payloads.jsonl); \
	if test -f $$payloads; then XSS_PAYLOADS=$$payloads python3 tests/desk/run.py $(BUILD)/briefd tests/desk/hostile.mjs; \
		status=$$?; test $$status -eq 77 || exit $$status; \
	else echo "skipped: there is no $$payloads"; fi

figures: setup-bench build
	python3 tests/figures/run.py --briefd $(BUILD)/briefd
	KILLS=200 BRIEFD=$(abspath $(BUILD)/briefd) python3 tests/daemon/test_kill.py -v Kill.test_what_was_answered_is_there_after_kill

valgrind: setup-valgrind build
	nice python3 tests/figures/valgrind.py --briefd $(BUILD)/briefd

# Faults done to the daemon at the sizes of the figures; an hour. One: make faults FAULT=kill
faults: build
	python3 tests/faults/run.py --briefd $(BUILD)/briefd --full --results $(BUILD)/faults --table docs/faults.md $(FAULT)

simulate: build
	$(BUILD)/tests/simulate

fuzz: setup-fuzz $(FUZZING)/build.ninja
	@ninja -C $(FUZZING) fuzzers
	python3 tests/fuzz/run.py $(FUZZING) $(SECONDS) $(TARGET)

lint: setup-lint
	tests/lint/format check
	python3 tests/lint/include_direction.py .
	python3 tests/lint/refusals.py .
	python3 tests/lint/house_rules.py .

fmt: setup-lint
	tests/lint/format fix

# The desk is built first, with npm; the package itself is built without the network.
deb: setup-deb build
	packaging/build-deb build-deb $(BUILD)/web/desk/desk_assets.c.p

# Installs, upgrades, removes and purges it in a small Debian of its own; root only.
test-deb: deb
	tests/packaging/install.sh build-deb

clean:
	rm -rf $(BUILD) $(SANITIZED) $(FUZZING) $(COVERAGE) build-check build-tsan build-deb

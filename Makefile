# What a contributor types. Each target works by itself on a fresh machine with Swift.

PREFIX ?= /usr/local
# No library is looked for beside the programs, and Package.swift says what the archive is for.
SWIFT_BUILD = swift build -c release --static-swift-stdlib --disable-local-rpath
ARCHIVES = .build/archives
PROGRAMS = .build/release

.PHONY: all build test demo targets emulators sweep soak fuzz bench environments crates chaos lint fmt install clean

all: build

build:
	scripts/install-packages build
	mkdir -p $(ARCHIVES)
	ln -sf "$$(clang++ -print-file-name=libstdc++.a)" $(ARCHIVES)
	$(SWIFT_BUILD)
	ln -sf cross $(PROGRAMS)/cross-util

test: build
	scripts/install-packages demo registry test
	scripts/test

demo: build
	scripts/install-packages demo
	demo/run

# Every recipe, on a crate with C and C++ in it: an hour or more.
targets: build
	scripts/install-packages demo
	demo/targets/run

# Threaded suites under every emulator, hundreds of times: an hour or more.
emulators: build
	scripts/install-packages demo
	demo/targets/threads

# Pulls, imports, prunings and repairs killed, or made to fail, at every system call: an hour or more.
sweep: build
	scripts/install-packages registry test
	scripts/sweep

# Fifty processes that use one store for a minute.
soak: build
	scripts/install-packages registry test
	scripts/soak

# What reads strangers' bytes, fed by libFuzzer: twenty minutes for each target.
fuzz:
	scripts/install-packages test
	scripts/fuzz

bench: build
	scripts/install-packages registry bench
	scripts/bench

# In imitations of CI systems' containers: what works, and how fast.
environments: build
	scripts/install-packages registry
	scripts/environments

# Public crates' own tests, here and for two targets: half an hour.
crates: build
	scripts/install-packages demo
	demo/crates/run

# The puller against random failures: 500 seeds, 2,000 changes of each layer. Prints the seeds and what came of them.
chaos:
	scripts/install-packages test
	scripts/chaos

lint:
	swift format lint --strict --parallel --recursive Package.swift Plugins Sources Tests
	! grep -rnw unsafe Sources/cross --include='*.swift' --exclude-dir=Host

fmt:
	swift format --in-place --parallel --recursive Package.swift Plugins Sources Tests

# Installs what was built last; builds only where nothing was, so that root need not build.
install: $(PROGRAMS)/cross-fetch
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 0755 $(PROGRAMS)/cross $(PROGRAMS)/cross-fetch $(DESTDIR)$(PREFIX)/bin
	ln -sf cross $(DESTDIR)$(PREFIX)/bin/cross-util

$(PROGRAMS)/cross-fetch:
	$(MAKE) build

clean:
	rm -rf .build

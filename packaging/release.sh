#!/usr/bin/env bash
# A release: packaging/release.sh FOLDER. Binary, Debian package, bill of materials and checksums.
#
# Anybody can make it again and compare: the lock file fixes every dependency, the toolchain is the one rust-version names, paths and
# times of the building machine are kept out. Same sources, same toolchain, same C library: same checksums.
set -euo pipefail
mkdir -p "$1"
out=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0 LC_ALL=C TZ=UTC
home=${CARGO_HOME:-$HOME/.cargo}
export RUSTFLAGS="--remap-path-prefix=$PWD=/counterfoil --remap-path-prefix=$home=/cargo"
# The C sources (SQLite, ring) must not tell where they were compiled either.
export CFLAGS="-ffile-prefix-map=$PWD=/counterfoil -ffile-prefix-map=$home=/cargo"
target=${CARGO_TARGET_DIR:-$PWD/target}

cargo build --release --locked --bin counterfoil
install -m 0755 "$target/release/counterfoil" "$out/counterfoil"
strip --strip-debug "$out/counterfoil"
packaging/debian/build.sh "$out/counterfoil" "$out"
# What is in it, from the lock file and the packages' own metadata.
python3 packaging/sbom.py >"$out/counterfoil.cdx.json"
(cd "$out" && sha256sum counterfoil counterfoil_*.deb counterfoil.cdx.json >SHA256SUMS && cat SHA256SUMS)

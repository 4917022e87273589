#!/usr/bin/env bash
# Makes the Debian package out of a release binary: packaging/debian/build.sh BINARY FOLDER
# The same binary gives the same package, byte by byte, when SOURCE_DATE_EPOCH is set.
set -euo pipefail
binary=$(realpath "$1")
out=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$("$binary" --version | awk '{print $2}')
arch=$(dpkg --print-architecture)
# The oldest C library that has every symbol the binary uses.
glibc=$(objdump -T "$binary" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1 | cut -d_ -f2)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 0755 "$tree"

install -D -m 0755 "$binary" "$tree/usr/bin/counterfoil"
install -D -m 0644 packaging/systemd/counterfoil.service "$tree/usr/lib/systemd/system/counterfoil.service"
install -D -m 0640 packaging/debian/counterfoil.toml "$tree/etc/counterfoil/counterfoil.toml"
install -D -m 0644 -t "$tree/usr/share/doc/counterfoil" README.md CHANGELOG.md SECURITY.md LICENSE-MIT
install -D -m 0644 -t "$tree/usr/share/doc/counterfoil/guide" docs/guide/*.md
install -D -m 0644 packaging/prometheus/alerts.yml "$tree/usr/share/doc/counterfoil/monitoring/alerts.yml"
install -D -m 0644 packaging/grafana/counterfoil.json "$tree/usr/share/doc/counterfoil/monitoring/counterfoil.json"
install -D -m 0644 LICENSE-APACHE "$tree/usr/share/doc/counterfoil/copyright"

install -d -m 0755 "$tree/DEBIAN"
size=$(du -sk "$tree" | cut -f1)
sed "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@GLIBC@/$glibc/; s/@SIZE@/$size/" packaging/debian/control >"$tree/DEBIAN/control"
echo /etc/counterfoil/counterfoil.toml >"$tree/DEBIAN/conffiles"
install -m 0755 -t "$tree/DEBIAN" packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm
if [[ -n ${SOURCE_DATE_EPOCH:-} ]]; then
    find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
fi
dpkg-deb --root-owner-group --build "$tree" "$out/counterfoil_${version}_$arch.deb"

#!/bin/bash
# install.sh BUILD_DEB: installs the package of that folder in a minimal Debian 12 in a folder, upgrades, removes and
# purges it, and looks each time at what is there. Needs root and debootstrap; says "skipped" and ends with 77 without.
# ROOT=folder (default /tmp/briefd-debian) is kept between calls, without the package.
set -euo pipefail
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || { echo "skipped: this needs root and debootstrap"; exit 77; }
package=$(readlink -f "$(ls "$1"/briefd_*.deb | head -1)")
root=${ROOT:-/tmp/briefd-debian}
grep -q " $root/" /proc/self/mounts && { echo "something is mounted under $root: unmount it first" >&2; exit 1; }

if [ ! -e "$root/.done" ]; then
    mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase --include=ca-certificates bookworm "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 ||
        { tail -n 3 "$root.log" >&2; exit 1; }
    cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/" 2>/dev/null && : >"$root/etc/apt/sources.list"
    cp /etc/apt/apt.conf.d/99* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null &&
        chroot "$root" update-ca-certificates >/dev/null 2>&1 || true
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"  # nothing is started in a chroot
    chmod +x "$root/usr/sbin/policy-rc.d"
    touch "$root/.done"
fi

# The same package as a later version, for the upgrade.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb -R "$package" "$work/next"
sed -i 's/^Version: .*/&+next/' "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/next" "$root/next.deb" >/dev/null
cp "$package" "$root/briefd.deb"

inside=(chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
in_root() { "${inside[@]}" "$@"; }
# starts : the command line of the installed unit, but for the port, serves a draft and ends as it should.
starts() {
    local command daemon address= status=0
    command=$(sed -n 's/^ExecStart=//p' "$root/lib/systemd/system/briefd.service")
    : >"$work/run"
    # shellcheck disable=SC2086
    "${inside[@]}" $command --listen 127.0.0.1:0 >"$work/run" 2>&1 & daemon=$!
    for _ in $(seq 600); do
        address=$(sed -n "s,.* serves \(http://[0-9.:]*\)/ .*,\1,p" "$work/run")
        [ -n "$address" ] && python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30)' \
            "$address/readyz" && break
        kill -0 "$daemon" 2>/dev/null || break
        read -rt 0.1 <> <(:) || true
    done 2>/dev/null
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" || status=$?
    [ -n "$address" ] && [ "$status" = 0 ] && [ -s "$root/var/lib/briefd/briefd.sqlite" ]
}
passed=0
holds() {  # holds WORDS… : a command that must succeed, told as one line
    if "$@" >/dev/null 2>&1; then passed=$((passed + 1)); else echo "does not hold: $*" >&2; exit 1; fi
}
missing() { [ ! -e "$root$1" ] && [ ! -L "$root$1" ]; }

in_root dpkg --purge briefd >/dev/null 2>&1 || true
in_root apt-get update -qq
in_root apt-get install -y -qq --no-install-recommends /briefd.deb >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
holds in_root briefd --version
holds in_root briefd check --config /etc/briefd/feeds.conf
for path in /lib/systemd/system/briefd.service /lib/systemd/system/briefd.socket /usr/share/man/man1/briefd.1.gz \
    /usr/share/man/man5/feeds.conf.5.gz /usr/share/doc/briefd/copyright; do
    holds test -e "$root$path"
done
holds grep -q "^ExecStart=/usr/bin/briefd run --config /etc/briefd/feeds.conf " "$root/lib/systemd/system/briefd.service"
holds test -L "$root/etc/systemd/system/sockets.target.wants/briefd.socket"
# An upgrade restarts the service and nothing else: the socket is only started.
holds grep -q "deb-systemd-invoke \$_dh_action 'briefd.service' >" "$root/var/lib/dpkg/info/briefd.postinst"
holds grep -q "deb-systemd-invoke start 'briefd.socket' >" "$root/var/lib/dpkg/info/briefd.postinst"

# An editor's configuration and her database outlive an upgrade and a removal.
echo '# hers' >>"$root/etc/briefd/feeds.conf"
# systemd makes this folder (DynamicUser with StateDirectory).
mkdir -p "$root/var/lib/private/briefd"
ln -sfn private/briefd "$root/var/lib/briefd"
holds starts
holds test -s "$root/var/lib/private/briefd/briefd.sqlite"
in_root dpkg -i /next.deb >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
holds grep -qx '# hers' "$root/etc/briefd/feeds.conf"
holds test -s "$root/var/lib/private/briefd/briefd.sqlite"
holds in_root sh -c 'dpkg-query -W briefd | grep -q next'
holds starts
holds in_root briefd verify --database /var/lib/briefd/briefd.sqlite
in_root dpkg --remove briefd >"$work/log" 2>&1
holds missing /usr/bin/briefd
holds grep -qx '# hers' "$root/etc/briefd/feeds.conf"
holds test -s "$root/var/lib/private/briefd/briefd.sqlite"
in_root dpkg --purge briefd >"$work/log" 2>&1
holds missing /etc/briefd
holds missing /var/lib/private/briefd
holds missing /var/lib/briefd
holds missing /etc/systemd/system/sockets.target.wants/briefd.socket
holds in_root sh -c '! dpkg-query -W briefd'
rm -f "$root/briefd.deb" "$root/next.deb"
echo "the package installs, upgrades, removes and purges cleanly"
echo "$passed passed, 0 failed"

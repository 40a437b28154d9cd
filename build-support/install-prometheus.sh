#!/bin/sh
# Installs Debian's Prometheus for the test that has it discover our apps. Repeating it changes nothing.
#
#   build-support/install-prometheus.sh
set -eu

say() { echo "install-prometheus: $*"; }
fail() {
    echo "install-prometheus: $*" >&2
    exit 1
}

missing=
[ -x /usr/bin/prometheus ] || missing="$missing prometheus"
[ -x /bin/busybox ] || missing="$missing busybox-static"
if [ -z "$missing" ]; then
    say "ready: $(/usr/bin/prometheus --version 2>&1 | head -n 1)"
    exit 0
fi
[ "$(id -u)" = 0 ] || fail "missing:$missing; installing needs root: run 'sudo $0'"
command -v apt-get >/dev/null 2>&1 || fail "missing:$missing, and there is no apt-get; install them by other means"

export DEBIAN_FRONTEND=noninteractive
apt="apt-get -y -q -o DPkg::Lock::Timeout=500 -o Dpkg::Use-Pty=0"
say "installing$missing"
# No daemon of its own is to start with the package.
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1
fi
# shellcheck disable=SC2086 # words are meant to be split
{ $apt update && $apt install --no-install-recommends $missing; } >/dev/null || {
    [ -z "$made" ] || rm -f "$policy"
    fail "the packages$missing could not be installed; try: apt-get update && apt-get install$missing"
}
[ -z "$made" ] || rm -f "$policy"
say "ready: $(/usr/bin/prometheus --version 2>&1 | head -n 1)"

#!/bin/sh
# Installs Debian's HAProxy, and wrk and socat to try it with, for the tests of the haproxy driver. Repeating it
# changes nothing.
#
#   build-support/install-haproxy.sh
set -eu

say() { echo "install-haproxy: $*"; }
fail() {
    echo "install-haproxy: $*" >&2
    exit 1
}
version() { haproxy=$(command -v haproxy || echo /usr/sbin/haproxy) && "$haproxy" -v 2>&1 | head -n 1; }

missing=
[ -x /usr/sbin/haproxy ] || missing="$missing haproxy"
[ -x /usr/bin/wrk ] || missing="$missing wrk"
[ -x /usr/bin/socat ] || missing="$missing socat"
if [ -z "$missing" ]; then
    say "ready: $(version)"
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
say "ready: $(version)"

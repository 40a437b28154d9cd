#!/bin/sh
# Installs Debian's etcd for the tests of the journal in etcd. Repeating it changes nothing.
#
#   build-support/install-etcd.sh
set -eu

say() { echo "install-etcd: $*"; }
fail() {
    echo "install-etcd: $*" >&2
    exit 1
}

if [ -x /usr/bin/etcd ]; then
    say "ready: $(/usr/bin/etcd --version 2>&1 | head -n 1)"
    exit 0
fi
[ "$(id -u)" = 0 ] || fail "missing: etcd-server; installing needs root: run 'sudo $0'"
command -v apt-get >/dev/null 2>&1 ||
    fail "missing: etcd-server, and there is no apt-get; install /usr/bin/etcd by other means"

export DEBIAN_FRONTEND=noninteractive
apt="apt-get -y -q -o DPkg::Lock::Timeout=500 -o Dpkg::Use-Pty=0"
say "installing etcd-server"
# No daemon of its own is to start with the package.
policy=/usr/sbin/policy-rc.d
made=
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1
fi
{ $apt update && $apt install --no-install-recommends etcd-server; } >/dev/null || {
    [ -z "$made" ] || rm -f "$policy"
    fail "the package could not be installed; try: apt-get update && apt-get install etcd-server"
}
[ -z "$made" ] || rm -f "$policy"
say "ready: $(/usr/bin/etcd --version 2>&1 | head -n 1)"

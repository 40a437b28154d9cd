# For the scripts beside it, which source it with their name: what they say, and how they install packages.
# shellcheck shell=sh

# says NAME: how the script calls itself.
says() { name=$1; }
say() { echo "$name: $*"; }
fail() {
    echo "$name: $*" >&2
    exit 1
}

policy=/usr/sbin/policy-rc.d
made=
unmake() {
    [ -z "$made" ] || rm -f "$policy"
    made=
}

# install_packages PACKAGE...: without the daemons that come with them being started.
install_packages() {
    [ "$(id -u)" = 0 ] || fail "missing: $*; installing needs root: run 'sudo $0'"
    command -v apt-get >/dev/null 2>&1 || fail "missing: $*, and there is no apt-get; install them by other means"
    export DEBIAN_FRONTEND=noninteractive
    apt="apt-get -y -q -o DPkg::Lock::Timeout=500 -o Dpkg::Use-Pty=0"
    say "installing $*"
    # Left behind, it would keep every package of this machine from starting its daemon.
    trap unmake EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    if [ ! -e "$policy" ]; then
        made=1
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
    fi
    # shellcheck disable=SC2086 # words are meant to be split
    { $apt update && $apt install --no-install-recommends "$@"; } >/dev/null ||
        fail "the packages $* could not be installed; try: apt-get update && apt-get install $*"
    unmake
    trap - EXIT INT TERM HUP
}

#!/bin/sh
# Brings a Docker daemon to life for the tests: installs it from Debian's packages where it is missing, starts it where
# it does not run, and imports the image that the tests use. Repeating it changes nothing.
#
#   build-support/install-docker.sh
#
# Settings: DOCKERD_LOG     the daemon's log (default /var/log/springtide-dockerd.log, else below $TMPDIR)
#           DOCKER_WAIT_S   how long the daemon may take to answer (default 60)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
wait_s=${DOCKER_WAIT_S:-60}
log=${DOCKERD_LOG:-/var/log/springtide-dockerd.log}

say() { echo "install-docker: $*"; }
fail() {
    echo "install-docker: $*" >&2
    exit 1
}

answers() { timeout 10 docker info >/dev/null 2>&1 </dev/null; }

# Debian's other busybox, the one of the initramfs, has no httpd and is not static.
busybox_fits() { [ -x /bin/busybox ] && /bin/busybox --list 2>/dev/null | grep -qx httpd; }

finish() {
    "$here/make-busybox-image.sh"
    say "ready: dockerd $(docker version --format '{{.Server.Version}}' </dev/null), $(docker info --format \
        'storage {{.Driver}}, cgroup v{{.CgroupVersion}}' </dev/null)"
    exit 0
}

# --- what needs no rights first: a daemon that is there already, wherever it came from
if command -v docker >/dev/null 2>&1 && answers && busybox_fits; then
    say "a Docker daemon answers already"
    finish
fi

[ "$(id -u)" = 0 ] || fail "no Docker daemon answers to $(id -un), and installing one needs root:" \
    "run 'sudo $here/install-docker.sh', or join the group 'docker' if a daemon runs."
if [ ! -r /etc/debian_version ] || ! command -v apt-get >/dev/null 2>&1; then
    fail "this machine is not Debian or a relative of it; install Docker Engine and a static busybox (/bin/busybox)" \
        "by its own means, start the daemon, and run this again."
fi

# --- packages
missing=
command -v dockerd >/dev/null 2>&1 || missing="$missing docker.io"
busybox_fits || missing="$missing busybox-static"
command -v iptables >/dev/null 2>&1 || missing="$missing iptables"
command -v docker >/dev/null 2>&1 || missing="$missing docker.io"
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
if [ -n "${missing# }" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt="apt-get -y -q -o DPkg::Lock::Timeout=500 -o Dpkg::Use-Pty=0"
    packages_log=$(mktemp)
    trap 'rm -f "$packages_log"' EXIT
    say "installing $missing"
    # A fresh image has no package lists, an old one has lists that name files gone from the mirror: update, once, for both.
    # shellcheck disable=SC2086 # words are meant to be split
    if ! $apt install --no-install-recommends $missing >"$packages_log" 2>&1 </dev/null; then
        $apt update >"$packages_log" 2>&1 </dev/null || true
        $apt install --no-install-recommends $missing >>"$packages_log" 2>&1 </dev/null || {
            tail -n 15 "$packages_log" >&2
            fail "apt-get could not install $missing(its last lines are above); look at the network and at" \
                "/etc/apt/sources.list*, then run this again."
        }
    fi
fi

# --- the daemon
# What the installation itself, or an init system, has started needs a moment and no help.
if [ -d /run/systemd/system ]; then
    systemctl start docker </dev/null >/dev/null 2>&1 || true
fi
running() { [ -n "$(pgrep -x dockerd || true)" ]; }

if ! mkdir -p "$(dirname "$log")" 2>/dev/null || ! touch "$log" 2>/dev/null; then
    log=${TMPDIR:-/tmp}/springtide-dockerd.log
fi

# Kernels without nf_tables refuse Debian's default iptables: the daemon alone then gets the legacy one, by its PATH,
# and the machine's alternatives stay as they are.
dockerd_path=$PATH
if ! iptables -w 5 -t nat -nL >/dev/null 2>&1 && iptables-legacy -w 5 -t nat -nL >/dev/null 2>&1; then
    legacy=/run/springtide-iptables-legacy
    mkdir -p "$legacy"
    for name in iptables ip6tables; do
        ln -sf "$(command -v $name-legacy)" "$legacy/$name"
    done
    dockerd_path=$legacy:$PATH
    say "iptables of this kernel is the legacy one"
fi

# start [option ...]: true once the daemon answers, false once it has ended or the time is over
start() {
    say "starting dockerd $* (log: $log)"
    echo "--- $(date -u +%FT%TZ) dockerd $*" >>"$log"
    PATH=$dockerd_path setsid nohup dockerd "$@" >>"$log" 2>&1 </dev/null &
    pid=$!
    left=$wait_s
    while [ "$left" -gt 0 ]; do
        answers && return 0
        # setsid forks where it leads a group already; then it is the name that tells.
        kill -0 "$pid" 2>/dev/null || running || return 1
        sleep 1
        left=$((left - 1))
    done
    return 1
}

if running; then
    left=$wait_s
    until answers; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "a dockerd runs (pid $(pgrep -x dockerd | tr '\n' ' ')) but has not answered for" \
            "$wait_s s; look at its log, stop it, and run this again."
        sleep 1
    done
    finish
fi
# A daemon that was killed leaves its pid file; with the number in use by another process, dockerd refuses to start.
rm -f /var/run/docker.pid

start || {
    # Overlay on overlay does not work on some machines; vfs is slow and works everywhere.
    if running || ! grep -qiE 'overlay|storage-driver|graphdriver' "$log" || ! start --storage-driver=vfs; then
        tail -n 20 "$log" >&2
        fail "dockerd did not answer within $wait_s s (the last lines of $log are above)."
    fi
}
finish

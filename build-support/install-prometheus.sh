#!/bin/sh
# Installs Debian's Prometheus for the test that has it discover our apps. Repeating it changes nothing.
#
#   build-support/install-prometheus.sh
set -eu
. "$(dirname "$0")/packages.sh"

says install-prometheus

set --
[ -x /usr/bin/prometheus ] || set -- "$@" prometheus
[ -x /bin/busybox ] || set -- "$@" busybox-static
[ $# = 0 ] || install_packages "$@"
say "ready: $(/usr/bin/prometheus --version 2>&1 | head -n 1)"

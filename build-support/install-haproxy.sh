#!/bin/sh
# Installs Debian's HAProxy, and wrk to try it with, for the tests of the haproxy driver. Repeating it changes
# nothing.
#
#   build-support/install-haproxy.sh
set -eu
. "$(dirname "$0")/packages.sh"

says install-haproxy
version() { haproxy=$(command -v haproxy || echo /usr/sbin/haproxy) && "$haproxy" -v 2>&1 | head -n 1; }

set --
[ -x /usr/sbin/haproxy ] || set -- "$@" haproxy
[ -x /usr/bin/wrk ] || set -- "$@" wrk
[ $# = 0 ] || install_packages "$@"
say "ready: $(version)"

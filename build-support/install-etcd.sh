#!/bin/sh
# Installs Debian's etcd for the tests of the journal in etcd. Repeating it changes nothing.
#
#   build-support/install-etcd.sh
set -eu
. "$(dirname "$0")/packages.sh"

says install-etcd

[ -x /usr/bin/etcd ] || install_packages etcd-server
say "ready: $(/usr/bin/etcd --version 2>&1 | head -n 1)"

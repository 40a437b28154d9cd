#!/bin/sh
# Fetches F5's schema of AS3 declarations, by which a test of the f5 driver judges what we declare. It is F5's
# (Apache License 2.0), so it is fetched and not copied into the project. Repeating it changes nothing.
#
#   build-support/install-as3-schema.sh
#
# Settings: AS3_SCHEMA   the file (default $XDG_CACHE_HOME or ~/.cache, springtide/as3-schema-3.56.0.json)
set -eu

commit=b44d5a039cb95df31cc94408329c27dbd17d47bf
sum=32036748396aa5da6131d1441d3928d03320daae78eb4ce50d3b98e03345deb7
url=https://raw.githubusercontent.com/F5Networks/f5-appsvcs-extension/$commit/schema/latest/as3-schema.json
file=${AS3_SCHEMA:-${XDG_CACHE_HOME:-$HOME/.cache}/springtide/as3-schema-3.56.0.json}

say() { echo "install-as3-schema: $*"; }
fail() {
    echo "install-as3-schema: $*" >&2
    exit 1
}
right() { [ -r "$1" ] && [ "$(sha256sum <"$1")" = "$sum  -" ]; }

if right "$file"; then
    say "ready: $file"
    exit 0
fi
command -v curl >/dev/null 2>&1 || fail "curl is missing; install it, or fetch $url to $file by other means"
mkdir -p "$(dirname "$file")"
part=$(mktemp "$file.XXXXXX")
trap 'rm -f "$part"' EXIT
curl -fsSL --proto '=https' --connect-timeout 10 --max-time 120 --retry 2 -o "$part" "$url" ||
    fail "$url could not be fetched; without it one test is skipped. Look at the network, or bring the file to $file"
right "$part" || fail "what $url gave is not what was asked for (SHA-256 of $sum); nothing was kept"
chmod 644 "$part"
mv "$part" "$file"
say "ready: $file"

#!/bin/sh
# Makes the image of the Docker tests out of this machine's static busybox, without a registry.
#
#   build-support/make-busybox-image.sh [IMAGE]        default springtide/busybox:test
#
# Where the image is there already nothing happens; FORCE=1 makes it anew.
set -eu

image=${1:-springtide/busybox:test}
busybox=${BUSYBOX:-/bin/busybox}

if [ -z "${FORCE:-}" ] && docker image inspect "$image" >/dev/null 2>&1 </dev/null; then
    echo "make-busybox-image: $image is there already"
    exit 0
fi
if [ ! -x "$busybox" ]; then
    echo "make-busybox-image: $busybox is missing; install the package busybox-static, or name one with BUSYBOX=" >&2
    exit 1
fi
if ! "$busybox" --list | grep -qx httpd; then
    echo "make-busybox-image: $busybox has no httpd, which the tests need; install the package busybox-static" >&2
    exit 1
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/etc" "$root/root" "$root/proc" "$root/sys" "$root/dev" "$root/var" "$root/www" "$root/mnt"
mkdir -m 1777 "$root/tmp"
cp "$busybox" "$root/bin/busybox"
"$busybox" --list | while read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
echo 'hello from springtide' >"$root/www/index.html"

# Through a file: with a pipe, sh would not see that tar failed.
tar -C "$root" --numeric-owner --owner=0 --group=0 -cf "$root.tar" .
trap 'rm -rf "$root" "$root.tar"' EXIT
docker import --change 'ENV PATH=/bin' --change 'CMD ["/bin/sh"]' "$root.tar" "$image" </dev/null >/dev/null
echo "make-busybox-image: made $image"

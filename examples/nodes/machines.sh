#!/bin/sh
# A program for the "command" adapter of node pools: its machines are agents that run on this very machine, each
# in a folder of its own. Good for trying the fourth tier out; a program for a cloud has the same three verbs
# and calls the cloud's own command line instead. What it is asked and has to answer: docs/nodes.md.
#
# machines.conf beside it says where: see machines.conf.example.
set -eu
. "$(dirname "$0")/machines.conf"

request=$(cat)
text() { printf '%s' "$request" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
number() { printf '%s' "$request" | sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"; }
fail() { echo "$*" >&2; exit 1; }

# One request after the other; an agent that is started must not hold the lock.
mkdir -p "$FOLDER"
exec 9> "$FOLDER/.lock"
flock -w 60 9 || exit 75

checked() {
  case $1 in
    '' | *[!a-z0-9-]*) fail "'$1' is no name of a machine" ;;
  esac
}

alive() { [ -s "$FOLDER/$1/pid" ] && kill -0 "$(cat "$FOLDER/$1/pid")" 2> /dev/null; }

provision() {
  token=$(text token)
  checked "$token"
  # Asked for again, the machine is the one that is there.
  if ! alive "$token"; then
    mkdir -p "$FOLDER/$token"
    first=$((33000 + 200 * ${token##*-}))
    # Not one of our pipes may stay open in it, and it must outlive this program.
    setsid $AGENT --master "$MASTER" --data "$FOLDER/$token/data" --id "$token" \
      --attribute "machine=$token" --site "$(text site)" --rack "$(text rack)" \
      --cpus "$(number cpus)" --mem "$(number memMib)" --ports "$first-$((first + 199))" \
      --runtime process --stop-tasks-on-exit \
      > "$FOLDER/$token/log" 2>&1 < /dev/null 9>&- &
    echo $! > "$FOLDER/$token/pid"
  fi
  printf '{"id":"%s","address":"127.0.0.1"}\n' "$token"
}

release() {
  id=$(text id)
  checked "$id"
  if alive "$id"; then
    pid=$(cat "$FOLDER/$id/pid")
    kill "$pid"
    left=300
    while kill -0 "$pid" 2> /dev/null && [ $left -gt 0 ]; do
      sleep 0.1
      left=$((left - 1))
    done
    kill -9 "$pid" 2> /dev/null || :
  fi
  # One that is gone already is no trouble.
  rm -rf "${FOLDER:?}/$id"
  echo '{}'
}

nodes() {
  list=
  for folder in "$FOLDER"/*/; do
    [ -d "$folder" ] || continue
    name=$(basename "$folder")
    list="$list${list:+,}{\"id\":\"$name\",\"token\":\"$name\",\"address\":\"127.0.0.1\"}"
  done
  printf '{"nodes":[%s]}\n' "$list"
}

case ${1:-} in
  provision | release | nodes) "$1" ;;
  *) fail "usage: $0 provision|release|nodes, with a JSON object on the standard input" ;;
esac

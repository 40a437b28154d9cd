# Starts tasks for the agent and outlives it no longer than the orders already given take.
#
# $1 is the folder of the process files. Orders come on stdin, one a line:
#   run NAME            start what NAME.run says
#   kill SIGNAL TARGET  signal a process (PID) or a process group (-PID)
#   reap PID            collect an ended watcher
# Each task gets a forked copy of this shell as its watcher. It ignores polite signals, waits, and
# writes the exit code to NAME.exit, whether an agent is there or not. The named pipe "events" only
# tells the agent where to look; a watcher keeps it open for both ends, so that writing never fails.
cd "$1" || exit 1
exec 3<>events || exit 1
umask 022
while read -r verb name target; do
    case $verb in
    run)
        (
            trap '' TERM HUP
            (
                trap - TERM HUP
                . "./$name.run"
            )
            code=$?
            read -r pid rest < "$name.pid" && kill -s KILL -- "-$pid"
            echo "$code" > "$name.exit"
            echo "ended $name" >&3
        ) < /dev/null &
        read -r stat < "/proc/$!/stat" && echo "$stat" > "$name.shim"
        ;;
    kill)
        # A task has its own group only from its setsid on; a moment before that it is hit by itself.
        kill -s "$name" -- "$target" 2> /dev/null || kill -s "$name" -- "${target#-}"
        ;;
    reap) wait "$name" ;;
    esac
done

# shellcheck shell=bash
# shellcheck disable=SC2034 # some are for those who source this
# examples/shop as a container without Docker: start, look into, stop. Needs common.sh and $TAR.

LOG_FILE=''
SHOP=''                  # where it answers
LISTENER=''              # the process that shows and keeps what it says
CONTAINER=''             # the process that holds its namespaces
INIT=''                  # pid1, as this machine sees it
NAMESPACE=''             # of its processes
STATUS='' STOP_MS=''     # how it ended, and how long that took
SUDO=${SUDO_USER:+sudo } # how a person who is not root begins a command

start_shop() {
  local output port
  port=$(free_port)
  SHOP=http://localhost:$port
  # What is said is shown, and kept for the assertions in a file that has no name any more.
  LOG_FILE=$(mktemp)
  exec {LOG}<>"$LOG_FILE"
  rm "$LOG_FILE"
  exec {output}> >(exec tee -i "/dev/fd/$LOG" >&2)
  LISTENER=$!
  # In a session of its own, so that Ctrl-C comes to this script alone; it can't outlive the script.
  setsid env --ignore-environment --default-signal PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    SHOP_PORT="$port" setpriv --pdeathsig KILL \
    tools/run-root "$TAR" /sbin/pid1 --log-level info >&"$output" 2>&1 {output}>&- &
  CONTAINER=$!
  exec {output}>&-
  await "pid1" pid1_runs
  NAMESPACE=$(readlink "/proc/$INIT/ns/pid")
  await_app 1
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'
}

pid1_runs() {
  INIT=$(pgrep --parent "$CONTAINER") && [[ $(readlink "/proc/$INIT/exe") == */pid1 ]]
}

# await_app N: until the application, started for the Nth time, answers through nginx.
await_app() {
  await "the application" app_has_started "$1"
  await "an answer" stats >/dev/null
}

# nginx would complain if it were asked before.
app_has_started() { (($(grep -ac "^app *| app: serving" "/dev/fd/$LOG") >= $1)); }

stats() { curl --silent --fail --max-time 5 "$SHOP/stats"; }

# stat_of EXPRESSION: of the object `s` that /stats answers.
stat_of() {
  stats | python3 -c "import json, sys; s = json.load(sys.stdin); print($1)"
}

visits() { stat_of 's["visits"]'; }

jobs_are_done() { [[ $(stat_of 'sum(s["done"].values())') == "$1" ]]; }

# await WHAT COMMAND…: until the command succeeds.
await() {
  local what=$1 deadline=$((SECONDS + 30))
  shift
  until "$@"; do
    [[ -d /proc/$CONTAINER ]] || fail "the shop ended while $what was waited for"
    ((SECONDS < deadline)) || fail "waited 30 s for $what"
    sleep 0.02
  done
}

fail() { die "$*"; }

# pid_of PROGRAM [REPLICA]
pid_of() {
  local pid
  for pid in $(pgrep --parent "$INIT" --full "$1"); do
    if [[ -z ${2:-} ]] || grep -qzx "PID1_REPLICA=$2" "/proc/$pid/environ"; then
      printf '%s' "$pid"
      return
    fi
  done
  return 1
}

# has_replaced PID PROGRAM [REPLICA]
has_replaced() {
  local now
  now=$(pid_of "${@:2}") && [[ $now != "$1" ]]
}

# Asks for the ordered stop and waits for it; another Ctrl-C hurries it.
stop_shop() {
  local began=${EPOCHREALTIME/./}
  trap 'kill -INT "$INIT" 2>/dev/null || true' INT TERM HUP
  kill -TERM "$INIT"
  while [[ -d /proc/$CONTAINER ]]; do
    wait "$CONTAINER" || true
  done
  STOP_MS=$(((${EPOCHREALTIME/./} - began) / 1000))
  STATUS=0
  wait "$CONTAINER" || STATUS=$?
  CONTAINER=''
  wait "$LISTENER" || true
}

stopped_in_order() {
  local nginx app redis
  nginx=$(end_of nginx) && app=$(end_of app) && redis=$(end_of redis) &&
    ((nginx < app && app < redis))
}

# The line of the output that tells of a service's last end.
end_of() { grep -an "^pid1 *| $1: stopped" "/dev/fd/$LOG" | tail -n 1 | cut -d : -f 1 | grep .; }

nothing_is_left() {
  [[ -z $(find /proc -maxdepth 3 -path '*/ns/pid' -lname "$NAMESPACE" 2>/dev/null) ]]
}

# For the case that the script ends before its time: the namespaces end with the process that holds them.
kill_shop() {
  rm -f "$LOG_FILE"
  [[ -z $CONTAINER ]] || kill -KILL "$CONTAINER" 2>/dev/null || true
}

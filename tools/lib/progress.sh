# shellcheck shell=bash
# Steps that tell a person what is going on and how long is left. Needs common.sh.
#
#   plan_steps install:60 build:180          every step to come, with a first guess in seconds
#   run_step build "Building pid1" COMMAND…  the command's output is shown only where it fails
#
# A guess is replaced by how long the step took here the last time, and, while Bazel runs, by how
# far it says it is. On a terminal one line is kept up to date; elsewhere a line comes now and then.

STEP_KEYS=()
declare -A STEP_SECONDS=()
STEP_LOG=''
STEP_TICKER=''
on_exit stop_ticker

plan_steps() {
  local step key
  for step in "$@"; do
    key=${step%%:*}
    STEP_KEYS+=("$key")
    STEP_SECONDS[$key]=$(cat "$(duration_file "$key")" 2>/dev/null || printf '%s' "${step#*:}")
  done
}

run_step() {
  local key=$1 title=$2 began=$SECONDS status=0
  shift 2
  STEP_LOG=$(mktemp)
  on_exit rm -f "$STEP_LOG"
  step_ticker "$key" "$title" &
  STEP_TICKER=$!
  # In the foreground, so that Ctrl-C reaches it.
  "$@" >"$STEP_LOG" 2>&1 </dev/null || status=$?
  stop_ticker
  if ((status == 0)); then
    step_line "${GREEN}✓${PLAIN} $title ${DIM}($(clock $((SECONDS - began))))${PLAIN}"
    printf '%s' $((SECONDS - began)) >"$(duration_file "$key")"
  else
    step_line "${RED}✗ $title failed${PLAIN} (exit $status, $(clock $((SECONDS - began))))"
    grep -vE '^\[[0-9,]+ / [0-9,]+\]' "$STEP_LOG" >&2 || true
  fi
  rm -f "$STEP_LOG"
  forget_step "$key"
  return "$status"
}

duration_file() { printf '%s/seconds.%s.%s' "$CACHE" "${0##*/}" "$1"; }

forget_step() {
  local key kept=()
  for key in "${STEP_KEYS[@]}"; do
    [[ $key == "$1" ]] || kept+=("$key")
  done
  STEP_KEYS=("${kept[@]}")
}

stop_ticker() {
  [[ -n $STEP_TICKER ]] || return 0
  kill "$STEP_TICKER" 2>/dev/null || true
  wait "$STEP_TICKER" 2>/dev/null || true
  STEP_TICKER=''
}

# Replaces the line in progress.
step_line() {
  if [[ -t 2 ]]; then printf '\r\e[K%s\n' "$1" >&2; else say "$1"; fi
}

step_ticker() {
  local key=$1 title=$2 began=$SECONDS elapsed period=30
  if [[ -t 2 ]]; then period=1; else say "… $title, about $(left "$key" 0)"; fi
  while sleep "$period" && kill -0 $$ 2>/dev/null; do
    elapsed=$((SECONDS - began))
    if [[ -t 2 ]]; then
      printf '\r\e[K… %s %s%s, about %s left%s' "$title" "$DIM" \
        "$(clock "$elapsed")$(bazel_counter ', step ')" "$(left "$key" "$elapsed")" "$PLAIN" >&2
    else
      say "… $title: $(clock "$elapsed")$(bazel_counter ', step '), about $(left "$key" "$elapsed") left"
    fi
  done
}

# left KEY ELAPSED: the time until the last planned step ends, for people.
left() {
  local key=$1 elapsed=$2 other seconds=0 rest done_steps all_steps
  for other in "${STEP_KEYS[@]}"; do
    [[ $other == "$key" ]] || ((seconds += STEP_SECONDS[$other])) || true
  done
  rest=$((${STEP_SECONDS[$key]:-30} - elapsed))
  read -r done_steps all_steps < <(bazel_counter '' | tr -d ' ' | tr / ' ') || true
  # Early on Bazel does not yet know how much there is to do.
  if ((${done_steps:-0} > 20 && done_steps * 5 > all_steps)); then
    rest=$((elapsed * (all_steps - done_steps) / done_steps))
  fi
  ((rest > 0)) || rest=1
  clock $((seconds + rest))
}

# "34 / 120" after PREFIX, where the step's output shows Bazel's counter.
bazel_counter() {
  local found
  found=$(grep -o '^\[[0-9,]* / [0-9,]*\]' "$STEP_LOG" 2>/dev/null | tail -n 1 | tr -d '[],') || true
  [[ -z $found ]] || printf '%s%s\n' "$1" "$found"
}

clock() {
  if (($1 >= 90)); then printf '%d min' $((($1 + 30) / 60)); else printf '%d s' "$1"; fi
}

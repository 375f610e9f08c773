# shellcheck shell=bash
# What every script in tools/ begins with: strict mode, the workspace as working directory, messages.
# Messages go to stderr, so that a script's stdout holds its result alone.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"

# A service manager or a container may start us without HOME; Bazel needs it.
: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
export HOME
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/pid1-tools"
export CACHE
mkdir -p "$CACHE"

# shellcheck disable=SC2034 # used by those who source this
if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' DIM=$'\e[2m' PLAIN=$'\e[0m'
else
  BOLD='' RED='' GREEN='' DIM='' PLAIN=''
fi

say() { printf '%s\n' "$*" >&2; }

warn() { printf '%s\n' "${BOLD}$*${PLAIN}" >&2; }

die() {
  printf '%s\n' "${RED}${0##*/}: $*${PLAIN}" >&2
  exit 1
}

# True where nobody watches and nothing may be left out.
in_ci() { [[ ${CI:-} == true ]]; }

# Even where a program in the foreground answers a Ctrl-C by ending in an orderly way, as Bazel does.
trap 'exit 130' INT
trap 'exit 143' TERM

# on_exit COMMAND…: run when the script ends, however it ends; the last one asked for comes first.
EXIT_COMMANDS=''
on_exit() {
  local command
  printf -v command '%q ' "$@"
  EXIT_COMMANDS="$command; $EXIT_COMMANDS"
  trap 'eval "$EXIT_COMMANDS"' EXIT
}

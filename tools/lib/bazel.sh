# shellcheck shell=bash
# Bazel as the scripts call it: plain lines that progress.sh can read. Needs common.sh.

bazel_run() {
  local verb=$1
  shift
  # Nothing is taken on trust in CI: what it builds comes from this checkout.
  bazel "$verb" --curses=no --color=no --show_progress_rate_limit=1 ${CI:+--disk_cache=} "$@"
}

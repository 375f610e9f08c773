#!/usr/bin/env bash
# A GiB through each format, from one service and from ten at once, to the console and into a file: no
# line is lost, doubled, torn or out of order.
# usage: volume_test.sh FORMAT
set -euo pipefail

format=$1
pid1=$PWD/supervisor/pid1
source=$PWD/tests/volume/source
sink=$PWD/tests/volume/sink
total=$((1 << 30))
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# config COUNT BYTES LOGGING
config() {
  echo "services:"
  local i
  for ((i = 0; i < $1; ++i)); do
    echo "  s$i: {command: [$source, '$i', '$2'], restart: 'no', logging: $3}"
  done
}

# As PID 1 of a namespace of its own.
run() { unshare --pid --fork --mount-proc --kill-child "$pid1" --config "$folder/pid1.yaml"; }

for count in 1 10; do
  bytes=$((total / count))
  config "$count" "$bytes" "{options: {format: $format}}" >"$folder/pid1.yaml"
  run | "$sink" "$format" "$count" "$bytes"
done

config 10 $((total / 10)) "{driver: file, options: {format: $format, path: $folder/log, max-size: 300m, max-file: 10}}" \
  >"$folder/pid1.yaml"
run
mapfile -t files < <(printf '%s\n' "$folder"/log* | sort -rV)
((${#files[@]} > 3))
# The oldest first; `log` itself is the newest.
cat "${files[@]}" | "$sink" "$format" 10 $((total / 10))

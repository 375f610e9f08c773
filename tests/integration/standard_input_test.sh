#!/usr/bin/env bash
# `pid1ctl check -` and `pid1ctl config -` read standard input, and may be interrupted meanwhile.
set -euo pipefail

pid1=$PWD/supervisor/pid1
cd "$TEST_TMPDIR"
ln -sf "$pid1" pid1ctl
echo 'A=1' >web.env

fail() {
  echo "$*" >&2
  exit 1
}

good='services: {web: {command: serve, env_file: web.env}}'
echo "$good" | ./pid1ctl check - || fail "check - refused a good file"
echo "$good" | ./pid1ctl config - >resolved.yaml
./pid1ctl config --json /dev/stdin <resolved.yaml | grep -q '"A": "1"' ||
  fail "config didn't resolve what it was piped"

code=0
echo 'services: {web: {command: serve, what: 1}}' | ./pid1ctl check - 2>errors || code=$?
[[ $code == 78 ]] || fail "check - ended with $code for a bad file"
grep -q "^<stdin>:1:34: error: unknown key .what.$" errors || fail "$(cat errors)"

# Nobody ever writes to it, and it stays open.
mkfifo silent
exec 3<>silent
./pid1ctl check - <&3 &
kill -TERM $!
code=0
wait $! || code=$?
[[ $code == 143 ]] || fail "a check - that waits ended with $code after SIGTERM"

#!/usr/bin/env bash
# pid1 is right in every scenario of docs/comparison.md, in which others are wrong here and there.
export COMPARE_PID1=$PWD/supervisor/pid1
exec python3 tools/compare_lib/main.py --check --quick

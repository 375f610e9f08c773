# shellcheck shell=bash
# The files of the project, by kind. Needs common.sh.

# Tracked ones and new ones that are not ignored.
files() { git ls-files --cached --others --exclude-standard --deduplicate -- "$@" | existing; }

existing() {
  local file
  while IFS= read -r file; do
    [[ ! -f $file || -L $file ]] || printf '%s\n' "$file"
  done
}

# All but the inputs of the fuzzer and of tests, which are wrong on purpose.
sources() { files . ':!*/corpus/*'; }

# Tests give pid1 the typing errors that it is to suggest a repair for.
prose() { sources | grep -v '_test\.cc$'; }

cpp_files() { files '*.cc' '*.h' '*.c'; }

starlark_files() { files WORKSPACE '*BUILD' '*.bzl'; }

# With a shell in their first line, or with a name that says so.
shell_files() {
  files '*.sh'
  files tools .ci examples tests | grep -v '\.' |
    xargs --no-run-if-empty grep -lE --max-count=1 '^#!.*\b(ba|da)?sh$' || true
}

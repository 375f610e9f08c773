# shellcheck shell=bash
# buildifier, which Debian does not have: from PATH, or from npm's registry. Needs common.sh.

BUILDIFIER_VERSION=8.2.1
# Debian's Bazel still has these rules built in.
BUILDIFIER_WARNINGS=-native-cc-library,-native-cc-binary,-native-cc-test,-native-cc-import
BUILDIFIER_WARNINGS+=,-native-sh-test,-native-sh-binary,-native-sh-library,-native-py-test
BUILDIFIER_WARNINGS+=,-native-py-binary,-native-py-library,-native-cc-toolchain,-native-cc-objc-import
BUILDIFIER_WARNINGS+=,-native-cc-objc-library,-native-cc-toolchain-suite,-module-docstring

# find_buildifier sets BUILDIFIER, or fails where there is none to be had.
find_buildifier() {
  local folder=$CACHE/buildifier-$BUILDIFIER_VERSION machine
  BUILDIFIER=$(command -v buildifier) && return
  case $(uname -m) in
    x86_64) machine=amd64 ;;
    aarch64) machine=arm64 ;;
    *) return 1 ;;
  esac
  BUILDIFIER=$folder/node_modules/@bazel/buildifier/buildifier-linux_$machine
  [[ -x $BUILDIFIER ]] && return
  command -v npm >/dev/null || return
  npm install --silent --no-save --prefix "$folder" "@bazel/buildifier@$BUILDIFIER_VERSION" >&2 &&
    [[ -x $BUILDIFIER ]]
}

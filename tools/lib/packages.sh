# shellcheck shell=bash
# Installs the Debian packages that are missing, and only these. Needs common.sh and progress.sh.

# missing_packages GROUP… prints the packages of these groups that are not installed, one a line.
missing_packages() {
  local wanted installed
  wanted=$(packages_of "$@")
  # dpkg-query fails where a package is unknown to it: that one is missing.
  # shellcheck disable=SC2086 # one argument a package
  installed=$( (dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' $wanted || true) \
    2>/dev/null | sed -n 's/^installed //p' | sort -u)
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed")
}

packages_of() {
  local group
  for group in "$@"; do
    sed -n "s/^$group //p" "$ROOT/tools/packages.txt"
  done | sort -u
}

# install_packages GROUP… makes sure that the packages of these groups are there.
install_packages() {
  local missing
  command -v dpkg-query >/dev/null ||
    die "cannot look for packages: this is not Debian; see tools/packages.txt for what is needed"
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  say "Missing here: ${missing[*]}"
  run_step install "Installing ${#missing[@]} Debian packages" apt_install "${missing[@]}"
}

apt_install() {
  as_root apt-get -qq update
  # No recommendations, no questions, and no service of a package is started.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 SYSTEMD_OFFLINE=1 \
    apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@"
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "cannot install packages: be root, install sudo, or install them yourself: ${missing[*]}"
  fi
}

# Shared by scripts/demo and scripts/test: what the build needs on which system, installing what is missing.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=dev
install=yes
jobs=$(nproc 2>/dev/null || echo 2)

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }

# fail CODE TEXT…: prints to standard error and ends.
fail() {
  local code=$1
  shift
  printf '%s\n' "$*" >&2
  exit "$code"
}

# Reads the options that both scripts share; what follows `--` is left in the array `rest`.
read_options() {
  rest=()
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage && exit 0 ;;
      --no-install) install=no ;;
      --preset) [ $# -gt 1 ] || fail 2 "--preset needs a name, see CMakePresets.json"; preset=$2; shift ;;
      --preset=*) preset=${1#*=} ;;
      -j) [ $# -gt 1 ] || fail 2 "-j needs a number"; jobs=$2; shift ;;
      -j*) jobs=${1#-j} ;;
      --) shift; rest=("$@"); break ;;
      *) fail 2 "unknown option $1; try $0 --help" ;;
    esac
    shift
  done
  case $jobs in
    '' | *[!0-9]* | 0) fail 2 "-j needs a number above 0, not '$jobs'" ;;
  esac
}

# "debian 12", "ubuntu 24.04": what the package names below were checked on.
system_name() {
  local ID='' VERSION_ID=''
  # shellcheck source=/dev/null
  [ -r /etc/os-release ] && . /etc/os-release
  echo "${ID:-unknown} ${VERSION_ID:-}"
}

# build_packages SYSTEM. The MySQL client library is the one that the system's SOCI was built with, because the
# connection handle passes between the two: libmariadb on Debian, libmysqlclient on Ubuntu.
build_packages() {
  echo g++ cmake ninja-build libsoci-dev libpq-dev libsqlite3-dev libssl-dev \
    libcli11-dev nlohmann-json3-dev libtomlplusplus-dev
  case $1 in
    ubuntu*) echo libmysqlclient-dev ;;
    *) echo libmariadb-dev ;;
  esac
}

# Servers without a service: the tests start private ones. Those that the machine has already are not asked for.
test_packages() {
  echo doctest-dev libgtest-dev catch2
  if ! has_program initdb && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    case $1 in
      ubuntu*) echo postgresql-16 ;;
      *) echo postgresql-15 ;;
    esac
  fi
  # The packages of MySQL's and MariaDB's servers exclude each other.
  if ! has_program mariadbd && ! has_program mysqld; then
    echo mariadb-server-core mariadb-client-core
  fi
}

has_program() {
  command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]
}

# missing_packages NAME…: those that are not installed.
missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^.i' || echo "$name"
  done
}

# plan_packages NAME…: sets `missing`, or ends where nothing can be installed.
plan_packages() {
  missing=()
  local system
  system=$(system_name)
  case $system in
    'debian 12' | 'ubuntu 24.04') ;;
    *)
      [ "$install" = no ] && return
      fail 2 "This system ($system) is not one that this script knows. Install these packages, named here as on
Debian 12, or what corresponds to them, and run it again with --no-install:

$(printf '  %s\n' "$@")"
      ;;
  esac
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -gt 0 ] && [ "$install" = no ]; then
    fail 2 "Not installed: ${missing[*]}
Install them with: apt-get install ${missing[*]}"
  fi
  if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail 2 "Installing needs root or sudo. Ask for: apt-get install ${missing[*]}"
  fi
}

# One line for the list of what will be done.
describe_packages() {
  if [ ${#missing[@]} -eq 0 ]; then
    say "install nothing: all packages are there"
  else
    say "install with apt-get$([ "$(id -u)" = 0 ] || echo ' (through sudo)'): ${missing[*]}"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

install_packages() {
  [ ${#missing[@]} -gt 0 ] || return 0
  step "Installing ${missing[*]}"
  case " ${missing[*]} " in
    *' postgresql-'*) no_main_cluster ;;
  esac
  as_root apt-get update -q
  # --no-remove: rather fail than take something away from this machine.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends --no-remove \
    "${missing[@]}"
}

# PostgreSQL's package creates a database cluster and starts it unless its configuration says otherwise. The
# tests only need the programs, so it says so while the package is installed, and not any longer.
no_main_cluster() {
  local folder=/etc/postgresql-common/createcluster.d
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = off' | as_root tee "$folder/migration-toolkit.conf" >/dev/null
  trap 'as_root rm -f /etc/postgresql-common/createcluster.d/migration-toolkit.conf' EXIT
}

build() {
  step "Building, preset $preset"
  local start=$SECONDS
  (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset" -j "$jobs")
  say "built in $((SECONDS - start)) s"
}

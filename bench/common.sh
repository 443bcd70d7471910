# Sourced by bench/run, bench/latency, bench/soak and bench/parts: what they need. Set $command before, to the name that messages begin with.
# shellcheck shell=bash
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

fail() { printf '%s: %s\n' "$command" "$*" >&2; exit 1; }

# need PROGRAM-OR-FILE:PACKAGE... installs the packages of what is not there.
need() {
  local pair missing=()
  for pair in "$@"; do
    [ -e "${pair%%:*}" ] || PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "missing: ${missing[*]}; install them, or run it as root on a Debian"
  echo "$command: installing ${missing[*]}"
  # Nothing that is installed here starts now: policy-rc.d(8).
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  (apt-get -qq -o DPkg::Lock::Timeout=300 update && DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
    install -y --no-install-recommends --no-remove "${missing[@]}") >"$directory/apt.log" 2>&1 ||
    fail "apt-get failed:"$'\n'"$(tail -n 20 "$directory/apt.log")"
  remove_policy
}

# The policy goes in any case, but not one that was there before.
policy=
remove_policy() { [ -z "$policy" ] || rm -f -- "$policy"; policy=; }

quietly() { "$@" >"$directory/build.log" 2>&1 || fail "'$*' failed:"$'\n'"$(tail -n 20 "$directory/build.log")"; }

# publish aot|jit puts the tool into $directory.
publish() {
  local aot=true
  [ "$1" = aot ] || aot=false
  quietly dotnet publish BlockSmtp.Cli -c Release -r "linux-$architecture" --self-contained $aot -p:PublishAot=$aot -o "$directory/$1" --nologo
}

# Builds the helper; benchmarks VERB ARGUMENT... then runs it.
build_benchmarks() { quietly dotnet publish bench/BlockSmtp.Benchmarks -c Release -o "$directory/benchmarks" --nologo; }
benchmarks() { dotnet "$directory/benchmarks/BlockSmtp.Benchmarks.dll" "$@"; }

# figures_of FILTER VARIABLE=VALUE... has the tests that write figures run with the published tool, and write them to $directory/figures.
figures_of() {
  local filter=$1
  shift
  env "$@" BLOCKSMTP_BINARY="$directory/aot/blocksmtp" BLOCKSMTP_FIGURES="$directory/figures" \
    dotnet test BlockSmtp.Core.Tests -c Release --no-build --nologo --filter "FullyQualifiedName~$filter" >"$directory/test.log" 2>&1 || {
    cat "$directory/test.log"
    exit 1
  }
}

# A network namespace, $namespace, whose rules are nobody else's.
namespace=bsbench-$$
make_namespace() {
  ip netns add "$namespace"
  ip -n "$namespace" link set lo up
}
remove_namespace() {
  [ ! -e "/run/netns/$namespace" ] || { ip netns pids "$namespace" | xargs -r kill -KILL; ip netns delete "$namespace"; } 2>/dev/null
}

# Files, and what else clean_up in the script that sources this removes, go away in any case.
directory=$(mktemp -d "${TMPDIR:-/tmp}/blocksmtp-bench.XXXXXXXX")
clean_up() { :; }
# shellcheck disable=SC2064
trap 'set +e; remove_policy; remove_namespace; clean_up; rm -rf -- "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

case $(uname -m) in
  x86_64) architecture=x64 ;;
  aarch64) architecture=arm64 ;;
  *) fail "no NativeAOT for $(uname -m)" ;;
esac
root=$(dirname "$(readlink -f "$(command -v dotnet)")")
export DOTNET_ROOT="${DOTNET_ROOT:-$root}" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
mkdir -p artifacts/packages

#!/usr/bin/env bash
# The commands of this repository: ./build.sh help
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=1

help() {
  cat <<'T'
./build.sh demo          build and start AuthServer, ResourceApi and two SampleClients, walk through them, leave them running
./build.sh demo --tour   the same, and stop after the tour: exit code 0 when every step went as it should
./build.sh test          install what is missing (Debian), build, run every test
./build.sh help          this
T
}

fail() { echo "build.sh: $*" >&2; exit 1; }

need_sdk() { command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing (dotnet is not on the PATH)"; }

# --- demo ------------------------------------------------------------------------------------------------------------

DEMO=$PWD/.demo
PIDS=()

stop_demo() {
  trap - EXIT INT TERM
  if [ ${#PIDS[@]} -gt 0 ]; then
    kill "${PIDS[@]}" 2>/dev/null || true
    wait "${PIDS[@]}" 2>/dev/null || true
  fi
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# start NAME PROJECT [SETTING=VALUE]...: its log is .demo/NAME.log
start() {
  local name=$1 project=$2; shift 2
  (cd "$project" && exec env ASPNETCORE_ENVIRONMENT=Development "$@" dotnet "$OLDPWD/artifacts/bin/$project/release/$project.dll") >"$DEMO/$name.log" 2>&1 &
  PIDS+=($!)
}

demo() {
  local only_tour=false
  case "${1:-}" in '') ;; --tour) only_tour=true ;; *) fail "demo takes no '$1'" ;; esac
  need_sdk
  for port in 8400 8410 8421 8422; do
    port_is_free "$port" || fail "port $port is in use: stop the program that listens there"
  done

  echo 'Building …'
  mkdir -p "$DEMO"
  local log=$DEMO/build.log project
  for project in AuthServer ResourceApi SampleClient tests/Tour; do
    dotnet build "$project" -c Release >"$log" 2>&1 || { cat "$log"; fail "$project does not build"; }
  done

  trap 'stop_demo; exit 130' INT TERM
  trap stop_demo EXIT
  start authserver AuthServer ASPNETCORE_URLS=http://localhost:8400 "ConnectionStrings__AuthServer=Data Source=$DEMO/authserver.db" \
    Connect__Issuer=http://localhost:8400/ Connect__RefreshTokenLeeway=00:00:02 Platform__File=platform.demo.yaml
  start resourceapi ResourceApi ASPNETCORE_URLS=http://localhost:8410 "ConnectionStrings__ResourceApi=Data Source=$DEMO/resourceapi.db" \
    Issuer__Authority=http://localhost:8400 Api__Resource=http://localhost:8410
  start orders SampleClient ASPNETCORE_URLS=http://localhost:8421 App__Name=Orders App__ClientId=orders App__ClientSecret=orders-demo-secret \
    App__DataDirectory="$DEMO/orders" Issuer__Authority=http://localhost:8400 Api__BaseAddress=http://localhost:8410
  start reports SampleClient ASPNETCORE_URLS=http://localhost:8422 App__Name=Reports App__ClientId=reports App__ClientSecret=reports-demo-secret \
    App__DataDirectory="$DEMO/reports" Issuer__Authority=http://localhost:8400 Api__BaseAddress=http://localhost:8410 \
    "App__Scopes=openid profile email roles offline_access users.read notes.read"

  local rc=0
  dotnet artifacts/bin/Tour/release/Tour.dll --issuer http://localhost:8400 --api http://localhost:8410 \
    --also http://localhost:8421 --also http://localhost:8422 --leeway 2 || rc=$?
  [ $rc = 0 ] || echo "The logs are in $DEMO."
  $only_tour && exit $rc

  cat <<T

Running, until Ctrl-C:
  AuthServer   http://localhost:8400/.well-known/openid-configuration
  ResourceApi  http://localhost:8410/.well-known/oauth-protected-resource
  Orders       http://localhost:8421
  Reports      http://localhost:8422
Accounts: alice / correct-horse-apple, bob / correct-horse-birch, ada / correct-horse-cedar (admin)
Logs and databases: $DEMO
T
  wait "${PIDS[@]}" || true
}

# --- test ------------------------------------------------------------------------------------------------------------

install_missing() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "please install: ${missing[*]}"
  local sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || fail "could not install ${missing[*]}"
}

run_tests() {
  need_sdk
  install_missing
  dotnet build AuthPlatform.sln -c Release -v quiet || fail 'the solution does not build'
  local passed=0 failed=0 skipped=0 project log rc
  log=$(mktemp)
  for project in tests/*.Tests tests/*Tests; do
    [ -d "$project" ] && [ "${seen:-}" != "$project" ] || continue
    seen=$project
    echo "== $project"
    rc=0
    dotnet test --project "$project" -c Release --no-build >"$log" 2>&1 </dev/null || rc=$?
    count() { sed -n "s/^  $1: \([0-9]*\)$/\1/p" "$log" | tail -1; }
    local ok bad skip
    ok=$(count succeeded) bad=$(count failed) skip=$(count skipped)
    # A run that ends otherwise than its count says has crashed, which is a failure too.
    if [ $rc != 0 ] && [ "${bad:-0}" = 0 ]; then bad=1; fi
    [ "${bad:-0}" = 0 ] || cat "$log"
    passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0})) skipped=$((skipped + ${skip:-0}))
    echo "   ${ok:-0} passed, ${bad:-0} failed, ${skip:-0} skipped"
  done
  rm -f "$log"
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

case "${1:-help}" in
  demo) shift; demo "$@" ;;
  test) run_tests ;;
  help | -h | --help) help ;;
  *) help >&2; exit 2 ;;
esac

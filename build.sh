#!/usr/bin/env bash
# The commands of this repository: ./build.sh help
set -euo pipefail
cd "$(dirname "$0")"
# English, because the script reads the summaries of the test runs below.
export DOTNET_NOLOGO=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

help() {
  cat <<'T'
./build.sh demo          build and start AuthServer, ResourceApi and two SampleClients, walk through them, leave them running
./build.sh demo --tour   the same, but stop after the tour: exit code 0 if every step succeeded
./build.sh authserver    AuthServer's command line on the demo's database, for example: ./build.sh authserver session list
./build.sh test          install what is missing (Debian), build, run every test
./build.sh bench         measure AuthServer beside node-oidc-provider, stock OpenIddict and Django: docs/performance.md (two hours)
./build.sh model NAME    after a change of an entity: add a migration for each database, make the compiled models again
./build.sh model         only make the compiled models again; refuses if the change needs a migration
./build.sh prove         race, kill, outage, failover, flood and soak against real processes: docs/reliability.md (15 minutes)
./build.sh prove [--short] [SCENARIO...]   only these scenarios, or their short forms; --seed NUMBER repeats a run's random choices
./build.sh docs          write the parts of docs/ that come from the code: configuration.md, the picture of architecture.md
./build.sh publish       make the files of a release in artifacts/release: archives, images, SBOM, checksums: docs/install.md
./build.sh publish PART...               only archive:linux-x64, archive:linux-arm64, image:linux-x64, image:linux-arm64 or sbom
./build.sh version       print the version
./build.sh lint          check format, style and docs/admin-api.json, change nothing
./build.sh help          this
T
}

fail() { echo "build.sh: $*" >&2; exit 1; }

need_sdk() { command -v dotnet >/dev/null || fail 'the .NET 10 SDK is missing (dotnet is not on the PATH)'; }

# --- demo ------------------------------------------------------------------------------------------------------------

DEMO=$PWD/.demo
PORTS=(8400 8410 8421 8422)
NAMES=() PIDS=()   # the running programs
JOB=               # the command that the script waits for

is_alive() { kill -0 "$1" 2>/dev/null; }

# However this script ends, it stops the processes that it has started. A process that does not stop within 10 seconds is killed.
stop_all() {
  trap '' INT TERM HUP PIPE
  local pid patience=50
  for pid in $JOB ${PIDS[@]+"${PIDS[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in $JOB ${PIDS[@]+"${PIDS[@]}"}; do
    while is_alive "$pid" && [ $((patience--)) -gt 0 ]; do sleep .2; done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true   # otherwise the shell prints how each of them ended
  done
}

stop_at_exit() {
  trap stop_all EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
}

# run COMMAND...: runs it in the background, because a shell does not handle signals while it waits for a command in the foreground.
run() {
  "$@" &
  JOB=$!
  while is_alive "$JOB"; do need_programs; sleep .2; done
  local rc=0
  wait "$JOB" || rc=$?
  JOB=
  return $rc
}

need_programs() {
  local index
  for index in "${!PIDS[@]}"; do
    is_alive "${PIDS[$index]}" || program_ended "${NAMES[$index]}"
  done
}

program_ended() {
  echo >&2
  tail -n 20 "$DEMO/$1.log" >&2
  fail "$1 has ended; its log is $DEMO/$1.log"
}

port_is_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null; }

need_ports() {
  local port
  for port in "${PORTS[@]}"; do
    ! port_is_in_use "$port" || fail "port $port is in use: the demo needs ${PORTS[*]}. Stop the program that listens there"
  done
}

build_demo() {
  echo "Building, one to five minutes the first time; the log is $DEMO/build.log ..."
  mkdir -p "$DEMO"
  run dotnet build deploy/demo.slnf -c Release >"$DEMO/build.log" 2>&1 </dev/null || { cat "$DEMO/build.log" >&2; fail 'the demo does not build'; }
}

# program NAME PROJECT PORT SETTING=VALUE...: starts a program of the demo, with its log in .demo/NAME.log
program() {
  local name=$1 project=$2 port=$3 dll=$PWD/artifacts/bin/$2/release/$2.dll; shift 3
  cd "$project"
  env ASPNETCORE_ENVIRONMENT=Development "ASPNETCORE_URLS=http://localhost:$port" "$@" dotnet "$dll" >"$DEMO/$name.log" 2>&1 </dev/null &
  NAMES+=("$name") PIDS+=($!)
  cd "$OLDPWD"
}

ISSUER=http://localhost:8400

# The settings of the demo's AuthServer and of its command line.
AUTHSERVER=("ConnectionStrings__AuthServer=Data Source=$DEMO/authserver.db" Connect__Issuer=$ISSUER/
  "Mail__Folder=$DEMO/mail")

start_programs() {
  local api=http://localhost:8410
  # A proxy that is set in the environment must not be used for localhost.
  export no_proxy="localhost,127.0.0.1,${no_proxy:-${NO_PROXY:-}}"
  program authserver AuthServer 8400 "${AUTHSERVER[@]}" Platform__File=platform.demo.yaml
  program resourceapi ResourceApi 8410 "ConnectionStrings__ResourceApi=Data Source=$DEMO/resourceapi.db" \
    Issuer__Authority=$ISSUER Api__Resource=$api
  program orders SampleClient 8421 App__Name=Orders App__ClientId=orders App__ClientSecret=orders-demo-secret \
    "App__DataDirectory=$DEMO/orders" Issuer__Authority=$ISSUER Api__BaseAddress=$api
  program reports SampleClient 8422 App__Name=Reports App__ClientId=reports App__ClientSecret=reports-demo-secret \
    "App__DataDirectory=$DEMO/reports" Issuer__Authority=$ISSUER Api__BaseAddress=$api \
    'App__Scopes=openid profile email roles offline_access users.read notes.read'
}

authserver() {
  local dll=artifacts/bin/AuthServer/release/AuthServer.dll
  [ -f "$dll" ] && [ -f "$DEMO/authserver.db" ] || fail 'there is no demo yet: ./build.sh demo'
  # Without a command, AuthServer would start a second server.
  [ $# -gt 0 ] || set -- --help
  exec env ASPNETCORE_ENVIRONMENT=Development "ASPNETCORE_CONTENTROOT=$PWD/AuthServer" ASPNETCORE_URLS=$ISSUER \
    "${AUTHSERVER[@]}" dotnet "$dll" "$@"
}

# The folder may be from a version of the program whose schema was replaced. AuthServer says so, before anything is started.
need_usable_data() {
  [ -f "$DEMO/authserver.db" ] || return 0
  local rc=0
  run authserver migrate --check >/dev/null || rc=$?
  case $rc in
    0 | 2) ;;   # 2: AuthServer applies the pending migrations when it starts
    *) fail "the data of an earlier demo cannot be used. Delete the folder $DEMO, which holds only demo data: rm -r $DEMO" ;;
  esac
}

demo() {
  local only_tour=false rc=0
  case "${1:-}" in '') ;; --tour) only_tour=true ;; *) fail "demo takes no '$1'" ;; esac
  need_sdk
  need_ports
  stop_at_exit
  build_demo
  need_usable_data
  need_ports   # again, because another demo may have started during the build
  start_programs
  run deploy/probe.sh || rc=$?
  [ $rc = 0 ] || echo "The logs are in $DEMO."
  if $only_tour; then exit $rc; fi
  cat <<T

Running, until Ctrl-C:
  AuthServer   http://localhost:8400/.well-known/openid-configuration
  ResourceApi  http://localhost:8410/.well-known/oauth-protected-resource
  Orders       http://localhost:8421
  Reports      http://localhost:8422
Accounts: alice / correct-horse-apple, bob / correct-horse-birch, ada / correct-horse-cedar (admin)
Logs and databases: $DEMO
Mails: http://localhost:8400/development/mail
In another terminal: ./build.sh authserver session list
T
  while sleep .5; do need_programs; done
}

# --- test ------------------------------------------------------------------------------------------------------------

# The software of others that the tests run with AuthServer. The package of the module also installs Apache's program, but not the service,
# which would take port 80.
other_stacks_missing() {
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  command -v kubectl >/dev/null || missing+=(kubernetes-client)
  [ -f /usr/lib/apache2/modules/mod_auth_openidc.so ] || missing+=(libapache2-mod-auth-openidc)
  /usr/bin/python3 -c 'import authlib, django, jwt, requests, rest_framework' 2>/dev/null \
    || missing+=(python3-authlib python3-django python3-djangorestframework python3-jwt python3-requests)
}

# install_missing [--other-stacks]
install_missing() {
  local missing=()
  [ -x /usr/bin/chromium-headless-shell ] || missing+=(chromium-headless-shell)
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  [ "${1:-}" != --other-stacks ] || other_stacks_missing
  install_packages "${missing[@]}"
  [ "${1:-}" != --other-stacks ] || fetch_promtool
}

# promtool checks the alert rules. It is taken out of Debian's package of Prometheus, which would start a server if it were installed.
fetch_promtool() {
  local folder=artifacts/tools
  [ ! -x "$folder/usr/bin/promtool" ] || return 0
  command -v apt-get >/dev/null || fail 'promtool (of Prometheus) is missing'
  echo 'Fetching promtool ...'
  mkdir -p "$folder"
  (cd "$folder" && { apt-get download -qq prometheus || { as_root apt-get update -qq && apt-get download -qq prometheus; }; } \
    && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb) >/dev/null 2>&1 </dev/null || fail 'could not fetch promtool'
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# install_packages PACKAGE...
install_packages() {
  [ $# -gt 0 ] || return 0
  command -v apt-get >/dev/null || fail "please install: $*"
  echo "Installing $* ..."
  { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null </dev/null \
    || fail "could not install $*"
}

# count LOG WHAT: a number from the summary of a test run
count() { sed -n "s/^ *$2: \([0-9]*\)$/\1/p" "$1" | tail -n 1 | grep . || echo 0; }

# test_project PROJECT FOLDER: leaves counts and names of failed tests as files in the folder.
test_project() {
  local name=${1#tests/} rc=0 log=$2/${1#tests/}.log ok bad skip
  SECONDS=0
  dotnet test --project "$1" -c Release --no-build --timeout 45m >"$log" 2>&1 </dev/null || rc=$?
  ok=$(count "$log" succeeded) bad=$(count "$log" failed) skip=$(count "$log" skipped)
  # An exit code other than 0 without a failed test means that the run has crashed, which is a failure, too.
  if [ $rc != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  echo "$ok $bad $skip" >"$2/$name.counts"
  {
    flock 9   # the other lane may have ended a project at the same moment
    if [ "$bad" != 0 ]; then
      grep -v '^ *[0-9:]\{8\} INF ' "$log"   # without the informational log lines of the servers under test
      grep '^ *failed [^:]' "$log" >"$2/$name.failed" || echo "$name ended with exit code $rc" >"$2/$name.failed"
    fi
    echo "$name: $ok passed, $bad failed, $skip skipped, $SECONDS s"
  } 9>"$2/lock"
}

run_tests() {
  local rid folder passed=0 failed=0 skipped=0 ok bad skip
  need_sdk
  install_missing --other-stacks
  dotnet build AuthPlatform.sln -c Release -v quiet </dev/null || fail 'the solution does not build'
  # One of the tests runs the archive for this machine.
  case "$(uname -m)" in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
  deploy/publish.sh "archive:$rid" sbom >/dev/null || fail 'the release cannot be made'
  # Some hundred tests start AuthServer as a program: what ships needs half of the time for it.
  dotnet publish AuthServer -c Release -p:ArtifactsPivots=shipped -v quiet </dev/null || fail 'AuthServer cannot be published'
  export AUTHSERVER_SHIPPED=$PWD/artifacts/publish/AuthServer/shipped
  # No profiling: only long runs gain from it, and it costs these short ones a quarter of their time.
  export DOTNET_TieredPGO=0
  folder=$(mktemp -d)
  export -f test_project count
  # Two at a time, the long ones first: a project alone keeps two cores busy for two thirds of its time.
  printf '%s\n' tests/AuthServer.Tests tests/EndToEnd.Tests tests/*Tests | awk '!seen[$0]++' \
    | xargs -P 2 -I PROJECT bash -c 'test_project PROJECT "$0"' "$folder" \
    || { failed=1; echo 'A test project did not run to its end.' >"$folder/lane.failed"; }
  while read -r ok bad skip; do
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
  done < <(cat "$folder"/*.counts)
  cat "$folder"/*.failed 2>/dev/null || true
  rm -rf "$folder"
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

# --- bench -----------------------------------------------------------------------------------------------------------

# The servers that AuthServer is measured beside.
install_peers() {
  local missing=()
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  /usr/bin/python3 -c 'import argon2, cryptography, django, gunicorn, psycopg2, rest_framework_simplejwt' 2>/dev/null \
    || missing+=(gunicorn python3-argon2 python3-cryptography python3-django python3-djangorestframework
      python3-djangorestframework-simplejwt python3-jwt python3-psycopg2)
  install_packages "${missing[@]}"
  npm ci --prefix tests/Bench/Peer --prefer-offline --no-audit --no-fund >/dev/null || fail 'the packages of tests/Bench/Peer cannot be installed'
}

bench() {
  need_sdk
  install_missing
  install_peers
  dotnet build AuthPlatform.sln -c Release -v quiet </dev/null || fail 'the solution does not build'
  # Built as it ships, in a folder beside the build for tests and demo.
  dotnet publish AuthServer -c Release -p:ArtifactsPivots=shipped -v quiet </dev/null || fail 'AuthServer cannot be published'
  exec dotnet artifacts/bin/Bench/release/Bench.dll "$@"
}

# --- model -----------------------------------------------------------------------------------------------------------

PROVIDERS=(Sqlite SqlServer Postgres)

# model [NAME]: if the model has changed, each provider gets a further migration of this name. Existing migrations are never touched.
model() {
  local name=${1:-} provider
  [[ $name =~ ^([A-Z][A-Za-z0-9]*)?$ ]] || fail "'$name' is no name of a migration, such as AddAuditEvents"
  [ "$name" != Initial ] || fail 'Initial is the baseline, which stays: give the migration a name that says what it does'
  need_sdk
  dotnet tool restore >/dev/null
  set_compiled_models_aside
  build_model
  if model_has_changed; then
    [ -n "$name" ] || fail 'the model has changed: give the further migration a name, for example ./build.sh model AddAuditEvents'
    for provider in "${PROVIDERS[@]}"; do
      ef migrations add "$name" --context "${provider}AuthDbContext" --output-dir "Data/Migrations/$provider"
    done
    build_model
  else
    echo 'The model has no change without a migration: only the compiled models are made again.'
  fi
  for provider in "${PROVIDERS[@]}"; do
    ef dbcontext optimize --context "${provider}AuthDbContext" --output-dir "Data/Compiled/$provider" \
      --namespace "AuthServer.Data.Compiled.$provider" >/dev/null
  done
  build_model
  rm -rf "$ASIDE"
  ASIDE=
}

COMPILED=AuthServer/Data/Compiled
ASIDE=   # the folder that holds the compiled models while new ones are made

# Outdated compiled models may not compile, and the contexts work without them. If the script fails, they come back.
set_compiled_models_aside() {
  ASIDE=$(mktemp -d)
  trap restore_compiled_models EXIT
  [ ! -d "$COMPILED" ] || mv "$COMPILED" "$ASIDE"
}

restore_compiled_models() {
  [ -d "$ASIDE/Compiled" ] || return 0
  rm -rf "$COMPILED"
  mv "$ASIDE/Compiled" "$COMPILED"
  rmdir "$ASIDE"
}

model_has_changed() {
  local provider answer
  for provider in "${PROVIDERS[@]}"; do
    answer=$(ef migrations has-pending-model-changes --context "${provider}AuthDbContext" 2>&1) && continue
    grep -q '^Changes have been made to the model' <<<"$answer" || fail "dotnet ef has failed: $answer"
    return 0
  done
  return 1
}

# Without analyzers: `lint` and the build of the tests run them.
build_model() { dotnet build AuthServer -c Release -v quiet -p:RunAnalyzers=false </dev/null || fail 'AuthServer does not build'; }

ef() { dotnet ef "$@" --no-build --configuration Release --project AuthServer; }

# --- prove -----------------------------------------------------------------------------------------------------------

prove() {
  need_sdk
  install_missing
  dotnet build tests/Prove -c Release -v quiet </dev/null || fail 'the proof does not build'
  exec dotnet artifacts/bin/Prove/release/Prove.dll "$@"
}

# --- docs ------------------------------------------------------------------------------------------------------------

docs() {
  need_sdk
  dotnet build tests/House -c Release -v quiet -p:RunAnalyzers=false </dev/null || fail 'the pages cannot be made: the programs do not build'
  dotnet artifacts/bin/House/release/House.dll configuration
  dotnet artifacts/bin/House/release/House.dll floors
}

# --- lint ------------------------------------------------------------------------------------------------------------

lint() {
  need_sdk
  dotnet restore AuthPlatform.sln -v quiet
  dotnet format AuthPlatform.sln --verify-no-changes --no-restore --exclude AuthServer/Data/Migrations ResourceApi/Data/Migrations
  lint_document
}

# The OpenAPI document of the administration API, by the rules of two linters.
lint_document() (
  command -v npm >/dev/null || install_packages nodejs npm
  cd tests/OpenApi
  [ node_modules/.package-lock.json -nt package-lock.json ] \
    || npm ci --ignore-scripts --prefer-offline --no-audit --no-fund >/dev/null || fail 'the packages of tests/OpenApi cannot be installed'
  node_modules/.bin/spectral lint ../../docs/admin-api.json --ruleset spectral.yaml --fail-severity=warn --quiet
  REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_TELEMETRY=off node_modules/.bin/redocly lint ../../docs/admin-api.json --config redocly.yaml \
    2>"$PWD/node_modules/redocly.log" || { cat "$PWD/node_modules/redocly.log" >&2; exit 1; }
)

case "${1:-help}" in
  demo) shift; demo "$@" ;;
  authserver) shift; authserver "$@" ;;
  test) run_tests ;;
  bench) shift; bench "$@" ;;
  model) shift; model "$@" ;;
  prove) shift; prove "$@" ;;
  docs) docs ;;
  publish) shift; need_sdk; exec deploy/publish.sh "$@" ;;
  version) exec deploy/version.sh ;;
  lint) lint ;;
  help | -h | --help) help ;;
  *) help >&2; exit 2 ;;
esac

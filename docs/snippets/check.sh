#!/usr/bin/env bash
# Runs the snippets against a demo that is running (./build.sh demo) and asks each what it must take and refuse.
# check.sh [PORT]: the port to run them on, 8600 unless said; web apps are skipped at a port that their redirect URIs do not
# have. ISSUER and API are where the demo is. ROTATE is a command that rotates its keys at once, as
# './build.sh authserver keys rotate --now'; unless it is given, new keys are not looked at. PYTHON names the interpreter that
# has Django and Authlib; the programs of a language, or of a package, that is not there are skipped. Needs curl.
set -euo pipefail
cd "$(dirname "$0")"
issuer=${ISSUER:-http://localhost:8400/} api=${API:-http://localhost:8410} port=${1:-8600} python=${PYTHON:-python3} failed=0 pid=
export ISSUER="$issuer" API="$api" AUDIENCE="$api" ISSUER_JWKS_URL="${issuer}.well-known/jwks" ASPNETCORE_URLS="http://localhost:$port" PORT="$port"
work=$(mktemp -d)
export DJANGO_DATABASE="$work/django.sqlite3"
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

token() { # FIELD CLIENT SECRET PARAMETERS...
  local field=$1 client=$2 secret=$3; shift 3
  curl -sSf -u "$client:$secret" "${issuer}connect/token" "$@" | tr -d "\n" | sed "s/.*\"$field\": *\"\([^\"]*\)\".*/\1/"
}

encode() { base64 -w0 | tr '+/' '-_' | tr -d '='; }

person=(-d grant_type=password -d username=alice -d password=correct-horse-apple)
fresh() { token access_token nightly-job nightly-job-demo-secret -d grant_type=client_credentials -d scope=notes.read; }
good=$(fresh)
narrow=$(token access_token orders orders-demo-secret "${person[@]}" -d scope=users.read)
foreign=$(token access_token orders orders-demo-secret "${person[@]}" -d scope=openid)
identity=$(token id_token orders orders-demo-secret "${person[@]}" --data-urlencode 'scope=openid notes.read')
# The right claims under the issuer's other key: says ES256, names the RSA key of the ID token.
rsa_key=$(cut -d. -f1 <<<"$identity" | tr '_-' '/+' | { base64 -d 2>/dev/null || true; } | sed 's/.*"kid": *"\([^"]*\)".*/\1/')
confused=$(printf '{"alg":"ES256","typ":"at+jwt","kid":"%s"}' "$rsa_key" | encode).$(cut -d. -f2,3 <<<"$good")
unsigned=$(printf '{"alg":"none","typ":"at+jwt"}' | encode).$(cut -d. -f2 <<<"$good").
changed=$(cut -d. -f1 <<<"$good").$(cut -d. -f2 <<<"$narrow").$(cut -d. -f3 <<<"$good")

ask() { # STATUS WHAT [TOKEN]
  local status
  status=$(curl -s -o /dev/null -w '%{http_code}' "http://localhost:$port/notes" ${3:+-H "Authorization: Bearer $3"})
  if [ "$status" = "$1" ]; then echo "  $status $2"; else echo "  $status $2: expected $1"; failed=1; fi
}

says() { # PATTERN TEXT WHAT
  if grep -q -- "$1" <<<"$2"; then echo "  $3"; else echo "  $3: not so"; sed 's/<[^>]*>//g; /^ *$/d; s/^/    | /' <<<"$2" | head -40; failed=1; fi
}

build() { dotnet build "$1.cs" -o "$work/$1" -v quiet >"$work/log" || { cat "$work/log"; exit 1; }; }

stop() { kill $pid; wait $pid 2>/dev/null || true; pid=; }

# new_key CALLS: after a rotation at once, before the API has a reason to ask for keys. It may refuse all but the last of so many calls
new_key() {
  local old next call
  [ -n "${ROTATE:-}" ] || return 0
  old=$(fresh | cut -d. -f1)
  $ROTATE >/dev/null
  for _ in $(seq 120); do
    next=$(fresh)
    [ "$(cut -d. -f1 <<<"$next")" = "$old" ] || break
    sleep 0.5
  done
  for call in $(seq 2 "$1"); do curl -s -o /dev/null -H "Authorization: Bearer $next" "http://localhost:$port/notes"; sleep 1; done
  ask 200 "a token of a key that was made a moment ago, call $1" "$next"
  ask 200 'a token of the key before' "$good"
}

check() { # NAME CALLS_WITH_A_NEW_KEY COMMAND...
  local calls=$2
  echo "$1"; shift 2
  "$@" >"$work/log" 2>&1 & pid=$!
  for _ in $(seq 120); do
    kill -0 $pid 2>/dev/null || { cat "$work/log"; failed=1; return; }
    ! curl -s -o /dev/null "http://localhost:$port/notes" || break
    sleep 0.5
  done
  ask 200 'an access token with the scope' "$good"
  ask 401 'no token'
  ask 403 'an access token without the scope' "$narrow"
  ask 401 'an access token for somebody else' "$foreign"
  ask 401 'an ID token' "$identity"
  ask 401 'an access token that was changed' "$changed"
  ask 401 'an unsigned token' "$unsigned"
  ask 401 'a token that names the wrong key' "$confused"
  ask 401 'no token at all' 'x.y.z'
  [ "$calls" = 0 ] || new_key "$calls"
  stop
}

build aspnetcore-openiddict
check aspnetcore-openiddict.cs 3 dotnet "$work/aspnetcore-openiddict/aspnetcore-openiddict.dll" # it fetches them beside the call
build aspnetcore-jwtbearer
check aspnetcore-jwtbearer.cs 1 dotnet "$work/aspnetcore-jwtbearer/aspnetcore-jwtbearer.dll"
# A browser with the cookies in a file; the last line is where it has come to. It goes on where a page leads on by itself.
browse() {
  local next
  curl -sL -b "$work/jar" -c "$work/jar" -D "$work/headers" -w '\n%{url_effective}' "$@" >"$work/page" || true
  next=$(sed -n 's/^refresh: 0; *url=//Ip' "$work/headers" | tr -d '\r' | tail -1)
  case $next in /*) next=${issuer%/}$next ;; esac
  if [ -n "$next" ]; then browse "$next"; else cat "$work/page"; fi
}

# submit PAGE FIELDS...: the form of a page of the issuer
submit() {
  local page=$1 form; shift
  form=$(sed -n 's/.*name="form"[^>]*value="\([^"]*\)".*/\1/p' <<<"$page" | head -1)
  browse "${page##*$'\n'}" --data-urlencode "form=$form" "$@"
}

start_web() { # NAME COMMAND...
  echo "$1"; shift
  rm -f "$work/jar"
  "$@" >"$work/log" 2>&1 & pid=$!
  for _ in $(seq 120); do
    kill -0 $pid 2>/dev/null || break
    ! curl -s -o /dev/null "http://localhost:$port/" || return 0
    sleep 0.5
  done
  cat "$work/log"; exit 1
}

signs_in() {
  local page
  page=$(browse "http://localhost:$port/")
  says 'Sign in to Snippet' "$page" 'leads to the sign-in page of the issuer'
  page=$(submit "$page" -d userName=alice -d password=correct-horse-apple)
  says 'Hello Alice Ahn' "$page" 'comes back with the person'
}

signs_out() { says 'Sign in to Snippet' "$(browse "http://localhost:$port/signout")" 'signs out at the issuer, which asks for the password again'; }

webapp() { start_web "$@"; signs_in; signs_out; stop; }

# Its access tokens, too, are refreshed after 5 seconds.
node_webapp() {
  start_web 'node/webapp.mjs' node "$work/node/webapp.mjs"
  signs_in
  says '^\[' "$(browse "http://localhost:$port/notes")" 'calls the API for the person'
  sleep 6
  says '^\[' "$(browse "http://localhost:$port/notes")" 'and when the access token is old'
  says '^Refreshed the access token' "$(cat "$work/log")" 'which it has refreshed'
  signs_out
  stop
}

# Its access tokens are good for 35 seconds, and are refreshed 30 before.
spa() {
  local page call title="Note $RANDOM" here="http://localhost:$port"
  build aspnetcore-spa
  start_web aspnetcore-spa.cs dotnet "$work/aspnetcore-spa/aspnetcore-spa.dll"
  fetch() { curl -s -i -b "$work/jar" -c "$work/jar" -H 'X-CSRF: 1' "$@"; }
  says '^HTTP/1.1 401' "$(fetch "$here/bff/user")" 'tells the page that nobody is signed in, and does not redirect'
  says 'src=/app.js' "$(browse "$here/")" 'serves its page to everybody'
  page=$(browse "$here/bff/signin")
  page=$(submit "$page" -d userName=alice -d password=correct-horse-apple)
  says 'src=/app.js' "$page" 'signs in and comes back to the page'
  says '"name":"Alice Ahn"' "$(fetch "$here/bff/user")" 'tells the page who is there'
  says '^#HttpOnly_localhost.*TRUE.*__Host-Spa' "$(cat "$work/jar")" 'keeps the sign-in in a cookie that scripts do not see'
  says '^HTTP/1.1 400' "$(curl -s -i -b "$work/jar" "$here/bff/api/notes")" 'refuses a call without the header'
  says '^HTTP/1.1 201' "$(fetch "$here/bff/api/notes" -H 'Content-Type: application/json' -d "{\"title\":\"$title\"}")" 'writes a note'
  call=$(fetch "$here/bff/api/notes")
  says "$title" "$call" 'reads the notes'
  if grep -qi '^Set-Cookie' <<<"$call"; then echo '  refreshed before it was time'; failed=1; fi
  sleep 6
  call=$(fetch "$here/bff/api/notes")
  says "$title" "$call" 'reads them when the access token is old'
  says '^Set-Cookie: __Host-Spa.*samesite=strict' "$call" 'which it has refreshed'
  page=$(browse -i "$here/bff/signout")
  says '^Set-Cookie: __Host-Spa=; expires=Thu, 01 Jan 1970' "$page" 'signs out, and takes the cookie away'
  says 'src=/app.js' "$page" 'at the issuer too, and comes back'
  # That cookie, kept by somebody: curl 7 keeps it by itself.
  sleep 6
  says '^HTTP/1.1 401' "$(fetch "$here/bff/user")" 'takes a cookie of a sign-in that has ended no longer than its access token'
  stop
}

# native USER PASSWORD ANSWER EXIT_CODE WORDS
native() {
  local page code=0
  rm -f "$work/jar"
  dotnet "$work/native/native.dll" --print >"$work/log" 2>&1 & pid=$!
  for _ in $(seq 120); do ! grep -q '^To sign in' "$work/log" || break; sleep 0.5; done
  page=$(browse "$(sed -n 's/^To sign in, go to //p' "$work/log")")
  page=$(submit "$page" -d "userName=$1" -d "password=$2")
  # Who has said yes before is not asked again.
  if [ "$3" = no ] || grep -q 'name="answer"' <<<"$page"; then page=$(submit "$page" -d "answer=$3"); fi
  says 'Back to the program' "$page" "the browser comes back to a port of its own: $1 said $3"
  grep -q 'Back to the program' <<<"$page" || kill $pid
  wait $pid || code=$?
  pid=
  says "$5" "$(cat "$work/log") [$code]" "$5, exit code $4"
  [ $code = "$4" ] || failed=1
}

machine() {
  echo machine.cs
  build machine
  local log
  log=$(dotnet "$work/machine/machine.dll" 2>&1) || { echo "$log"; failed=1; }
  says '^3$' "$(grep -c '^200 \[' <<<"$log")" 'calls the API three times'
  says '^1$' "$(grep -c '^A new access token' <<<"$log")" 'with one access token'
}

registered=$(curl -s -o /dev/null -w '%{http_code}' "${issuer}connect/authorize?client_id=snippet&response_type=code&redirect_uri=http://localhost:$port/signin-oidc")
[ "$registered" = 302 ] || echo "the web apps skipped: their redirect URIs do not have the port $port"
web() { [ "$registered" != 302 ] || "$@"; }

build aspnetcore-webapp
web webapp aspnetcore-webapp.cs dotnet "$work/aspnetcore-webapp/aspnetcore-webapp.dll"
web spa
echo native.cs
build native
native bob correct-horse-birch no 1 'Nobody is signed in: access_denied'
native alice correct-horse-apple yes 0 'Signed in as Alice Ahn'
machine

if command -v npm >/dev/null; then
  # NODE is a copy of the folder that has its packages already.
  ln -s "${NODE:-$work/copy}" "$work/node"
  if [ -z "${NODE:-}" ]; then
    cp -r node "$work/copy"
    (cd "$work/copy" && npm ci --prefer-offline --no-audit --no-fund >"$work/log" 2>&1) || { cat "$work/log"; exit 1; }
  fi
  # Node 18 has the Web Crypto API, but not as a global.
  case $(node --version) in v18.*) export NODE_OPTIONS=--experimental-global-webcrypto ;; esac
  check 'node/api.mjs' 1 env -C "$work/node" node api.mjs
  web node_webapp
else
  echo 'node/ skipped: npm is not installed'
fi

if "$python" -c 'import django, jwt, rest_framework' 2>/dev/null; then
  check 'django/api.py' 1 "$python" django/api.py "$port"
else
  echo 'django/api.py skipped: Django, REST framework or PyJWT is not installed'
fi
if "$python" -c 'import authlib, django, requests' 2>/dev/null; then
  web webapp 'django/webapp.py' "$python" django/webapp.py "$port"
else
  echo 'django/webapp.py skipped: Django, Authlib or requests is not installed'
fi

if command -v go >/dev/null && go build -o "$work/go" go/main.go 2>"$work/log"; then
  # go-oidc 2 keeps the keys as long as the issuer says they may be kept; 3 asks for one that it does not know.
  check 'go/main.go, the API' 0 "$work/go"
  web start_web 'go/main.go, the web app' "$work/go"
  web signs_in
  web stop
else
  echo "go/ skipped: Go or go-oidc is not installed"
fi
exit $failed

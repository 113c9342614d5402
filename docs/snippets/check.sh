#!/usr/bin/env bash
# Runs the snippets against a demo that is running (./build.sh demo) and asks each what it must take and refuse.
# check.sh [PORT]: the port to run them on, 8600 unless said. PYTHON names the interpreter that has Django; without Django
# that snippet is skipped. Needs curl.
set -euo pipefail
cd "$(dirname "$0")"
issuer=${ISSUER:-http://localhost:8400/} port=${1:-8600} python=${PYTHON:-python3} failed=0 pid=
export ISSUER="$issuer" ISSUER_JWKS_URL="${issuer}.well-known/jwks" ASPNETCORE_URLS="http://localhost:$port"
work=$(mktemp -d)
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

token() { # FIELD CLIENT SECRET PARAMETERS...
  local field=$1 client=$2 secret=$3; shift 3
  curl -sSf -u "$client:$secret" "${issuer}connect/token" "$@" | tr -d "\n" | sed "s/.*\"$field\": *\"\([^\"]*\)\".*/\1/"
}

encode() { base64 -w0 | tr '+/' '-_' | tr -d '='; }

person=(-d grant_type=password -d username=alice -d password=correct-horse-apple)
good=$(token access_token nightly-job nightly-job-demo-secret -d grant_type=client_credentials -d scope=notes.read)
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

check() { # NAME COMMAND...
  echo "$1"; shift
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
  kill $pid; wait $pid 2>/dev/null || true
  pid=
}

for snippet in aspnetcore-openiddict aspnetcore-jwtbearer; do
  dotnet build "$snippet.cs" -o "$work/$snippet" -v quiet >/dev/null
  check "$snippet.cs" dotnet "$work/$snippet/$snippet.dll"
done
# Its redirect URI is registered with this port.
if [ "$port" = 8600 ]; then
  echo aspnetcore-webapp.cs
  dotnet build aspnetcore-webapp.cs -o "$work/webapp" -v quiet >/dev/null
  dotnet "$work/webapp/aspnetcore-webapp.dll" >"$work/log" 2>&1 & pid=$!
  for _ in $(seq 120); do ! curl -s -o /dev/null "http://localhost:$port/signout" || break; sleep 0.5; done
  browse() { curl -sL -b "$work/jar" -c "$work/jar" -w '\n%{url_effective}' "$@"; }
  says() { if grep -q "$1" <<<"$2"; then echo "  $3"; else echo "  $3: not so"; failed=1; fi; }
  page=$(browse "http://localhost:$port/")
  says 'to continue to Snippet' "$page" 'leads to the sign-in page of the issuer'
  form=$(sed -n 's/.*name="form"[^>]*value="\([^"]*\)".*/\1/p' <<<"$page" | head -1)
  page=$(browse "${page##*$'\n'}" --data-urlencode "form=$form" -d userName=alice -d password=correct-horse-apple)
  says 'Hello Alice Ahn' "$page" 'comes back with the person'
  says 'to continue to Snippet' "$(browse "http://localhost:$port/signout")" 'signs out at the issuer, which asks for the password again'
  kill $pid; wait $pid 2>/dev/null || true
  pid=
fi
if "$python" -c 'import django, jwt, rest_framework' 2>/dev/null; then
  check 'django/' "$python" django/api.py "$port"
else
  echo 'django/ skipped: Django, REST framework or PyJWT is not installed'
fi
exit $failed

#!/usr/bin/env bash
# Checks a running demo, no matter who started it: the four programs must be healthy, then the tour walks through them.
# The tour must have been built: dotnet build tests/Tour -c Release
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet artifacts/bin/Tour/release/Tour.dll --issuer http://localhost:8400 --api http://localhost:8410 \
  --also http://localhost:8421 --also http://localhost:8422 --leeway 2

#!/usr/bin/env bash
# Makes the files of a release in artifacts/release: archives, images, the bill of materials (SBOM) and SHA256SUMS.
#   deploy/publish.sh             all parts, for linux-x64 and linux-arm64
#   deploy/publish.sh PART...     archive:linux-x64, archive:linux-arm64, image:linux-x64, image:linux-arm64, sbom
# BASE_IMAGE names another source of the base image, for example a mirror.
set -euo pipefail
cd "$(dirname "$0")/.."

OUT=$PWD/artifacts/release
BASE_IMAGE=${BASE_IMAGE:-mcr.microsoft.com/dotnet/aspnet:10.0}
VERSION=$(deploy/version.sh)
NAME=authserver-$VERSION

fail() { echo "publish: $*" >&2; exit 1; }

quiet() { # quiet LOG COMMAND...
  local log=$1; shift
  "$@" >"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; return 1; }
}

# All files in an archive get the time of the commit, so that two builds of one commit can be compared.
stamp() { git log -1 --format=%ct 2>/dev/null || date +%s; }

# archive RID: a compressed folder with the program. The machine needs no .NET.
archive() {
  local rid=$1 stage=$PWD/artifacts/stage/$1; local top=$stage/$NAME
  rm -rf "$stage" && mkdir -p "$top"
  quiet "$stage/log" dotnet publish AuthServer -c Release -r "$rid" --self-contained -p:PublishDocumentationFiles=false -o "$top" -v quiet \
    || fail "AuthServer cannot be published for $rid"
  cp LICENSE CHANGELOG.md SECURITY.md "$top"
  mkdir "$top/deploy" && cp deploy/systemd/authserver.service deploy/nginx/authserver.conf deploy/caddy/Caddyfile "$top/deploy"
  # Everybody may read the files and run the programs, whatever the umask of the build is.
  chmod -R u=rwX,go=rX "$top"
  tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(stamp)" -cf - "$NAME" | gzip -n9 >"$OUT/$NAME-$rid.tar.gz"
  rm -rf "$stage"
}

# image RID: an OCI archive. Making it needs no container engine; skopeo, podman, ctr and docker can load it.
image() {
  local rid=$1 log=$PWD/artifacts/image-$1.log
  quiet "$log" dotnet publish AuthServer -c Release -r "$rid" --self-contained false -t:PublishContainer -v quiet \
    -p:ContainerBaseImage="$BASE_IMAGE" -p:ContainerImageTag="$VERSION" \
    -p:SourceRevisionId="$(git rev-parse HEAD 2>/dev/null)" -p:ContainerArchiveOutputPath="$OUT/$NAME-$rid.oci.tar" 2>/dev/null && return 0
  if grep -qE 'HttpRequestException|SocketException|CONTAINER1013|CONTAINER1015|CONTAINER1016|ContainerHttpException' "$log"; then
    fail "no image: the base image $BASE_IMAGE cannot be fetched from here. Set BASE_IMAGE to a registry that can be reached, or make only the other parts"
  fi
  fail "the image for $rid cannot be made; see $log"
}

# Lists the packages of the lock file, and the .NET runtime that is in the archives.
sbom() {
  local runtime bom=$PWD/artifacts/sbom
  mkdir -p "$bom"
  runtime=$(dotnet msbuild AuthServer -getProperty:BundledNETCoreAppPackageVersion)
  sed -e "s/VERSION/$VERSION/g" -e "s/RUNTIME/$runtime/g" deploy/sbom.xml >"$bom/metadata.xml"
  quiet "$bom/log" dotnet tool restore || fail 'the tool CycloneDX cannot be restored'
  quiet "$bom/log" dotnet restore AuthServer || fail 'AuthServer cannot be restored'
  quiet "$bom/log" dotnet dotnet-CycloneDX AuthServer/AuthServer.csproj -dpr -ed -ef Microsoft.EntityFrameworkCore.Design -F Json -imp "$bom/metadata.xml" -o "$OUT" -fn "$NAME.cdx.json" \
    || fail 'the SBOM cannot be made'
}

sums() { (cd "$OUT" && find . -maxdepth 1 -type f -name "$NAME*" -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS); }

mkdir -p "$OUT"
# Images come last, because only they need an image registry.
[ $# -gt 0 ] || set -- archive:linux-x64 archive:linux-arm64 sbom image:linux-x64 image:linux-arm64
for part; do
  case "$part" in
    archive:linux-x64 | archive:linux-arm64 | image:linux-x64 | image:linux-arm64 | sbom) ;;
    *) fail "there is no part '$part'" ;;
  esac
done
for part; do
  echo "Making $part ..."
  "${part%%:*}" "${part#*:}"
  sums
done
cat "$OUT/SHA256SUMS"

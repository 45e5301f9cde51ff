#!/usr/bin/env bash
# Debian packages that the tests use beside what pip installs. Harmless to run again.
set -euo pipefail

# maven brings Java with it: both are for the Kafka of the tests; kcat reads it as a stranger would.
# chromium shows the console to the browser tests; the fonts are what Chinese PDFs are set in.
wanted=(postgresql python3-venv make gcc libc6-dev util-linux bsdextrautils curl maven kcat
  chromium fonts-noto-cjk)
# npm is for the official AsyncAPI parser; a Node.js of another origin brings its own.
command -v npm >/dev/null || wanted+=(npm)
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

#!/usr/bin/env bash
# Set up what `make lecture` (or `make test`, or a cluster) needs: system packages, .venv, setup/node_modules. Safe to run again:
# where all that is locked has been installed already, nothing is done, whatever the times of files say.
# `pdf`, `pptx` and `bench` add what these need besides, and expect the rest to be there.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-lecture}
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

requirements=setup/requirements.txt
if [ "$what" != lecture ] && [ "$what" != pdf ]; then requirements="setup/requirements-$what.txt"; fi
[ -f "$requirements" ] || { say "there is nothing called '$what' to set up"; exit 2; }

# The digest of all that says what is installed; .venv/.ready-<what> holds that of what has been.
digest_of_locks() {
  local sum=sha256sum
  command -v sha256sum >/dev/null || sum="shasum -a 256"
  cat setup/setup.sh setup/package.json setup/package-lock.json setup/requirements-node.txt "$requirements" | $sum
}
ready=".venv/.ready-$what"
locked=$(digest_of_locks)
is_ready() {
  [ -f "$ready" ] && [ "$(cat "$ready")" = "$locked" ] && [ -x .venv/bin/python ] && [ -f setup/node_modules/.package-lock.json ]
}
if is_ready; then exit; fi

# Nothing is written through a link: what it leads to may belong to another project.
for place in setup setup/node_modules generator .venv .venv/bin .venv/lib .venv/lib/*/site-packages; do
  if [ -L "$place" ]; then
    say "$place is a link to $(readlink "$place"), and nothing is installed through links"
    say "hint: remove the link, or set up the project that it leads to"
    exit 1
  fi
done
# What is installed now may take away what another set-up has added.
if [ "$what" = lecture ]; then rm -f .venv/.ready*; else rm -f "$ready"; fi
finish() { printf '%s\n' "$locked" > "$ready"; say "set up"; exit; }

# Install Debian packages when we may; otherwise say the one line that does it, and stop.
install_packages() {
  local as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    say "installing system packages: $*"
    "${as_root[@]}" apt-get update -qq >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    say "system packages are missing; run this line, then make again:"
    say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    exit 1
  fi
}

# pycairo and ManimPango come without wheels for Linux: pip compiles them against Cairo and Pango.
missing=()
command -v "$python" >/dev/null || { say "Python 3.11 or newer is missing (PYTHON=python3.12 chooses one)"; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "$python is older than 3.11; PYTHON=python3.12 chooses another"; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
command -v gcc >/dev/null || missing+=(gcc)
command -v pkg-config >/dev/null || missing+=(pkg-config)
pkg-config --exists cairo 2>/dev/null || missing+=(libcairo2-dev)
pkg-config --exists pangocairo 2>/dev/null || missing+=(libpango1.0-dev)
header=$("$python" -c 'import sysconfig, os; print(os.path.join(sysconfig.get_paths()["include"], "Python.h"))')
[ -f "$header" ] || missing+=(python3-dev)
if [ "$what" = test ] || [ "$what" = pdf ]; then
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
fi
if [ "$what" = test ]; then command -v openssl >/dev/null || missing+=(openssl); fi  # makes certificates for a test
# Debian's Firefox, and the decoder of films that it takes from the system: other systems have other ones, and skip its tests.
if [ "$what" = test ] && grep -qs '^ID=debian' /etc/os-release; then
  command -v firefox-esr >/dev/null || missing+=(firefox-esr)
  { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q 'libavcodec\.so' || missing+=(libavcodec-extra)
fi
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"

if [ "$what" = pdf ]; then finish; fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
say "installing Python packages ($requirements)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"

if [ "$what" = pptx ] || [ "$what" = bench ]; then finish; fi

# Node is needed only here, to fetch reveal.js and Temml by their locked integrity.
if ! command -v npm >/dev/null; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r setup/requirements-node.txt
  PATH="$PWD/.venv/bin:$PATH"
fi
less=(--omit=dev)
if [ "$what" = test ] || [ -d setup/node_modules/axe-core ]; then less=(); fi  # what the tests need stays
npm ci --prefix setup --silent --no-audit --no-fund --ignore-scripts "${less[@]}" >&2
.venv/bin/python -m compileall -q generator  # a build writes no bytecode itself
finish

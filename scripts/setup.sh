# Sourced by ./run and ./check: finds Python, makes .venv, installs exactly what a requirements file pins.
say() { printf '%s\n' "casework: $*"; }
die() { say "$*" >&2; exit 1; }

find_python() {
  for python in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$python"; return; }
  done
  return 1
}

# setup REQUIREMENTS: re-runnable; a stamp with the file's hash says what is installed already.
setup() {
  local requirements=$1 stamp python
  stamp=.venv/.installed-$(sha256sum "$requirements" | cut -c1-16)
  [ -e "$stamp" ] && return
  python=$(find_python) || die "Python 3.11 or newer with venv is missing (on Debian: apt-get install python3 python3-venv)"
  [ -x .venv/bin/python ] || { say "making .venv with $($python --version)"; "$python" -m venv .venv; }
  say "installing $requirements"
  if .venv/bin/python -m pip -q --disable-pip-version-check install 'uv>=0.9' 2>/dev/null; then
    .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes "$requirements"
  else
    .venv/bin/python -m pip -q --disable-pip-version-check install --require-hashes -r "$requirements"
  fi
  rm -f .venv/.installed-*
  touch "$stamp"
}

# Words, and bytecode even where Python is told to write none: tests and operators start the program hundreds of times.
compile_all() {
  .venv/bin/python -m compileall -q app.py casework forms letters
  .venv/bin/python -m babel.messages.frontend -q compile -f -d translations -D messages 2>/dev/null \
    || .venv/bin/pybabel -q compile -f -d translations
}

#!/usr/bin/env bash
# After changing a message: collects the messages of code and pages into the Chinese catalogue and names those without words.
set -euo pipefail
cd "$(dirname "$0")/.."
pot=$(mktemp)
trap 'rm -f "$pot"' EXIT
.venv/bin/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -k NotAllowed -k NotPossible -k refuse:2 -k _n:1,2 --no-location --sort-output -o "$pot" .
.venv/bin/pybabel -q update -i "$pot" -d translations -l zh_Hans_CN --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120
.venv/bin/python - <<'PY'
from babel.messages.pofile import read_po
with open("translations/zh_Hans_CN/LC_MESSAGES/messages.po", "rb") as f:
    missing = [m.id for m in read_po(f) if m.id and not all([m.string] if isinstance(m.string, str) else m.string)]
print(*(f"without words: {m}" for m in missing), sep="\n")
PY

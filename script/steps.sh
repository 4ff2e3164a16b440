# Sourced by the other scripts: where we are, and steps that say what they do and how long they took.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
# One target folder, wherever a person keeps theirs: the binary is then where the scripts look for it.
export CARGO_TARGET_DIR="$PWD/target"

fail() {
  printf '\n%s\n' "$@" >&2
  exit 1
}

# step "what it does" "what to do when it fails" command…
step() {
  local title=$1 advice=$2 start=$EPOCHREALTIME
  shift 2
  echo "== $title …"
  "$@" || fail "“$title” failed." "$advice"
  echo "== $title: $(seconds_since "$start") s"
}

seconds_since() {
  awk -v a="${1/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", b - a }'
}

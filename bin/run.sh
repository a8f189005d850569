#!/bin/sh
# Runs a TypeScript file of this project: run.sh SCRIPT ARGUMENTS… Works in a fresh checkout: it
# first installs the npm packages if they are missing or differ from package-lock.json.
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null; then
	echo "Node.js 20.19 or later is required: https://nodejs.org/en/download" >&2
	exit 1
fi

not_installed=10
check() {
	code=0
	node bin/preflight.mjs || code=$?
}

install() {
	log=.local/log/npm.log
	mkdir -p .local/log
	# If two commands start at once, one installs and the other waits and reuses the packages.
	exec 9>.local/npm.lock
	! command -v flock >/dev/null || flock 9
	check
	[ "$code" = "$not_installed" ] || return 0
	echo "Installing npm packages (log: $log)"
	if ! npm ci --include=dev --ignore-scripts --no-audit --no-fund >"$log" 2>&1 </dev/null 9>&-; then
		tail -n 15 "$log" >&2
		exit 1
	fi
	code=0
}

check
[ "$code" != "$not_installed" ] || { install; exec 9>&-; }
[ "$code" = 0 ] || exit "$code"
exec node --import tsx "$@"

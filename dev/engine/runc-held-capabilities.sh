#!/bin/sh
# An OCI runtime: runc, which gives a container only capabilities that this machine has. Docker 20.10
# asks for all capabilities for a privileged container, and runc refuses that on a machine that is
# itself a container without some of them.
set -eu

held=" $(setpriv --dump | sed -n 's/^Capability bounding set: //p' | tr 'a-z,' 'A-Z ') "

# Removes the capabilities that are not held from a JSON file.
remove_missing() {
  grep -o '"CAP_[A-Z0-9_]*"' "$1" | sort -u | while read -r capability; do
    name=${capability#\"CAP_}
    case $held in
      *" ${name%\"} "*) ;;
      *) sed -i -e "s/$capability,//g" -e "s/,$capability//g" -e "s/$capability//g" "$1" ;;
    esac
  done
}

option=
for argument; do
  case $option in
    --bundle) remove_missing "$argument/config.json" ;;
    --process) remove_missing "$argument" ;;
  esac
  option=$argument
done
exec runc "$@"

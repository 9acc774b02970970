#!/bin/sh
# Builds the lab vCenter from Debian's Go packages and prints the path of the program.
#
#   build.sh FOLDER    builds into FOLDER, unless a program of exactly these sources is there already
#
# The simulator itself is not in this folder: it comes from golang-github-vmware-govmomi-dev. The build lays the files
# of simulator/ beside its own ("go build -overlay") and, since these have to be asked before it acts, renames the
# functions listed below in a copy that lives only as long as the build.
set -eu

target=${1:?"build.sh FOLDER"}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=${MIGRATEKIT_GOPATH:-/usr/share/gocode}
package=$root/src/github.com/vmware/govmomi/simulator

die() {
    echo "lab vCenter: $1" >&2
    exit 1
}

command -v go >/dev/null || die "no Go found; apt-get install --no-install-recommends golang-go"
[ -d "$package" ] || die "no govmomi sources in $root; apt-get install --no-install-recommends golang-github-vmware-govmomi-dev"

id=$({ go version && cat "$here"/build.sh "$here"/*.go "$here"/simulator/*.go "$package"/*.go; } | sha256sum | cut -c 1-16)
program=$target/lab-vcenter-$id
mkdir -p "$target"
exec 9>"$target/lab-vcenter.lock"
flock 9
if [ -x "$program" ]; then
    echo "$program"
    exit 0
fi

work=$(mktemp -d "$target/build.XXXXXX")
trap 'rm -rf "$work"' EXIT

# hook FILE 'TEXT' 'REPLACEMENT': exactly one line has to have it, else the simulator is not the one that we know.
hook() {
    [ -e "$work/$1" ] || cp "$package/$1" "$work/$1"
    found=$(grep -cF -- "$2" "$work/$1") || true
    [ "$found" = 1 ] || die "'$2' is $found times in $package/$1; this govmomi is not 0.24"
    awk -v text="$2" -v by="$3" '{ at = index($0, text)
        if (at) print substr($0, 1, at - 1) by substr($0, at + length(text)); else print }' "$work/$1" >"$work/next"
    mv "$work/next" "$work/$1"
}

hook simulator.go 'func (s *Service) call(' 'func (s *Service) stockCall('
hook task.go 'func (t *Task) Run(' 'func (t *Task) stockRun('
hook virtual_machine.go 'diskBacking := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)' 'diskBacking := labFlat(disk.Backing)'
hook virtual_machine.go 'err := vm.configure(&req.Spec)' 'err := labConfigure(vm, &req.Spec)'
action='func(t *Task) (types.AnyType, types.BaseMethodFault) {'
hook virtual_machine.go "task := CreateTask(vm, \"createSnapshot\", $action" \
    "task := CreateTask(vm, \"createSnapshot\", $action if f := labBeforeSnapshot(vm, req); f != nil { return nil, f }"
hook virtual_machine.go 'func (vm *VirtualMachine) ShutdownGuest(' 'func (vm *VirtualMachine) stockShutdownGuest('
hook virtual_machine.go 'event := c.event()' 'event := c.event(); labPower(c.VirtualMachine, c.state)'
hook virtual_machine.go 'snapshot.createSnapshotFiles()' \
    'snapshot.createSnapshotFiles(); if f := labSnapshot(vm, snapshot); f != nil { return nil, f }'
hook virtual_machine.go 'Map.Remove(ref)' 'Map.Remove(ref); labRemoved(vm)'
hook snapshot.go 'Map.Remove(req.This)' 'Map.Remove(req.This); Map.WithLock(vm, func() { labRemoved(vm) })'
hook snapshot.go "task := CreateTask(v, \"revertToSnapshot\", $action" \
    "task := CreateTask(v, \"revertToSnapshot\", $action labReverted(v)"

{
    printf '{"Replace": {'
    separator=''
    for file in "$here"/simulator/*.go "$work"/*.go; do
        printf '%s\n"%s/%s": "%s"' "$separator" "$package" "$(basename "$file")" "$file"
        separator=,
    done
    printf '}}\n'
} >"$work/overlay.json"

cd "$here"
GO111MODULE=off GOPATH=$root GOFLAGS='' CGO_ENABLED=0 \
    go build -overlay "$work/overlay.json" -trimpath -ldflags '-s -w' -o "$work/program" ./*.go >&2 || die "the build failed"
mv "$work/program" "$program"
find "$target" -name 'lab-vcenter-*' -mtime +30 -delete # those of sources long gone
echo "$program"

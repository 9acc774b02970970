#!/bin/sh
# Stands in for nbdkit's vddk plugin (nbdkit sh SCRIPT control=FOLDER …): takes the same parameters, reads the password
# from a file as that does, and serves the file control/disk.raw.
# control/password     the password that is the right one
# control/say          lines to print when the disk is opened, which then fails
# control/say-at-read  lines to print when the disk is read, which then fails
# control/say-at-start lines to print at the start, which then fails
# control/hang-at-start, hang-at-open, hang-at-read: hang for as long as the file is there and nbdkit lives
# Leaves behind: control/parameters, control/leaks (where the password was seen), control/starts (one line for each).

control=
[ ! -e "$tmpdir/control" ] || read -r control < "$tmpdir/control" # few forks: each request is a process of its own

hang() {
    while [ -e "$control/$1" ] && kill -0 "$PPID" 2>&-; do sleep 0.05; done
}

# The value is '+FILE', and FILE is readable by its owner only, in a folder of the same kind.
take_password() {
    file=${1#+}
    case "$1" in
        +*) ;;
        *) echo "EINVAL password=+FILE is needed" >&2; exit 1 ;;
    esac
    modes=$(stat -c %a "$file" "${file%/*}")
    if [ "$modes" != "600
700" ]; then
        echo "EINVAL modes of password file and folder: $modes" >&2
        exit 1
    fi
    cp "$file" "$tmpdir/password"
}

look_for_leaks() {
    for place in cmdline environ; do
        if grep -qaF -f "$tmpdir/password" "/proc/$PPID/$place"; then
            echo "$place" >> "$control/leaks"
        fi
    done
}

case "$1" in
    config)
        case "$2" in
            control) echo "$3" > "$tmpdir/control" ;;
            password) take_password "$3" ;;
            server | port | user | thumbprint | vm | snapshot | transports | compression | libdir | file)
                echo "$2=$3" >> "$control/parameters" ;;
            *) echo "EINVAL unknown parameter '$2'" >&2; exit 1 ;;
        esac ;;
    config_complete)
        echo "$PPID" >> "$control/starts"
        look_for_leaks
        hang hang-at-start
        if [ -e "$control/say-at-start" ]; then
            echo "EIO $(cat "$control/say-at-start")" >&2
            exit 1
        fi ;;
    open)
        hang hang-at-open
        if ! cmp -s "$control/password" "$tmpdir/password"; then
            echo "EIO VixDiskLib_ConnectEx: Cannot complete login due to an incorrect user name or password." >&2
            exit 1
        fi
        if [ -e "$control/say" ]; then
            echo "EIO $(cat "$control/say")" >&2
            exit 1
        fi
        echo handle ;;
    get_size) stat -c %s "$control/disk.raw" ;;
    block_size) echo 512 65536 4294967295 ;;
    thread_model) echo parallel ;;
    pread)
        hang hang-at-read
        if [ -e "$control/say-at-read" ]; then
            echo "EIO $(cat "$control/say-at-read")" >&2
            exit 1
        fi
        dd if="$control/disk.raw" iflag=skip_bytes,count_bytes skip="$4" count="$3" bs=256K status=none ;;
    *) exit 2 ;;
esac

#!/bin/sh
# What vddk is to a vCenter, for the lab's: a plugin of nbdkit that takes the parameters of nbdkit-vddk-plugin(1) and
# serves the bytes of a disk as they were at a snapshot.
#
#   nbdkit sh lab-disks.sh images=FOLDER user=… password=+FILE thumbprint=… vm=moref=vm-12 [snapshot=snapshot-34] file='[store] a/a.vmdk' …
#
# FOLDER is the lab's: vm-12/snapshot-34/FILE or vm-12/live/FILE, password and thumbprint to compare with, down while
# nobody can log in, and epoch: a handle is the one that it was opened in, and reads nothing in another. others names
# the FOLDER of another lab, which is taken instead if the thumbprint is that one's.

value() { # NAME: into $REPLY, which is empty if the parameter was not given
    REPLY=
    [ ! -e "$tmpdir/$1" ] || IFS= read -r REPLY <"$tmpdir/$1" || true
}

fail() {
    echo "EIO $1" >&2
    exit 1
}

find_image() {
    value images && images=$REPLY
    if [ -e "$images/others" ]; then
        value thumbprint
        IFS= read -r others <"$images/others"
        ! grep -qxF -- "$REPLY" "$others/thumbprint" || images=$others
    fi
    value vm && machine=$REPLY
    value snapshot && snapshot=${REPLY:-live}
    value file && image=$images/$machine/$snapshot/$REPLY
}

case "$1" in
    config)
        case "$2" in
            images | user | snapshot | file | thumbprint) printf '%s\n' "$3" >"$tmpdir/$2" ;;
            vm) printf '%s\n' "${3#moref=}" >"$tmpdir/vm" ;;
            password) cp -- "${3#+}" "$tmpdir/password" ;;
            server | port | transports | compression | libdir) ;;
            *)
                echo "EINVAL unknown parameter '$2'" >&2
                exit 1
                ;;
        esac
        ;;
    open)
        find_image
        [ ! -e "$images/down" ] || fail "VixDiskLib_ConnectEx: Cannot connect to host: Connection refused"
        cmp -s "$images/password" "$tmpdir/password" ||
            fail "VixDiskLib_ConnectEx: Cannot complete login due to an incorrect user name or password."
        value thumbprint
        grep -qxF -- "$REPLY" "$images/thumbprint" ||
            fail "VixDiskLib_ConnectEx: Failed to verify SSL certificate: thumbprint mismatch"
        [ -e "$image" ] || fail "VixDiskLib_Open: The requested file was not found: $image"
        cat "$images/epoch"
        ;;
    get_size)
        find_image
        stat -L -c %s -- "$image"
        ;;
    pread)
        find_image
        IFS= read -r epoch <"$images/epoch"
        [ "$epoch" = "$2" ] || fail "VixDiskLib_Read: [NFC ERROR] NfcNetTcpRead: bRecv: -1: the connection to the host was lost"
        [ -e "$image" ] || fail "VixDiskLib_Read: The requested file was not found: $image"
        exec dd if="$image" iflag=skip_bytes,count_bytes skip="$4" count="$3" bs=256K status=none
        ;;
    block_size) echo 512 65536 4294967295 ;;
    thread_model) echo parallel ;;
    can_multi_conn) exit 0 ;;
    *) exit 2 ;;
esac

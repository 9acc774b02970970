package simulator

import (
	"log"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"
)

// Those who read the images stand in for VDDK, which reads from hosts after it has logged in here. Two files beside the
// images tell them what became of their connections: "epoch", which a reader remembers from its opening and must find
// unchanged, and "down", which is there while nobody can log in.

// DropReaders ends every connection to a host: reads fail until the disk is opened anew.
func (l *Lab) DropReaders() {
	l.tellReaders("epoch", strconv.FormatInt(atomic.AddInt64(&l.readersEpoch, 1), 10)+"\n")
}

// shutOut lets no reader in until the vCenter is up.
func (l *Lab) shutOut(down time.Duration) {
	l.tellReaders("down", "")
	time.AfterFunc(down, func() {
		if time.Now().UnixNano() < atomic.LoadInt64(&l.downUntil) {
			return // it went down again meanwhile
		}
		if err := os.Remove(filepath.Join(l.folder, "down")); err != nil && !os.IsNotExist(err) {
			log.Print(err)
		}
	})
}

// tellReaders puts a whole file in place, for it may be read at any moment.
func (l *Lab) tellReaders(name, text string) {
	file := filepath.Join(l.folder, name)
	err := os.WriteFile(file+".new", []byte(text), 0o600)
	if err == nil {
		err = os.Rename(file+".new", file)
	}
	if err != nil {
		log.Print(err)
	}
}

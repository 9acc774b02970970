package simulator

import (
	"errors"
	"os"
	"syscall"
)

// Of linux/fs.h and lseek(2), which Go's own packages do not name.
const (
	ficlone  = 0x40049409
	seekData = 3
	seekHole = 4
)

// cloned lets both files share their blocks, if the file system can.
func cloned(source, target *os.File) bool {
	_, _, code := syscall.Syscall(syscall.SYS_IOCTL, target.Fd(), ficlone, source.Fd())
	return code == 0
}

// eachData visits the ranges of a file that are no holes, in ascending order.
func eachData(file *os.File, size int64, visit func(from, to int64) error) error {
	for at := int64(0); at < size; {
		from, err := file.Seek(at, seekData)
		if errors.Is(err, syscall.ENXIO) {
			return nil
		}
		if err != nil {
			return err
		}
		to, err := file.Seek(from, seekHole)
		if err != nil {
			return err
		}
		if to > size {
			to = size
		}
		if err = visit(from, to); err != nil {
			return err
		}
		at = to
	}
	return nil
}

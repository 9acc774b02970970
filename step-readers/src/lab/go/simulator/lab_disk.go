package simulator

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"
)

// blockBytes is the granularity of change tracking, and marksOfPage how many blocks' marks are kept together.
const (
	blockBytes  = 64 << 10
	marksOfPage = 1024
)

// marks hold, for each block, the sequence number that was current when it was last written; 0: never since tracking
// began. Pages without a mark are not there, so that a disk of terabytes costs nothing until it is written.
type marks map[int64][]uint32

func (m marks) at(block int64) uint32 {
	page, ok := m[block/marksOfPage]
	if !ok {
		return 0
	}
	return page[block%marksOfPage]
}

func (m marks) set(block int64, mark uint32) {
	page, ok := m[block/marksOfPage]
	if !ok {
		page = make([]uint32, marksOfPage)
		m[block/marksOfPage] = page
	}
	page[block%marksOfPage] = mark
}

func (m marks) copied() marks {
	other := make(marks, len(m))
	for at, page := range m {
		other[at] = append([]uint32(nil), page...)
	}
	return other
}

// tracked is a disk's content and what change tracking knows of it, now or at a snapshot. Guarded by the lock of the
// virtual machine.
type tracked struct {
	image    string // the raw file of its bytes
	file     string // its name in the API, as in "[LocalDS_0] web01/web01.vmdk"
	capacity int64
	uuid     string // of the tracking; empty: it is off
	sequence uint32 // as of the last snapshot
	marks    marks
}

// changeID is empty where tracking is off.
func (t *tracked) changeID() string {
	if t.uuid == "" {
		return ""
	}
	return fmt.Sprintf("%s/%d", t.uuid, t.sequence)
}

// begin starts tracking anew: whatever was known is not comparable with what will be.
func (t *tracked) begin() {
	id := uuid.New()
	t.uuid = fmt.Sprintf("%02x %02x %02x %02x %02x %02x %02x %02x-%02x %02x %02x %02x %02x %02x %02x %02x",
		0x52, id[1], id[2], id[3], id[4], id[5], id[6], id[7], id[8], id[9], id[10], id[11], id[12], id[13], id[14], id[15])
	t.sequence = 0
	t.marks = make(marks)
}

func (t *tracked) end() {
	t.uuid, t.sequence, t.marks = "", 0, make(marks)
}

// frozen copies the disk as it is, into a file of its own.
func (t *tracked) frozen(image string) (*tracked, error) {
	if err := copyImage(t.image, image); err != nil {
		return nil, err
	}
	copied := *t
	copied.image = image
	copied.marks = t.marks.copied()
	return &copied, nil
}

// changed marks a range, as a write by the guest does.
func (t *tracked) changed(offset, length int64) error {
	if offset < 0 || length < 0 || offset+length > t.capacity {
		return fmt.Errorf("[%d, %d) is not on a disk of %d bytes", offset, offset+length, t.capacity)
	}
	if t.uuid == "" || length == 0 {
		return nil
	}
	for block := offset / blockBytes; block*blockBytes < offset+length; block++ {
		t.marks.set(block, t.sequence)
	}
	return nil
}

func (t *tracked) write(offset int64, data []byte) error {
	if err := t.changed(offset, int64(len(data))); err != nil {
		return err
	}
	file, err := os.OpenFile(t.image, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteAt(data, offset)
	return err
}

func (t *tracked) grow(capacity int64, keepsTracking bool) error {
	if capacity <= t.capacity {
		return fmt.Errorf("%d bytes is no more than the %d that it has", capacity, t.capacity)
	}
	if err := os.Truncate(t.image, capacity); err != nil {
		return err
	}
	t.capacity = capacity
	if t.uuid != "" && !keepsTracking {
		t.begin()
	}
	return nil
}

// newImage makes a sparse file of the size, unless the test has placed one there.
func newImage(image string, capacity int64) error {
	if err := os.MkdirAll(filepath.Dir(image), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(image, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Truncate(capacity)
}

// copyImage copies a file with its holes; where the file system can, without copying.
func copyImage(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer target.Close()
	if cloned(source, target) {
		return nil
	}
	info, err := source.Stat()
	if err != nil {
		return err
	}
	if err = target.Truncate(info.Size()); err != nil {
		return err
	}
	return eachData(source, info.Size(), func(from, to int64) error {
		if _, err := source.Seek(from, io.SeekStart); err != nil {
			return err
		}
		if _, err := target.Seek(from, io.SeekStart); err != nil {
			return err
		}
		_, err := io.CopyN(target, source, to-from)
		return err
	})
}

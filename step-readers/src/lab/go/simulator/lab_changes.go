package simulator

import (
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// QueryChangedDiskAreas answers what the API does, page by page; a test may bend pages (lab_pages.go).
func (vm *VirtualMachine) QueryChangedDiskAreas(req *types.QueryChangedDiskAreas) soap.HasFault {
	body := &methods.QueryChangedDiskAreasBody{}
	info, fault := changedAreas(vm, req)
	if fault != nil {
		body.Fault_ = fault
	} else {
		body.Res = &types.QueryChangedDiskAreasResponse{Returnval: *info}
	}
	return body
}

func changedAreas(vm *VirtualMachine, req *types.QueryChangedDiskAreas) (*types.DiskChangeInfo, *soap.Fault) {
	m := lab.of(vm)
	disk, fault := m.queried(req)
	if fault != nil {
		return nil, fault
	}
	if req.StartOffset < 0 || req.StartOffset >= disk.capacity {
		return nil, incorrect("startOffset")
	}
	if disk.uuid == "" {
		return nil, Fault("Error caused by file "+disk.file, &types.FileFault{File: disk.file})
	}
	var since uint32
	if req.ChangeId != "*" {
		if since, fault = disk.since(req.ChangeId); fault != nil {
			return nil, fault
		}
	}
	bent := m.pagesOf(req.DeviceKey)
	areas, err := disk.areas(since, req.StartOffset, bent)
	if err != nil {
		return nil, Fault(err.Error(), &types.FileFault{File: disk.file})
	}
	return bent.page(areas, req.StartOffset, disk.capacity), nil
}

// queried finds the disk, as of the snapshot.
func (m *machine) queried(req *types.QueryChangedDiskAreas) (*tracked, *soap.Fault) {
	disks := m.disks
	if req.Snapshot != nil {
		var ok bool
		if disks, ok = m.frozen[req.Snapshot.Value]; !ok {
			return nil, Fault("The object '"+req.Snapshot.String()+"' has already been deleted or has not been completely created",
				&types.ManagedObjectNotFound{Obj: *req.Snapshot})
		}
	}
	disk, ok := disks[req.DeviceKey]
	if !ok {
		return nil, incorrect("deviceKey")
	}
	return disk, nil
}

func incorrect(property string) *soap.Fault {
	return Fault("A specified parameter was not correct: "+property, &types.InvalidArgument{InvalidProperty: property})
}

// since reads a change id of this tracking; one of another's cannot be compared.
func (t *tracked) since(id string) (uint32, *soap.Fault) {
	slash := strings.LastIndex(id, "/")
	if slash < 0 {
		return 0, incorrect("changeId")
	}
	sequence, err := strconv.ParseUint(id[slash+1:], 10, 32)
	if err != nil {
		return 0, incorrect("changeId")
	}
	if id[:slash] != t.uuid || uint32(sequence) > t.sequence {
		return 0, Fault("Error caused by file "+t.file, &types.FileFault{File: t.file})
	}
	return uint32(sequence), nil
}

// areas are the runs of blocks from an offset that were written since a sequence number (0: ever, or that hold data),
// as many as a page has and one more, which tells where the page has to end.
func (t *tracked) areas(since uint32, start int64, bent *pages) ([]types.DiskChangeExtent, error) {
	data := make(map[int64]bool)
	if since == 0 {
		if err := t.dataBlocks(data); err != nil {
			return nil, err
		}
	}
	var runs []types.DiskChangeExtent
	for block := start / blockBytes; block*blockBytes < t.capacity; block++ {
		next := t.nextMarked(block, since, data)
		if next == math.MaxInt64 {
			break
		}
		block = next
		if bent.denies(block) {
			continue
		}
		at := block * blockBytes
		end := at + blockBytes
		if at < start {
			at = start
		}
		if end > t.capacity {
			end = t.capacity
		}
		if last := len(runs) - 1; last >= 0 && runs[last].Start+runs[last].Length == at {
			runs[last].Length += end - at
			continue
		}
		if len(runs) > bent.areas {
			break
		}
		runs = append(runs, types.DiskChangeExtent{Start: at, Length: end - at})
	}
	return runs, nil
}

// nextMarked finds the block itself or the next one that counts; pages without marks are passed over.
func (t *tracked) nextMarked(block int64, since uint32, data map[int64]bool) int64 {
	for block*blockBytes < t.capacity {
		_, there := t.marks[block/marksOfPage]
		if !there && len(data) == 0 {
			block = (block/marksOfPage + 1) * marksOfPage
			continue
		}
		if mark := t.marks.at(block); mark > 0 && mark >= since || data[block] {
			return block
		}
		block++
	}
	return math.MaxInt64
}

func (t *tracked) dataBlocks(data map[int64]bool) error {
	file, err := os.Open(t.image)
	if err != nil {
		return err
	}
	defer file.Close()
	return eachData(file, t.capacity, func(from, to int64) error {
		for block := from / blockBytes; block*blockBytes < to; block++ {
			data[block] = true
		}
		return nil
	})
}

package simulator

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/types"
)

// snapshotsMax is how many a virtual machine can have.
const snapshotsMax = 32

// machine is what the lab knows of a virtual machine. Guarded by the lock of that.
type machine struct {
	folder    string
	disks     map[int32]*tracked
	frozen    map[string]map[int32]*tracked // by snapshot, as in snapshot-34
	enabled   time.Time                     // when tracking was asked for; zero: it works, or is off
	deltas    int                           // how many delta files were ever made
	pages     map[int32]*pages
	limit     int  // of snapshots
	noQuiesce bool // a quiesced snapshot fails
	stubborn  bool // the guest ignores a shutdown
	leaves    bool // the removal of a snapshot leaves disks to be consolidated
	keepsUUID bool // a revert leaves the tracking's UUID as it is
}

// machines are made when they are first asked for: most never are.
type machines struct {
	mu    sync.Mutex
	known map[string]*machine
	// folders counts how often a name was given to a machine's folder.
	folders map[string]int
}

func (l *Lab) of(vm *VirtualMachine) *machine {
	l.machines.mu.Lock()
	defer l.machines.mu.Unlock()
	name := vm.Self.Value
	if l.machines.known == nil {
		l.machines.known = make(map[string]*machine)
	}
	known, ok := l.machines.known[name]
	if !ok {
		known = &machine{
			folder: filepath.Join(l.folder, name),
			disks:  make(map[int32]*tracked),
			frozen: make(map[string]map[int32]*tracked),
			pages:  make(map[int32]*pages),
			limit:  snapshotsMax,
		}
		l.machines.known[name] = known
	}
	return known
}

// adopt makes images for disks that have none, and forgets those of disks that are gone.
func (m *machine) adopt(vm *VirtualMachine) error {
	there := make(map[int32]bool)
	for _, disk := range disksOf(vm.Config.Hardware.Device) {
		there[disk.Key] = true
		if _, ok := m.disks[disk.Key]; ok {
			continue
		}
		one := &tracked{
			image:    filepath.Join(m.folder, "disks", fmt.Sprintf("%d.raw", disk.Key)),
			file:     fileOf(disk).FileName,
			capacity: getDiskSize(disk),
			marks:    make(marks),
		}
		if err := newImage(one.image, one.capacity); err != nil {
			return err
		}
		m.disks[disk.Key] = one
	}
	for key, one := range m.disks {
		if !there[key] {
			delete(m.disks, key)
			if err := os.Remove(one.image); err != nil {
				return err
			}
		}
	}
	return m.link(vm)
}

// link lets live/<file> be the present bytes of each disk.
func (m *machine) link(vm *VirtualMachine) error {
	live := filepath.Join(m.folder, "live")
	if err := os.RemoveAll(live); err != nil {
		return err
	}
	for _, disk := range disksOf(vm.Config.Hardware.Device) {
		name := filepath.Join(live, fileOf(disk).FileName)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.Symlink(m.disks[disk.Key].image, name); err != nil {
			return err
		}
	}
	return nil
}

// isTracked tells whether the machine's configuration asks for change tracking.
func isTracked(vm *VirtualMachine) bool {
	return vm.Config.ChangeTrackingEnabled != nil && *vm.Config.ChangeTrackingEnabled
}

func disksOf(devices []types.BaseVirtualDevice) []*types.VirtualDisk {
	var disks []*types.VirtualDisk
	for _, device := range devices {
		if disk, ok := device.(*types.VirtualDisk); ok {
			disks = append(disks, disk)
		}
	}
	return disks
}

func fileOf(disk *types.VirtualDisk) *types.VirtualDeviceFileBackingInfo {
	return disk.Backing.(types.BaseVirtualDeviceFileBackingInfo).GetVirtualDeviceFileBackingInfo()
}

// labFlat is asked by the simulator, which lists files of this kind of backing only.
func labFlat(backing types.BaseVirtualDeviceBackingInfo) *types.VirtualDiskFlatVer2BackingInfo {
	if flat, ok := backing.(*types.VirtualDiskFlatVer2BackingInfo); ok {
		return flat
	}
	file := backing.(types.BaseVirtualDeviceFileBackingInfo).GetVirtualDeviceFileBackingInfo()
	return &types.VirtualDiskFlatVer2BackingInfo{VirtualDeviceFileBackingInfo: *file}
}

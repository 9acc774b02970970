package simulator

import (
	"reflect"
	"strings"

	"github.com/vmware/govmomi/vim25/types"
)

// copyDevices copies disks and their backings; other devices are shared, since nothing changes them.
func copyDevices(devices []types.BaseVirtualDevice) []types.BaseVirtualDevice {
	copies := make([]types.BaseVirtualDevice, len(devices))
	for i, device := range devices {
		copies[i] = device
		if disk, ok := device.(*types.VirtualDisk); ok {
			other := *disk
			backing := reflect.New(reflect.TypeOf(disk.Backing).Elem())
			backing.Elem().Set(reflect.ValueOf(disk.Backing).Elem())
			other.Backing = backing.Interface().(types.BaseVirtualDeviceBackingInfo)
			copies[i] = &other
		}
	}
	return copies
}

// setChangeID sets the field that every kind of backing with change tracking has by this name.
func setChangeID(backing types.BaseVirtualDeviceBackingInfo, id string) {
	field := reflect.ValueOf(backing).Elem().FieldByName("ChangeId")
	if field.IsValid() {
		field.SetString(id)
	}
}

// takesPart tells whether snapshots, and so change tracking, concern a disk: none that is independent or raw.
func takesPart(disk *types.VirtualDisk) bool {
	backing := reflect.ValueOf(disk.Backing).Elem()
	if mode := backing.FieldByName("DiskMode"); mode.IsValid() && strings.HasPrefix(mode.String(), "independent") {
		return false
	}
	raw, ok := disk.Backing.(*types.VirtualDiskRawDiskMappingVer1BackingInfo)
	return !ok || raw.CompatibilityMode != string(types.VirtualDiskCompatibilityModePhysicalMode)
}

// setParent sets the backing below, of the same kind; nil: there is none.
func setParent(backing types.BaseVirtualDeviceBackingInfo, parent types.BaseVirtualDeviceBackingInfo) {
	field := reflect.ValueOf(backing).Elem().FieldByName("Parent")
	if !field.IsValid() {
		return
	}
	if parent == nil {
		field.Set(reflect.Zero(field.Type()))
	} else {
		field.Set(reflect.ValueOf(parent))
	}
}

// continueOn lets a disk write to a delta above the backing of another.
func continueOn(disk, base *types.VirtualDisk, delta string) {
	fileOf(disk).FileName = delta
	setParent(disk.Backing, base.Backing)
	setChangeID(disk.Backing, "")
}

// as gives a disk another kind of backing: flat, thick, sparse, seSparse, virtualRdm or physicalRdm.
func as(kind string, flat *types.VirtualDiskFlatVer2BackingInfo) types.BaseVirtualDeviceBackingInfo {
	switch kind {
	case "sparse":
		return &types.VirtualDiskSparseVer2BackingInfo{
			VirtualDeviceFileBackingInfo: flat.VirtualDeviceFileBackingInfo, DiskMode: flat.DiskMode}
	case "seSparse":
		return &types.VirtualDiskSeSparseBackingInfo{
			VirtualDeviceFileBackingInfo: flat.VirtualDeviceFileBackingInfo, DiskMode: flat.DiskMode}
	case "virtualRdm":
		return rawDevice(flat, types.VirtualDiskCompatibilityModeVirtualMode)
	case "physicalRdm":
		return rawDevice(flat, types.VirtualDiskCompatibilityModePhysicalMode)
	case "thick":
		flat.ThinProvisioned = types.NewBool(false)
		return flat
	case "flat", "":
		return flat
	default:
		return nil
	}
}

func rawDevice(flat *types.VirtualDiskFlatVer2BackingInfo, mode types.VirtualDiskCompatibilityMode) types.BaseVirtualDeviceBackingInfo {
	return &types.VirtualDiskRawDiskMappingVer1BackingInfo{
		VirtualDeviceFileBackingInfo: flat.VirtualDeviceFileBackingInfo,
		DiskMode:                     flat.DiskMode,
		CompatibilityMode:            string(mode),
		DeviceName:                   "vml.020000000060003ff44dc75adcb5",
	}
}

package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

// diskAt is a disk of a locked machine, and an offset on it.
type diskAt struct {
	vm      *VirtualMachine
	machine *machine
	disk    *types.VirtualDisk
	now     *tracked
	offset  int64
}

// onDisk acts on the disk of a machine (vm, key, offset) with the machine's lock.
func (l *Lab) onDisk(mux *http.ServeMux, path string, act func(diskAt, url.Values) error) {
	l.onMachine(mux, path, func(vm *VirtualMachine, form url.Values) error {
		offset, err := number(form, "offset", 0)
		if err != nil {
			return err
		}
		m := l.of(vm)
		if err = m.adopt(vm); err != nil {
			return err
		}
		for _, disk := range disksOf(vm.Config.Hardware.Device) {
			if strconv.Itoa(int(disk.Key)) == form.Get("key") {
				return act(diskAt{vm, m, disk, m.disks[disk.Key], offset}, form)
			}
		}
		return fmt.Errorf("no disk '%s' of %s", form.Get("key"), vm.Self.Value)
	})
}

// mark marks count ranges of a length as changed, a stride apart, without a write: for plans of millions of areas.
func (at diskAt) mark(form url.Values) error {
	length, err := number(form, "length", blockBytes)
	if err != nil {
		return err
	}
	stride, err := number(form, "stride", length)
	if err != nil {
		return err
	}
	count, err := number(form, "count", 1)
	if err != nil {
		return err
	}
	for i := int64(0); i < count; i++ {
		if err = at.now.changed(at.offset+i*stride, length); err != nil {
			return err
		}
	}
	return nil
}

// grow is refused while there are snapshots, as by vSphere.
func (at diskAt) grow(form url.Values) error {
	size, err := number(form, "size", 0)
	if err != nil {
		return err
	}
	if len(at.machine.frozen) > 0 {
		return errors.New("a disk with snapshots cannot grow")
	}
	if err = at.now.grow(size, form.Get("keepsTracking") == "true"); err != nil {
		return err
	}
	devices := copyDevices(at.vm.Config.Hardware.Device)
	for _, disk := range disksOf(devices) {
		if disk.Key == at.disk.Key {
			disk.CapacityInBytes, disk.CapacityInKB = size, size/1024
		}
	}
	Map.Update(at.vm, []types.PropertyChange{{Name: "config.hardware.device", Val: devices}})
	return nil
}

// addDisk answers with the new disk's key. On a machine that is tracked it is tracked from the start.
func (l *Lab) addDisk(form url.Values) (string, error) {
	vm, err := l.machine(form)
	if err != nil {
		return "", err
	}
	size, err := number(form, "size", 1<<20)
	if err != nil {
		return "", err
	}
	var key int32
	Map.WithLock(vm, func() { key, err = l.attach(vm, size) })
	return strconv.Itoa(int(key)), err
}

func (l *Lab) attach(vm *VirtualMachine, size int64) (int32, error) {
	devices := object.VirtualDeviceList(vm.Config.Hardware.Device)
	controller, ok := devices.FindByKey(firstController).(types.BaseVirtualController)
	if !ok {
		return 0, fmt.Errorf("%s has no controller %d", vm.Self.Value, firstController)
	}
	m := l.of(vm)
	m.deltas++
	file := fmt.Sprintf("%s/added_%d.vmdk", path.Dir(vm.Config.Files.VmPathName), m.deltas)
	disk := newDisk(devices, controller, file, size)
	change := &types.VirtualDeviceConfigSpec{
		Operation:     types.VirtualDeviceConfigSpecOperationAdd,
		FileOperation: types.VirtualDeviceConfigSpecFileOperationCreate,
		Device:        disk,
	}
	fault := vm.configureDevices(&types.VirtualMachineConfigSpec{
		DeviceChange: []types.BaseVirtualDeviceConfigSpec{change}})
	if fault != nil {
		return 0, fmt.Errorf("%T", fault)
	}
	if err := m.adopt(vm); err != nil {
		return 0, err
	}
	if isTracked(vm) && m.enabled.IsZero() {
		m.disks[disk.Key].begin()
	}
	return disk.Key, nil
}

package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

// controlMachines lets a test make machines, and do to them what other people do.
func (l *Lab) controlMachines(mux *http.ServeMux) {
	l.handle(mux, "/machine/create", func(form url.Values) (string, error) {
		vm, err := l.create(form)
		if err != nil {
			return "", err
		}
		lines := []string{vm.Self.Value, vm.Config.InstanceUuid}
		for _, disk := range disksOf(vm.Config.Hardware.Device) {
			lines = append(lines, fmt.Sprint(disk.Key))
		}
		return strings.Join(lines, "\n"), nil
	})
	l.onMachine(mux, "/machine/rename", func(vm *VirtualMachine, form url.Values) error {
		name := inInventory(form.Get("name"))
		Map.Update(vm, []types.PropertyChange{
			{Name: "name", Val: name}, {Name: "config.name", Val: name}, {Name: "summary.config.name", Val: name},
		})
		return nil
	})
	l.onMachine(mux, "/machine/set", func(vm *VirtualMachine, form url.Values) error { return l.set(vm, form) })
	l.handle(mux, "/machine/move", func(form url.Values) (string, error) { return "", l.move(form) })
	l.withTask(mux, "/machine/delete", func(ctx context.Context, vm *object.VirtualMachine, _ url.Values) (*object.Task, error) {
		if off, err := vm.PowerOff(ctx); err == nil {
			_ = off.Wait(ctx) // fails if it was off
		}
		return vm.Destroy(ctx)
	})
	l.withTask(mux, "/machine/untrack", func(ctx context.Context, vm *object.VirtualMachine, _ url.Values) (*object.Task, error) {
		return vm.Reconfigure(ctx, types.VirtualMachineConfigSpec{ChangeTrackingEnabled: types.NewBool(false)})
	})
	l.withTask(mux, "/snapshot/create", func(ctx context.Context, vm *object.VirtualMachine, form url.Values) (*object.Task, error) {
		return vm.CreateSnapshot(ctx, form.Get("name"), "", false, false)
	})
	l.withTask(mux, "/snapshot/remove", func(ctx context.Context, vm *object.VirtualMachine, form url.Values) (*object.Task, error) {
		return vm.RemoveSnapshot(ctx, form.Get("snapshot"), false, types.NewBool(true))
	})
	l.withTask(mux, "/snapshot/revert", func(ctx context.Context, vm *object.VirtualMachine, form url.Values) (*object.Task, error) {
		return vm.RevertToSnapshot(ctx, form.Get("snapshot"), false)
	})
}

// set changes what the machine does from now on: limit (of snapshots), noQuiesce, stubborn
// (the guest ignores a shutdown), leaves (disks to be
// consolidated when the next snapshot is removed), keepsUuid (at a revert), consolidation (is needed now).
func (l *Lab) set(vm *VirtualMachine, form url.Values) error {
	m := l.of(vm)
	limit, err := number(form, "limit", int64(m.limit))
	if err != nil {
		return err
	}
	m.limit = int(limit)
	flags := map[string]*bool{
		"noQuiesce": &m.noQuiesce, "stubborn": &m.stubborn, "leaves": &m.leaves, "keepsUuid": &m.keepsUUID,
	}
	for name, flag := range flags {
		if value := form.Get(name); value != "" {
			*flag = value == "true"
		}
	}
	if value := form.Get("consolidation"); value != "" {
		needsConsolidation(vm, value == "true")
	}
	return nil
}

func (l *Lab) move(form url.Values) error {
	vm, err := l.machine(form)
	if err != nil {
		return err
	}
	place, err := l.placeOf(form.Get("datacenter"))
	if err != nil {
		return err
	}
	folder, err := l.folderOf(context.Background(), place, form.Get("folder"))
	if err != nil {
		return err
	}
	task, err := folder.MoveInto(context.Background(), []types.ManagedObjectReference{vm.Self})
	if err != nil {
		return err
	}
	return task.Wait(context.Background())
}

// machine finds a virtual machine by its reference, as in vm-12.
func (l *Lab) machine(form url.Values) (*VirtualMachine, error) {
	reference := types.ManagedObjectReference{Type: "VirtualMachine", Value: form.Get("vm")}
	vm, ok := Map.Get(reference).(*VirtualMachine)
	if !ok {
		return nil, fmt.Errorf("no virtual machine '%s'", reference.Value)
	}
	return vm, nil
}

// onMachine acts with the machine's lock.
func (l *Lab) onMachine(mux *http.ServeMux, path string, act func(*VirtualMachine, url.Values) error) {
	l.handle(mux, path, func(form url.Values) (string, error) {
		vm, err := l.machine(form)
		if err == nil {
			Map.WithLock(vm, func() { err = act(vm, form) })
		}
		return "", err
	})
}

type starter func(context.Context, *object.VirtualMachine, url.Values) (*object.Task, error)

// withTask acts through the API, as a stranger does, and waits.
func (l *Lab) withTask(mux *http.ServeMux, path string, start starter) {
	l.handle(mux, path, func(form url.Values) (string, error) {
		vm, err := l.machine(form)
		if err != nil {
			return "", err
		}
		task, err := start(context.Background(), object.NewVirtualMachine(l.model.Service.client, vm.Self), form)
		if err != nil {
			return "", err
		}
		info, err := task.WaitForResult(context.Background(), nil)
		if err != nil {
			return "", err
		}
		if made, ok := info.Result.(types.ManagedObjectReference); ok {
			return made.Value, nil
		}
		return "", nil
	})
}

// controlDisks lets a test be the guest that writes, and the tracking that fails.
func (l *Lab) controlDisks(mux *http.ServeMux) {
	l.onDisk(mux, "/disk/write", func(at diskAt, form url.Values) error {
		return at.now.write(at.offset, []byte(form.Get("bytes")))
	})
	l.onDisk(mux, "/disk/mark", func(at diskAt, form url.Values) error { return at.mark(form) })
	l.onDisk(mux, "/disk/lie", func(at diskAt, form url.Values) error {
		length, err := number(form, "length", 0)
		bent := at.machine.pagesOf(at.disk.Key)
		bent.lies = append(bent.lies, types.DiskChangeExtent{Start: at.offset, Length: length})
		return err
	})
	l.onDisk(mux, "/disk/pages", func(at diskAt, form url.Values) error {
		return at.machine.pagesOf(at.disk.Key).set(form)
	})
	l.onDisk(mux, "/disk/reset", func(at diskAt, _ url.Values) error {
		if at.now.uuid == "" {
			return errors.New("change tracking is off")
		}
		at.now.begin()
		return nil
	})
	l.onDisk(mux, "/disk/grow", func(at diskAt, form url.Values) error { return at.grow(form) })
	l.onDisk(mux, "/disk/remove", func(at diskAt, _ url.Values) error {
		spec, err := object.VirtualDeviceList{at.disk}.ConfigSpec(types.VirtualDeviceConfigSpecOperationRemove)
		if err != nil {
			return err
		}
		if fault := at.vm.configureDevices(&types.VirtualMachineConfigSpec{DeviceChange: spec}); fault != nil {
			return fmt.Errorf("%T", fault)
		}
		return at.machine.adopt(at.vm)
	})
	l.handle(mux, "/disk/add", func(form url.Values) (string, error) { return l.addDisk(form) })
}

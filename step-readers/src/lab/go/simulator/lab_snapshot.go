package simulator

import (
	"fmt"
	"log"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// labBeforeSnapshot refuses a snapshot, or lets it be taken. Called with the machine's lock, as the next ones are.
func labBeforeSnapshot(vm *VirtualMachine, req *types.CreateSnapshot_Task) types.BaseMethodFault {
	if lab == nil {
		return nil
	}
	m := lab.of(vm)
	if vm.Snapshot != nil && len(allSnapshotsInTree(vm.Snapshot.RootSnapshotList)) >= m.limit {
		return new(types.TooManySnapshotLevels)
	}
	if req.Quiesce && m.noQuiesce {
		return new(types.ApplicationQuiesceFault)
	}
	if err := m.adopt(vm); err != nil {
		return broken(err)
	}
	return nil
}

// labSnapshot freezes every disk of a snapshot that the simulator has just made, and lets the machine write to deltas.
func labSnapshot(vm *VirtualMachine, snapshot *VirtualMachineSnapshot) types.BaseMethodFault {
	if lab == nil {
		return nil
	}
	m := lab.of(vm)
	m.resume(vm)
	frozen := make(map[int32]*tracked)
	kept, live := copyDevices(vm.Config.Hardware.Device), copyDevices(vm.Config.Hardware.Device)
	m.deltas++
	for i, disk := range disksOf(kept) {
		if !takesPart(disk) {
			continue
		}
		now := m.disks[disk.Key]
		if now.uuid != "" {
			now.sequence++
		}
		file := fileOf(disk).FileName
		then, err := now.frozen(filepath.Join(m.folder, snapshot.Self.Value, file))
		if err != nil {
			return broken(err)
		}
		then.file = file
		frozen[disk.Key] = then
		setChangeID(disk.Backing, then.changeID())
		continueOn(disksOf(live)[i], disk, deltaName(now.file, m.deltas))
	}
	m.frozen[snapshot.Self.Value] = frozen
	snapshot.Config.Hardware.Device = kept
	m.stunned(vm)
	Map.Update(vm, []types.PropertyChange{{Name: "config.hardware.device", Val: live}})
	if err := m.link(vm); err != nil {
		return broken(err)
	}
	return nil
}

// resume begins tracking if the machine was started since that was asked for: a power cycle does what a snapshot does.
func (m *machine) resume(vm *VirtualMachine) {
	boot := vm.Summary.Runtime.BootTime
	if !m.enabled.IsZero() && boot != nil && boot.After(m.enabled) {
		m.beginTracking(vm)
	}
}

// stunned begins tracking that was asked for, after the first snapshot of a machine that had none.
func (m *machine) stunned(vm *VirtualMachine) {
	if !m.enabled.IsZero() && len(m.frozen) == 1 && isTracked(vm) {
		m.beginTracking(vm)
	}
}

func (m *machine) beginTracking(vm *VirtualMachine) {
	m.enabled = time.Time{}
	for _, disk := range disksOf(vm.Config.Hardware.Device) {
		if takesPart(disk) {
			m.disks[disk.Key].begin()
		}
	}
}

// labConfigure refuses to track changes of hardware that cannot, and notes what became of the tracking.
func labConfigure(vm *VirtualMachine, spec *types.VirtualMachineConfigSpec) types.BaseMethodFault {
	before := isTracked(vm)
	asked := spec.ChangeTrackingEnabled != nil && *spec.ChangeTrackingEnabled
	if supported := vm.Capability.ChangeTrackingSupported; lab != nil && asked && (supported == nil || !*supported) {
		return new(types.NotSupported)
	}
	fault := vm.configure(spec)
	if fault == nil {
		labReconfigured(vm, spec, before)
	}
	return fault
}

// labReconfigured notes that change tracking was switched, which takes effect at the next stun, or off, at once.
func labReconfigured(vm *VirtualMachine, spec *types.VirtualMachineConfigSpec, before bool) {
	if lab == nil || spec.ChangeTrackingEnabled == nil || *spec.ChangeTrackingEnabled == before {
		return
	}
	m := lab.of(vm)
	if *spec.ChangeTrackingEnabled {
		m.enabled = time.Now()
		return
	}
	m.enabled = time.Time{}
	for _, disk := range m.disks {
		disk.end()
	}
}

// labRemoved forgets what snapshots that are gone had frozen, and merges deltas when none is left.
func labRemoved(vm *VirtualMachine) {
	if lab == nil {
		return
	}
	m := lab.of(vm)
	there := make(map[string]bool)
	if vm.Snapshot != nil {
		for _, one := range allSnapshotsInTree(vm.Snapshot.RootSnapshotList) {
			there[one.Value] = true
		}
	}
	for name := range m.frozen {
		if there[name] {
			continue
		}
		delete(m.frozen, name)
		Map.Remove(types.ManagedObjectReference{Type: "VirtualMachineSnapshot", Value: name})
		if err := os.RemoveAll(filepath.Join(m.folder, name)); err != nil {
			log.Print(err)
		}
	}
	if m.leaves {
		m.leaves = false
		needsConsolidation(vm, true)
	} else if len(m.frozen) == 0 {
		m.merge(vm)
	}
}

func (m *machine) merge(vm *VirtualMachine) {
	live := copyDevices(vm.Config.Hardware.Device)
	for _, disk := range disksOf(live) {
		if now, ok := m.disks[disk.Key]; ok {
			fileOf(disk).FileName = now.file
			setParent(disk.Backing, nil)
		}
	}
	Map.Update(vm, []types.PropertyChange{{Name: "config.hardware.device", Val: live}})
	if err := m.adopt(vm); err != nil {
		log.Print(err)
	}
}

// ConsolidateVMDisksTask merges what removed snapshots have left.
func (vm *VirtualMachine) ConsolidateVMDisksTask(*types.ConsolidateVMDisks_Task) soap.HasFault {
	task := CreateTask(vm, "consolidateVMDisks", func(*Task) (types.AnyType, types.BaseMethodFault) {
		if m := lab.of(vm); len(m.frozen) == 0 {
			m.merge(vm)
		}
		needsConsolidation(vm, false)
		return nil, nil
	})
	return &methods.ConsolidateVMDisks_TaskBody{
		Res: &types.ConsolidateVMDisks_TaskResponse{Returnval: task.Run()},
	}
}

// needsConsolidation sets what the registry's Update cannot, for it knows no optional booleans.
func needsConsolidation(vm *VirtualMachine, needed bool) {
	vm.Runtime.ConsolidationNeeded = types.NewBool(needed)
	vm.Summary.Runtime.ConsolidationNeeded = types.NewBool(needed)
}

// labReverted takes every disk back to the bytes of a snapshot. Called with the lock of the snapshot.
func labReverted(snapshot *VirtualMachineSnapshot) {
	if lab == nil {
		return
	}
	vm := Map.Get(snapshot.Vm).(*VirtualMachine)
	defer tellOfRevert(vm)
	Map.WithLock(vm, func() {
		m := lab.of(vm)
		for key, then := range m.frozen[snapshot.Self.Value] {
			now, ok := m.disks[key]
			if !ok {
				continue
			}
			if err := os.Remove(now.image); err != nil {
				log.Print(err)
			}
			if err := copyImage(then.image, now.image); err != nil {
				log.Print(err)
			}
			now.marks = then.marks.copied()
			if now.uuid != "" && !m.keepsUUID {
				now.begin()
			}
		}
	})
}

// deltaName is that of a delta file: web01-000001.vmdk of web01.vmdk.
func deltaName(file string, number int) string {
	return fmt.Sprintf("%s-%06d.vmdk", strings.TrimSuffix(file, path.Ext(file)), number)
}

func broken(err error) types.BaseMethodFault {
	log.Print(err)
	return &types.SystemError{RuntimeFault: types.RuntimeFault{}, Reason: err.Error()}
}

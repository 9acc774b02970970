package simulator

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

// The keys that vSphere gives to the first controller and its first disk.
const (
	firstController = 1000
	firstDisk       = 2000
)

// create makes a virtual machine as a form describes it: name, datacenter, folder (below the datacenter's), guest,
// firmware, version, cpus, memory (MiB), uuid, tools (true: running), on; disk=SIZE:BACKING:MODE:SHARING, more than
// once, with nothing for the usual; nic=TYPE:NETWORK, more than once; bus, the sharing of the controller's.
func (l *Lab) create(form url.Values) (*VirtualMachine, error) {
	ctx := context.Background()
	place, err := l.placeOf(form.Get("datacenter"))
	if err != nil {
		return nil, err
	}
	folder, err := l.folderOf(ctx, place, form.Get("folder"))
	if err != nil {
		return nil, err
	}
	spec, err := l.specOf(ctx, form)
	if err != nil {
		return nil, err
	}
	task, err := folder.CreateVM(ctx, *spec, object.NewResourcePool(l.model.Service.client, place.pool),
		object.NewHostSystem(l.model.Service.client, place.host))
	if err != nil {
		return nil, err
	}
	info, err := task.WaitForResult(ctx, nil)
	if err != nil {
		return nil, err
	}
	reference := info.Result.(types.ManagedObjectReference)
	vm := Map.Get(reference).(*VirtualMachine)
	Map.WithLock(vm, func() { err = l.finish(vm, form) })
	if err == nil && form.Get("on") == "true" {
		_, err = object.NewVirtualMachine(l.model.Service.client, reference).PowerOn(ctx)
	}
	return vm, err
}

func (l *Lab) specOf(ctx context.Context, form url.Values) (*types.VirtualMachineConfigSpec, error) {
	cpus, err := number(form, "cpus", 1)
	if err != nil {
		return nil, err
	}
	memory, err := number(form, "memory", 1024)
	if err != nil {
		return nil, err
	}
	name := form.Get("name")
	folder := l.onDatastore(name)
	spec := &types.VirtualMachineConfigSpec{
		Name:         inInventory(name),
		GuestId:      form.Get("guest"),
		Firmware:     form.Get("firmware"),
		Version:      form.Get("version"),
		InstanceUuid: form.Get("uuid"),
		NumCPUs:      int32(cpus),
		MemoryMB:     memory,
		Files:        &types.VirtualMachineFileInfo{VmPathName: "[LocalDS_0] " + folder + "/" + folder + ".vmx"},
	}
	devices, err := disksFor(folder, form)
	if err != nil {
		return nil, err
	}
	for _, text := range form["nic"] {
		card, err := l.cardFor(ctx, text)
		if err != nil {
			return nil, err
		}
		devices = append(devices, card)
	}
	spec.DeviceChange, err = devices.ConfigSpec(types.VirtualDeviceConfigSpecOperationAdd)
	for _, change := range spec.DeviceChange { // which sets keys of its own choice
		if disk, ok := change.GetVirtualDeviceConfigSpec().Device.(*types.VirtualDisk); ok {
			disk.Key = firstDisk + *disk.UnitNumber
		}
	}
	return spec, err
}

// disksFor makes the controller and its disks; "web01.vmdk", "web01_1.vmdk" … in the folder "web01".
func disksFor(name string, form url.Values) (object.VirtualDeviceList, error) {
	var devices object.VirtualDeviceList
	controller := &types.ParaVirtualSCSIController{}
	controller.Key = firstController
	controller.ScsiCtlrUnitNumber = 7
	controller.SharedBus = types.VirtualSCSISharingNoSharing
	if bus := form.Get("bus"); bus != "" {
		controller.SharedBus = types.VirtualSCSISharing(bus)
	}
	devices = append(devices, controller)
	for i, text := range form["disk"] {
		file := name + "/" + name
		if i > 0 {
			file += "_" + strconv.Itoa(i)
		}
		size, err := strconv.ParseInt(strings.Split(text, ":")[0], 10, 64)
		if err != nil || size < 1 {
			return nil, fmt.Errorf("disk=%s; SIZE:BACKING:MODE:SHARING is needed", text)
		}
		devices = append(devices, newDisk(devices, controller, "[LocalDS_0] "+file+".vmdk", size))
	}
	return devices, nil
}

func newDisk(devices object.VirtualDeviceList, controller types.BaseVirtualController, file string, size int64) *types.VirtualDisk {
	disk := devices.CreateDisk(controller, types.ManagedObjectReference{}, file)
	disk.CapacityInBytes = size
	disk.CapacityInKB = size / 1024
	number := *disk.UnitNumber + 1
	if number > 7 {
		number-- // unit 7 is the controller's
	}
	disk.Key = firstDisk + *disk.UnitNumber
	disk.DeviceInfo = &types.Description{Label: fmt.Sprintf("Hard disk %d", number)}
	return disk
}

// cardFor makes a network card of TYPE:NETWORK, as in vmxnet3:DC0_DVPG0.
func (l *Lab) cardFor(ctx context.Context, text string) (types.BaseVirtualDevice, error) {
	kind, network, ok := strings.Cut(text, ":")
	reference := networkOf(network)
	if !ok || reference == nil {
		return nil, fmt.Errorf("nic=%s; TYPE:NETWORK of a network that is there is needed", text)
	}
	client := l.model.Service.client
	var of object.NetworkReference
	switch reference.Type {
	case "DistributedVirtualPortgroup":
		of = object.NewDistributedVirtualPortgroup(client, *reference)
	case "OpaqueNetwork":
		of = object.NewOpaqueNetwork(client, *reference)
	default:
		return object.EthernetCardTypes().CreateEthernetCard(kind, &types.VirtualEthernetCardNetworkBackingInfo{
			VirtualDeviceDeviceBackingInfo: types.VirtualDeviceDeviceBackingInfo{DeviceName: network},
		})
	}
	backing, err := of.EthernetCardBackingInfo(ctx)
	if err != nil {
		return nil, err
	}
	return object.EthernetCardTypes().CreateEthernetCard(kind, backing)
}

// finish gives the machine what the simulator's way of making one does not.
func (l *Lab) finish(vm *VirtualMachine, form url.Values) error {
	supportTracking(vm)
	for i, disk := range disksOf(vm.Config.Hardware.Device) {
		if err := specialise(disk, form["disk"][i]); err != nil {
			return err
		}
	}
	if form.Get("tools") == "true" {
		vm.Guest.ToolsVersion = "12325"
	}
	labPower(vm, types.VirtualMachinePowerStatePoweredOff)
	var networks []types.ManagedObjectReference
	for _, text := range form["nic"] {
		_, network, _ := strings.Cut(text, ":")
		networks = append(networks, *networkOf(network))
	}
	Map.Update(vm, []types.PropertyChange{{Name: "network", Val: networks}})
	return l.of(vm).adopt(vm)
}

// specialise gives a disk the backing, mode and sharing of SIZE:BACKING:MODE:SHARING.
func specialise(disk *types.VirtualDisk, text string) error {
	parts := append(strings.Split(text, ":"), "", "", "")
	flat := disk.Backing.(*types.VirtualDiskFlatVer2BackingInfo)
	if parts[2] != "" {
		flat.DiskMode = parts[2]
	}
	if parts[3] != "" {
		flat.Sharing = parts[3]
	}
	disk.Backing = as(parts[1], flat)
	if disk.Backing == nil {
		return fmt.Errorf("backing '%s'; known are flat, thick, sparse, seSparse, virtualRdm and physicalRdm", parts[1])
	}
	return nil
}

// supportTracking tells what hardware of version 7 and later can.
func supportTracking(vm *VirtualMachine) {
	version, err := strconv.Atoi(strings.TrimPrefix(vm.Config.Version, "vmx-"))
	vm.Capability.ChangeTrackingSupported = types.NewBool(err == nil && version >= 7)
	if vm.Config.ChangeTrackingEnabled == nil {
		vm.Config.ChangeTrackingEnabled = types.NewBool(false)
	}
}

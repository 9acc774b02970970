package simulator

import (
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Tools as they are reported.
const (
	toolsRun  = string(types.VirtualMachineToolsRunningStatusGuestToolsRunning)
	toolsRest = string(types.VirtualMachineToolsRunningStatusGuestToolsNotRunning)
)

// ShutdownGuest needs tools, and a guest that listens to them.
func (vm *VirtualMachine) ShutdownGuest(ctx *Context, req *types.ShutdownGuest) soap.HasFault {
	on := vm.Runtime.PowerState == types.VirtualMachinePowerStatePoweredOn
	if on && vm.Guest.ToolsRunningStatus != toolsRun {
		return &methods.ShutdownGuestBody{
			Fault_: Fault("Cannot complete operation because VMware Tools is not running in this virtual machine.",
				new(types.ToolsUnavailable)),
		}
	}
	if on && lab.of(vm).stubborn {
		return &methods.ShutdownGuestBody{Res: new(types.ShutdownGuestResponse)}
	}
	answer := vm.stockShutdownGuest(ctx, req)
	if answer.Fault() == nil {
		labPower(vm, types.VirtualMachinePowerStatePoweredOff)
	}
	return answer
}

// labPower lets tools run with the guest, where there are any.
func labPower(vm *VirtualMachine, state types.VirtualMachinePowerState) {
	if lab == nil || vm.Guest.ToolsVersion == "0" {
		return
	}
	status, running := types.VirtualMachineToolsStatusToolsNotRunning, toolsRest
	if state == types.VirtualMachinePowerStatePoweredOn {
		status, running = types.VirtualMachineToolsStatusToolsOk, toolsRun
	}
	vm.Guest.ToolsStatus, vm.Guest.ToolsRunningStatus = status, running
	vm.Summary.Guest.ToolsStatus, vm.Summary.Guest.ToolsRunningStatus = status, running
}

package simulator

import (
	"context"

	"github.com/vmware/govmomi/vim25/types"
)

// tellOfRevert leaves the event by which people, and careful programs, learn of a revert.
func tellOfRevert(vm *VirtualMachine) {
	ctx := &Context{
		Context: context.Background(),
		Session: &Session{UserSession: types.UserSession{UserName: "somebody"}, Registry: Map},
	}
	ctx.postEvent(&types.TaskEvent{
		Event: types.Event{
			Vm: &types.VmEventArgument{
				EntityEventArgument: types.EntityEventArgument{Name: vm.Name},
				Vm:                  vm.Self,
			},
		},
		Info: types.TaskInfo{
			Key:           "lab-revert",
			Task:          types.ManagedObjectReference{Type: "Task", Value: "lab-revert"},
			DescriptionId: "vim.vm.Snapshot.revert",
			State:         types.TaskInfoStateSuccess,
			Reason:        &types.TaskReasonUser{UserName: "somebody"},
		},
	})
}

package simulator

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"sync"
	"time"

	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// script is one thing that goes wrong: the calls of a method, or the tasks of a name, from the nth to the last.
type script struct {
	name    string
	object  string // only of this object, as in vm-12; empty: of any
	first   int64  // 1 is the next call
	every   int64  // 1: each from the first on
	times   int64  // how many of those
	seen    int64
	fault   types.BaseMethodFault // nil: goes on after the delay
	message string
	delay   time.Duration
	expire  bool          // forgets every session, before anything else
	restart time.Duration // the vCenter goes down for so long, and this call gets no answer; 0: it stays
	frozen  chan struct{} // tasks only: stands still until closed
}

// scripts are asked with every call and task.
type scripts struct {
	mu    sync.Mutex
	calls []*script
	tasks []*script
	count map[string]int64
}

// next counts a call and returns the script for it, if there is one.
func (s *scripts) next(list *[]*script, name, object string) *script {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == nil {
		s.count = make(map[string]int64)
	}
	s.count[name]++
	var found *script
	for _, one := range *list {
		if one.name != name || one.object != "" && one.object != object {
			continue
		}
		one.seen++
		since := one.seen - one.first
		if found == nil && since >= 0 && since%one.every == 0 && since/one.every < one.times {
			found = one
		}
	}
	return found
}

// call stands in front of the simulator's own.
func (s *Service) call(ctx *Context, method *Method) soap.HasFault {
	if lab == nil || ctx.Session != nil && ctx.Session.Key == internalContext.Session.Key {
		return s.stockCall(ctx, method) // the simulator calls itself
	}
	if one := lab.scripts.next(&lab.scripts.calls, method.Name, method.This.Value); one != nil {
		if one.expire {
			lab.ExpireSessions()
			ctx.Session = nil
		}
		if one.restart > 0 {
			lab.Restart(one.restart)
		}
		time.Sleep(one.delay)
		if one.fault != nil {
			return &serverFaultBody{Reason: Fault(one.message, one.fault)}
		}
	}
	if ctx.Session == nil && readsBeyondService(method.Body) {
		return &serverFaultBody{Reason: Fault("The session is not authenticated.", &types.NotAuthenticated{
			NoPermission: types.NoPermission{Object: method.This, PrivilegeId: "System.View"},
		})}
	}
	return s.propertyCall(ctx, method)
}

// readsBeyondService tells whether a stranger reads more than where to log in, which the simulator would let him.
func readsBeyondService(body types.AnyType) bool {
	var filters []types.PropertyFilterSpec
	switch request := body.(type) {
	case *types.RetrieveProperties:
		filters = request.SpecSet
	case *types.RetrievePropertiesEx:
		filters = request.SpecSet
	}
	for _, filter := range filters {
		for _, object := range filter.ObjectSet {
			if object.Obj.Type != "ServiceInstance" {
				return true
			}
		}
	}
	return false
}

// Run stands in front of the simulator's own: a task without a script is over when it returns.
func (t *Task) Run() types.ManagedObjectReference {
	if lab == nil {
		return t.stockRun()
	}
	object := ""
	if t.Info.Entity != nil {
		object = t.Info.Entity.Value
	}
	one := lab.scripts.next(&lab.scripts.tasks, t.Info.Name, object)
	if one == nil {
		return t.stockRun()
	}
	if one.fault != nil {
		t.Execute = func(*Task) (types.AnyType, types.BaseMethodFault) { return nil, one.fault }
	}
	if one.delay == 0 && one.frozen == nil {
		return t.stockRun()
	}
	Map.Update(t, []types.PropertyChange{{Name: "info.state", Val: types.TaskInfoStateRunning}})
	if vm, ok := Map.Get(*t.Info.Entity).(*VirtualMachine); ok {
		vm.RecentTask = append(vm.RecentTask, t.Self)
	}
	go t.runLater(one.delay, one.frozen)
	return t.Self
}

func (t *Task) runLater(delay time.Duration, frozen chan struct{}) {
	time.Sleep(delay)
	if frozen != nil {
		<-frozen
	}
	Map.WithLock(*t.Info.Entity, func() { t.stockRun() })
}

// scriptOf reads a script: name, object, nth, every, times, fault (a type as in NotAuthenticated), details (its fields, JSON),
// message, delay (ms), expire, restart (ms), freeze.
func scriptOf(form url.Values) (*script, error) {
	one := &script{name: form.Get("name"), object: form.Get("object"), message: form.Get("message"),
		expire: form.Get("expire") == "true"}
	var err error
	if one.first, err = number(form, "nth", 1); err != nil {
		return nil, err
	}
	if one.times, err = number(form, "times", 1); err != nil {
		return nil, err
	}
	if one.every, err = number(form, "every", 1); err != nil || one.every < 1 {
		return nil, fmt.Errorf("every=%s; a number of at least 1 is needed", form.Get("every"))
	}
	if one.delay, err = milliseconds(form, "delay"); err != nil {
		return nil, err
	}
	if one.restart, err = milliseconds(form, "restart"); err != nil {
		return nil, err
	}
	if form.Get("freeze") == "true" {
		one.frozen = make(chan struct{})
	}
	one.fault, err = faultOf(form.Get("fault"), form.Get("details"))
	return one, err
}

var typeOf = types.TypeFunc()

// faultOf makes a fault by its name in the API, and fills its fields.
func faultOf(name, details string) (types.BaseMethodFault, error) {
	if name == "" {
		return nil, nil
	}
	kind, ok := typeOf(name)
	if !ok {
		return nil, fmt.Errorf("'%s' is no fault of the API", name)
	}
	fault, ok := reflect.New(kind).Interface().(types.BaseMethodFault)
	if !ok {
		return nil, fmt.Errorf("'%s' is a type of the API, but no fault", name)
	}
	if details == "" {
		return fault, nil
	}
	return fault, json.Unmarshal([]byte(details), fault)
}

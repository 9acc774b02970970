package simulator

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/vim25/types"
)

// place is where a machine can be made.
type place struct {
	folder, pool, host types.ManagedObjectReference
}

// placeOf finds a datacenter by name (none: the first) and a host in it.
func (l *Lab) placeOf(name string) (*place, error) {
	if name == "" {
		name = "DC0"
	}
	hosts := Map.All("HostSystem")
	sort.Slice(hosts, func(i, j int) bool { return hosts[i].Reference().Value < hosts[j].Reference().Value })
	for _, host := range hosts {
		dc := Map.getEntityDatacenter(host)
		if dc.Name == name {
			pool := hostParent(&host.(*HostSystem).HostSystem).ResourcePool
			return &place{folder: dc.VmFolder, pool: *pool, host: host.Reference()}, nil
		}
	}
	return nil, fmt.Errorf("no datacenter '%s' with a host", name)
}

// folderOf finds a folder below the datacenter's, as in "prod/web", and makes what is missing of it.
func (l *Lab) folderOf(ctx context.Context, place *place, path string) (*object.Folder, error) {
	folder := object.NewFolder(l.model.Service.client, place.folder)
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
		parent := Map.Get(folder.Reference()).(*Folder)
		if child := Map.FindByName(name, parent.ChildEntity); child != nil {
			folder = object.NewFolder(l.model.Service.client, child.Reference())
			continue
		}
		child, err := folder.CreateFolder(ctx, name)
		if err != nil {
			return nil, err
		}
		folder = child
	}
	return folder, nil
}

// networkOf finds a network of any kind by its name.
func networkOf(name string) *types.ManagedObjectReference {
	for _, kind := range []string{"Network", "DistributedVirtualPortgroup", "OpaqueNetwork"} {
		for _, network := range Map.All(kind) {
			if entityName(network) == name {
				reference := network.Reference()
				return &reference
			}
		}
	}
	return nil
}

// inInventory writes a name as vCenter keeps it.
func inInventory(name string) string {
	return strings.NewReplacer("%", "%25", "/", "%2f", `\`, "%5c").Replace(name)
}

// onDatastore writes a name as vCenter names folders and files by it; a second machine of the name gets another.
func (l *Lab) onDatastore(name string) string {
	folder := strings.NewReplacer("%", "_", "/", "_", `\`, "_").Replace(name)
	l.machines.mu.Lock()
	defer l.machines.mu.Unlock()
	if l.machines.folders == nil {
		l.machines.folders = make(map[string]int)
	}
	l.machines.folders[folder]++
	if number := l.machines.folders[folder]; number > 1 {
		return fmt.Sprintf("%s_%d", folder, number-1)
	}
	return folder
}

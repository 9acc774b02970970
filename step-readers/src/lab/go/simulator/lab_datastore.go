package simulator

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/vmware/govmomi/vim25/types"
)

// controlDatastores lets a test say what a datastore is like: type, as in VMFS or NFS, and free (bytes).
func (l *Lab) controlDatastores(mux *http.ServeMux) {
	l.handle(mux, "/datastore/set", func(form url.Values) (string, error) {
		for _, one := range Map.All("Datastore") {
			if entityName(one) == form.Get("name") {
				return "", setDatastore(one.(*Datastore), form)
			}
		}
		return "", fmt.Errorf("no datastore '%s'", form.Get("name"))
	})
}

func setDatastore(store *Datastore, form url.Values) error {
	free, err := number(form, "free", store.Summary.FreeSpace)
	if err != nil {
		return err
	}
	kind := store.Summary.Type
	if form.Get("type") != "" {
		kind = form.Get("type")
	}
	Map.WithLock(store, func() {
		Map.Update(store, []types.PropertyChange{
			{Name: "summary.type", Val: kind}, {Name: "summary.freeSpace", Val: free},
		})
	})
	return nil
}

package simulator

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"
)

// Lab is what these files add to a simulated vCenter. There is one in a process, as there is one Map.
type Lab struct {
	model   *Model
	folder  string
	scripts scripts
	// machines are those that a test has touched, or that had a snapshot.
	machines   machines
	properties properties
	// downUntil is in nanoseconds of the clock; before it, every request ends with a closed connection.
	downUntil int64
	// readersEpoch counts how often all readers lost their connections.
	readersEpoch int64
	closeAll  func()
}

// lab is asked by the hooks; nil while the model is built, which no script is to disturb.
var lab *Lab

// NewLab adds change tracking, tracked images below the folder, and scripts to a created model.
func NewLab(model *Model, folder string) *Lab {
	lab = &Lab{model: model, folder: folder}
	for _, vm := range Map.All("VirtualMachine") {
		supportTracking(vm.(*VirtualMachine))
	}
	lab.DropReaders()
	return lab
}

// Front is the door of the server: closed while the lab plays a vCenter that is down.
func (l *Lab) Front(inner http.Handler, closeAll func()) http.Handler {
	l.closeAll = closeAll
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if time.Now().UnixNano() < atomic.LoadInt64(&l.downUntil) {
			panic(http.ErrAbortHandler)
		}
		answer := &answer{header: w.Header(), status: http.StatusOK}
		inner.ServeHTTP(answer, r)
		if time.Now().UnixNano() < atomic.LoadInt64(&l.downUntil) {
			panic(http.ErrAbortHandler)
		}
		answer.to(w)
	})
}

// answer holds a response back until it is whole, to put its attributes in vCenter's order.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// A vCenter writes type="VirtualMachine" before xsi:type="ManagedObjectReference", and clients count on that.
var typeAfterXsi = regexp.MustCompile(`(XMLSchema-instance:type|xsi:type)="(ManagedObjectReference)" type="([A-Za-z]+)"`)

func (a *answer) to(w http.ResponseWriter) {
	body := typeAfterXsi.ReplaceAll(a.body.Bytes(), []byte(`type="$3" $1="$2"`))
	a.header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}

// Restart forgets every session and task, drops every reader and is down for a while. What hosts are at goes on.
func (l *Lab) Restart(down time.Duration) {
	atomic.StoreInt64(&l.downUntil, time.Now().Add(down).UnixNano())
	l.ExpireSessions()
	for _, task := range Map.All("Task") {
		Map.Remove(task.Reference())
	}
	l.shutOut(down)
	l.DropReaders()
	go l.closeAll() // returns when each connection is closed, or after 5 s
}

// ExpireSessions makes every client log in again.
func (l *Lab) ExpireSessions() {
	manager := Map.SessionManager()
	sessionMutex.Lock()
	defer sessionMutex.Unlock()
	for key := range manager.sessions {
		delete(manager.sessions, key)
	}
}

// Control answers what a test asks for.
func (l *Lab) Control() http.Handler {
	mux := http.NewServeMux()
	l.handle(mux, "/restart", func(form url.Values) (string, error) {
		down, err := milliseconds(form, "down")
		if err == nil {
			l.Restart(down)
		}
		return "", err
	})
	l.handle(mux, "/expire", func(url.Values) (string, error) {
		l.ExpireSessions()
		return "", nil
	})
	l.handle(mux, "/readers/drop", func(url.Values) (string, error) {
		l.DropReaders()
		return "", nil
	})
	l.scripts.control(l, mux)
	l.properties.control(l, mux)
	l.controlMachines(mux)
	l.controlDisks(mux)
	l.controlDatastores(mux)
	return mux
}

func (l *Lab) handle(mux *http.ServeMux, path string, act func(url.Values) (string, error)) {
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text, err := act(r.Form)
		if err != nil {
			http.Error(w, fmt.Sprintf("%s: %v", path, err), http.StatusBadRequest)
			return
		}
		_, _ = w.Write([]byte(text))
	})
}

func milliseconds(form url.Values, name string) (time.Duration, error) {
	value, err := number(form, name, 0)
	return time.Duration(value) * time.Millisecond, err
}

func number(form url.Values, name string, otherwise int64) (int64, error) {
	text := form.Get(name)
	if text == "" {
		return otherwise, nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s=%s is no number", name, text)
	}
	return value, nil
}

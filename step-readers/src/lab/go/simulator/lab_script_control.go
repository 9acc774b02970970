package simulator

import (
	"net/http"
	"net/url"
	"strconv"
)

// control lets a test script calls and tasks, let go what is frozen, forget all scripts, and count.
func (s *scripts) control(l *Lab, mux *http.ServeMux) {
	l.handle(mux, "/script/call", func(form url.Values) (string, error) { return s.add(&s.calls, form) })
	l.handle(mux, "/script/task", func(form url.Values) (string, error) { return s.add(&s.tasks, form) })
	l.handle(mux, "/script/release", func(url.Values) (string, error) {
		s.release()
		return "", nil
	})
	l.handle(mux, "/script/clear", func(url.Values) (string, error) {
		s.release()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls, s.tasks = nil, nil
		return "", nil
	})
	l.handle(mux, "/script/count", func(form url.Values) (string, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return strconv.FormatInt(s.count[form.Get("name")], 10), nil
	})
}

func (s *scripts) add(list *[]*script, form url.Values) (string, error) {
	one, err := scriptOf(form)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, one)
	return "", nil
}

// release lets frozen tasks go on; a script that froze one freezes no other.
func (s *scripts) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.tasks {
		if one.frozen != nil {
			close(one.frozen)
			one.frozen = nil
		}
	}
}

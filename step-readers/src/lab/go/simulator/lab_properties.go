package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// properties come in pages, as vCenter sends them: at most as many objects as were asked for, or fewer. What is left
// waits under a token, which is worth something to the session that got it, until it is used.
type properties struct {
	mu      sync.Mutex
	pageMax int // objects in a page whatever was asked for; 0: no limit
	last    int
	waiting map[string]rest
}

type rest struct {
	session string
	objects []types.ObjectContent
}

// paged cuts what the simulator answered whole.
func (p *properties) paged(ctx *Context, method *Method, body soap.HasFault) soap.HasFault {
	answer, ok := body.(*methods.RetrievePropertiesExBody)
	if !ok || answer.Res == nil || answer.Res.Returnval == nil || ctx.Session == nil {
		return body
	}
	asked := 0
	if request, ok := method.Body.(*types.RetrievePropertiesEx); ok {
		asked = int(request.Options.MaxObjects)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	result := p.page(ctx.Session.Key, answer.Res.Returnval.Objects, p.size(asked))
	answer.Res.Returnval = &result
	return answer
}

// size is what was asked for or what the lab sends at most, whichever is less; 0: all.
func (p *properties) size(asked int) int {
	if p.pageMax > 0 && (asked == 0 || p.pageMax < asked) {
		return p.pageMax
	}
	return asked
}

func (p *properties) page(session string, objects []types.ObjectContent, size int) types.RetrieveResult {
	if size < 1 || len(objects) <= size {
		return types.RetrieveResult{Objects: objects}
	}
	p.last++
	token := fmt.Sprintf("%d/%d", p.last, size)
	if p.waiting == nil {
		p.waiting = make(map[string]rest)
	}
	p.waiting[token] = rest{session: session, objects: objects[size:]}
	return types.RetrieveResult{Token: token, Objects: objects[:size]}
}

// more answers ContinueRetrievePropertiesEx. The size of a page is what it was at the first.
func (p *properties) more(session string, token string) soap.HasFault {
	body := new(methods.ContinueRetrievePropertiesExBody)
	p.mu.Lock()
	defer p.mu.Unlock()
	found, ok := p.waiting[token]
	if !ok || found.session != session {
		body.Fault_ = incorrect("token")
		return body
	}
	delete(p.waiting, token)
	var number, size int
	_, _ = fmt.Sscanf(token, "%d/%d", &number, &size) // ours, as it was found
	body.Res = &types.ContinueRetrievePropertiesExResponse{Returnval: p.page(session, found.objects, size)}
	return body
}

// cancel answers CancelRetrievePropertiesEx.
func (p *properties) cancel(token string) soap.HasFault {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.waiting, token)
	return &methods.CancelRetrievePropertiesExBody{Res: new(types.CancelRetrievePropertiesExResponse)}
}

// control lets a test say how many objects are in a page at most: objects.
func (p *properties) control(l *Lab, mux *http.ServeMux) {
	l.handle(mux, "/properties/page", func(form url.Values) (string, error) {
		size, err := number(form, "objects", 0)
		if err != nil {
			return "", err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.pageMax = int(size)
		return "", nil
	})
}

// propertyCall answers what the simulator does not know, or knows without pages.
func (s *Service) propertyCall(ctx *Context, method *Method) soap.HasFault {
	if ctx.Session != nil {
		switch request := method.Body.(type) {
		case *types.ContinueRetrievePropertiesEx:
			return lab.properties.more(ctx.Session.Key, request.Token)
		case *types.CancelRetrievePropertiesEx:
			return lab.properties.cancel(request.Token)
		}
	}
	return lab.properties.paged(ctx, method, s.stockCall(ctx, method))
}

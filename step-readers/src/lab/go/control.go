package main

import (
	"net"
	"net/http"

	"github.com/vmware/govmomi/simulator"
)

// control serves what a test may do to the lab: POST /what with a form, answered by lines of text, or by 400 and why
// not. Returns the address.
func control(lab *simulator.Lab) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go func() { _ = http.Serve(listener, lab.Control()) }()
	return listener.Addr().String(), nil
}

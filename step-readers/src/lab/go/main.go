// A vCenter for tests and demonstrations: the simulator of govmomi, extended by change tracking, tracked disk images
// and scripted faults (package simulator, lab_*.go). It serves on the loopback interface, tells where in lines
// "name=value" ended by "ready", and ends when its input does.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
)

type options struct {
	folder                  string
	machines, hosts, places int
	user                    string
	certificate, key        string
}

func parse() options {
	var o options
	flag.StringVar(&o.folder, "folder", "", "an existing folder for datastores and disk images")
	flag.IntVar(&o.machines, "machines", 0, "machines of the simulator's own making, on each host")
	flag.IntVar(&o.hosts, "hosts", 1, "hosts in each datacenter")
	flag.IntVar(&o.places, "datacenters", 1, "datacenters")
	flag.StringVar(&o.user, "user", "administrator@vsphere.local", "who may log in; the password is the first line of the input")
	flag.StringVar(&o.certificate, "certificate", "", "PEM file; without it, a new self-signed one")
	flag.StringVar(&o.key, "key", "", "PEM file of its key")
	flag.Parse()
	return o
}

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	if err := serve(parse()); err != nil {
		log.Fatal(err)
	}
}

func serve(o options) error {
	password, err := firstLine(os.Stdin)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(o.folder)
	if err != nil || o.folder == "" {
		return fmt.Errorf("-folder FOLDER is needed (%v)", err)
	}
	// The simulator makes its datastores where temporary files go.
	if err = os.Setenv("TMPDIR", folder); err != nil {
		return err
	}
	certificate, err := certificateOf(o.certificate, o.key)
	if err != nil {
		return err
	}
	model := simulator.VPX()
	shape(model, o)
	defer model.Remove()
	if err = model.Create(); err != nil {
		return err
	}
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(o.user, password)}
	model.Service.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	images := filepath.Join(folder, "images")
	if err = keys(images, password, certificate); err != nil {
		return err
	}
	if err = writePem(pemOf(folder), certificate); err != nil {
		return err
	}
	lab := simulator.NewLab(model, images)
	server := model.Service.NewServer()
	defer server.Close()
	server.Config.Handler = lab.Front(server.Config.Handler, server.CloseClientConnections)
	address, err := control(lab)
	if err != nil {
		return err
	}
	return report(os.Stdout, [][2]string{
		{"url", server.URL.Scheme + "://" + server.URL.Host + server.URL.Path},
		{"control", "http://" + address},
		{"instance", model.ServiceContent.About.InstanceUuid},
		{"thumbprint.sha1", sha1Of(certificate)},
		{"thumbprint.sha256", sha256Of(certificate)},
		{"user", o.user},
		{"certificate", pemOf(folder)},
		{"images", images},
	})
}

// shape sets what a client of the 6.0 API, which is what we are, gets from any vCenter: later managers are not there.
func shape(model *simulator.Model, o options) {
	model.Datacenter, model.Cluster, model.Host, model.Machine = o.places, 0, o.hosts, o.machines
	model.OpaqueNetwork = 1
	content := &model.ServiceContent
	content.About.InstanceUuid = uuid.New().String()
	content.About.ApiVersion = "6.7" // so that it may be asked for what came after 6.5, as tpmPresent
	content.VStorageObjectManager, content.CryptoManager, content.HostSpecManager = nil, nil, nil
	content.FailoverClusterConfigurator, content.FailoverClusterManager, content.HealthUpdateManager = nil, nil, nil
}

// report prints where we are and returns when the input has ended.
func report(out io.Writer, lines [][2]string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintf(out, "%s=%s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(out, "ready"); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// keys are for the plugin that serves the images: what it is to be shown before.
func keys(images, password string, certificate tls.Certificate) error {
	if err := os.MkdirAll(images, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(images, "password"), []byte(password), 0o600); err != nil {
		return err
	}
	thumbprints := sha1Of(certificate) + "\n" + sha256Of(certificate) + "\n"
	return os.WriteFile(filepath.Join(images, "thumbprint"), []byte(thumbprints), 0o600)
}

// firstLine reads a byte at a time, so that nothing of what follows is lost.
func firstLine(in io.Reader) (string, error) {
	var line []byte
	letter := make([]byte, 1)
	for {
		if _, err := io.ReadFull(in, letter); err != nil {
			return "", fmt.Errorf("no password in the first line of the input: %v", err)
		}
		if letter[0] == '\n' {
			return string(line), nil
		}
		line = append(line, letter[0])
	}
}

package main

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/net/dns/dnsmessage"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// serviceNamesCommand stands in for CoreDNS: it gives the addresses of services, NAME.NAMESPACE.svc.cluster.local, asks the API
// server for each, and knows nothing else.
func serviceNamesCommand() *cobra.Command {
	var kubeconfig, address string
	command := &cobra.Command{
		Use: "service-names",
		RunE: func(*cobra.Command, []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			socket, err := net.ListenPacket("udp", address)
			if err != nil {
				return err
			}
			return serve(socket, client)
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&address, "address", "127.0.0.1:53", "where to listen")
	return command
}

func serve(socket net.PacketConn, client kubernetes.Interface) error {
	buffer := make([]byte, 1500)
	for {
		n, from, err := socket.ReadFrom(buffer)
		if err != nil {
			return err
		}
		var question dnsmessage.Message
		if question.Unpack(buffer[:n]) != nil || len(question.Questions) != 1 {
			continue
		}
		answer, err := reply(question, client)
		if err == nil {
			_, _ = socket.WriteTo(answer, from)
		}
	}
}

func reply(question dnsmessage.Message, client kubernetes.Interface) ([]byte, error) {
	asked := question.Questions[0]
	answer := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: question.ID, Response: true, Authoritative: true, RecursionDesired: question.RecursionDesired},
		Questions: question.Questions,
	}
	addresses := serviceAddresses(asked.Name.String(), client)
	if len(addresses) == 0 {
		answer.RCode = dnsmessage.RCodeNameError
	}
	if asked.Type == dnsmessage.TypeA {
		for _, address := range addresses {
			answer.Answers = append(answer.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: asked.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET, TTL: 1},
				Body:   &dnsmessage.AResource{A: [4]byte(address)},
			})
		}
	}
	return answer.Pack()
}

// serviceAddresses are the service's own, or those of its ready pods where it has none.
func serviceAddresses(name string, client kubernetes.Interface) []net.IP {
	parts := strings.Split(strings.TrimSuffix(name, ".svc.cluster.local."), ".")
	if len(parts) != 2 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	service, err := client.CoreV1().Services(parts[1]).Get(ctx, parts[0], meta.GetOptions{})
	if err != nil {
		return nil
	}
	if address := net.ParseIP(service.Spec.ClusterIP).To4(); address != nil {
		return []net.IP{address}
	}
	slices, err := client.DiscoveryV1().EndpointSlices(parts[1]).List(ctx, meta.ListOptions{LabelSelector: "kubernetes.io/service-name=" + parts[0]})
	if err != nil {
		return nil
	}
	var addresses []net.IP
	for _, slice := range slices.Items {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready != nil && *endpoint.Conditions.Ready {
				if address := net.ParseIP(endpoint.Addresses[0]).To4(); address != nil {
					addresses = append(addresses, address)
				}
			}
		}
	}
	return addresses
}

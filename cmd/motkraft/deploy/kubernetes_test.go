package deploy_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	strict "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// cluster is what kubernetes.yaml asks for, and what is wrong with it.
type cluster struct {
	text         string
	namespaces   []*corev1.Namespace
	configs      []*corev1.ConfigMap
	services     []*corev1.Service
	deployments  []*appsv1.Deployment
	statefulSets []*appsv1.StatefulSet
	budgets      []*policyv1.PodDisruptionBudget
	policies     []*networkingv1.NetworkPolicy
	problems     []string
}

func (c *cluster) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// read takes every document as the API server does where it validates strictly: no unknown field, none twice, none in another case.
func read(data []byte) *cluster {
	c := &cluster{text: string(data)}
	for i, document := range bytes.Split(data, []byte("\n---\n")) {
		text, err := yaml.YAMLToJSONStrict(document)
		var head v1.TypeMeta
		if err == nil {
			err = yaml.Unmarshal(text, &head)
		}
		if err != nil {
			c.problem("document %d: %v", i+1, err)
			continue
		}
		var into any
		switch head.APIVersion + " " + head.Kind {
		case "v1 Namespace":
			into = added(&c.namespaces)
		case "v1 ConfigMap":
			into = added(&c.configs)
		case "v1 Service":
			into = added(&c.services)
		case "apps/v1 Deployment":
			into = added(&c.deployments)
		case "apps/v1 StatefulSet":
			into = added(&c.statefulSets)
		case "policy/v1 PodDisruptionBudget":
			into = added(&c.budgets)
		case "networking.k8s.io/v1 NetworkPolicy":
			into = added(&c.policies)
		default:
			c.problem("document %d: %s %s is not known here", i+1, head.APIVersion, head.Kind)
			continue
		}
		faults, err := strict.UnmarshalStrict(text, into)
		if err != nil {
			faults = append(faults, err)
		}
		for _, fault := range faults {
			c.problem("document %d: %v", i+1, fault)
		}
	}
	return c
}

func added[T any](all *[]*T) *T {
	one := new(T)
	*all = append(*all, one)
	return one
}

// workload is one kind of pod.
type workload struct {
	name string
	pod  corev1.PodTemplateSpec
}

func (c *cluster) workloads() (all []workload) {
	for _, d := range c.deployments {
		all = append(all, workload{d.Name, d.Spec.Template})
	}
	for _, s := range c.statefulSets {
		all = append(all, workload{s.Name, s.Spec.Template})
	}
	return all
}

// selected gives the workloads that a selector means.
func (c *cluster) selected(s *v1.LabelSelector) (all []workload) {
	by, err := v1.LabelSelectorAsSelector(s)
	if err != nil {
		c.problem("a selector: %v", err)
		return nil
	}
	for _, w := range c.workloads() {
		if by.Matches(labels.Set(w.pod.Labels)) {
			all = append(all, w)
		}
	}
	return all
}

func (w workload) port(name string) bool {
	return slices.ContainsFunc(w.pod.Spec.Containers[0].Ports, func(p corev1.ContainerPort) bool { return p.Name == name })
}

// check finds every promise that is not kept.
func check(data []byte) []string {
	c := read(data)
	if len(c.namespaces) != 1 || len(c.configs) != 1 || len(c.deployments) != 1 || len(c.statefulSets) != 1 || len(c.problems) > 0 {
		c.problem("expected one namespace, one ConfigMap, one Deployment, one StatefulSet")
		return c.problems
	}
	if c.namespaces[0].Labels["pod-security.kubernetes.io/enforce"] != "restricted" {
		c.problem("the namespace lets pods in that are not restricted")
	}
	for _, w := range c.workloads() {
		c.checkPod(w)
	}
	c.checkReplicas(c.deployments[0])
	c.checkSecrets(c.deployments[0].Spec.Template.Spec)
	c.checkNetwork()
	if args := c.statefulSets[0].Spec.Template.Spec.Containers[0].Args; !inOrder(args, "--appendonly", "no") || !inOrder(args, "--save", "3600 1") {
		c.problem("Redis keeps more than how the counts are: %q", args)
	}
	return c.problems
}

// checkPod holds a pod to the restricted standard of Kubernetes, and to some more.
func (c *cluster) checkPod(w workload) {
	want := func(ok bool, what string) {
		if !ok {
			c.problem("%s: %s", w.name, what)
		}
	}
	is := func(b *bool, value bool) bool { return b != nil && *b == value }
	p := w.pod.Spec
	want(is(p.AutomountServiceAccountToken, false), "the pod gets a token of the cluster")
	want(is(p.EnableServiceLinks, false), "the pod is told of other services")
	want(!p.HostNetwork && !p.HostPID && !p.HostIPC, "the pod shares something with its host")
	want(len(p.Containers) == 1 && len(p.InitContainers) == 0, "expected one container")
	s := p.SecurityContext
	want(s != nil && is(s.RunAsNonRoot, true) && s.RunAsUser != nil && *s.RunAsUser > 0 && s.RunAsGroup != nil && *s.RunAsGroup > 0, "it may be root")
	want(s != nil && s.SeccompProfile != nil && s.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault, "no seccomp")
	for _, k := range p.Containers {
		s := k.SecurityContext
		want(s != nil && is(s.ReadOnlyRootFilesystem, true), "the root can be written to")
		want(s != nil && is(s.AllowPrivilegeEscalation, false) && s.Privileged == nil, "it may gain rights")
		want(s != nil && s.Capabilities != nil && slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) && len(s.Capabilities.Add) == 0, "it has capabilities")
		for _, r := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			least, most := k.Resources.Requests[r], k.Resources.Limits[r]
			want(!least.IsZero() && !most.IsZero() && least.Cmp(most) <= 0, "no bound of "+string(r))
		}
		for _, probe := range []*corev1.Probe{k.StartupProbe, k.ReadinessProbe, k.LivenessProbe} {
			want(probe != nil && (probe.HTTPGet != nil || probe.TCPSocket != nil && w.port(probe.TCPSocket.Port.StrVal)), "a probe is missing or asks nobody")
		}
	}
	for _, v := range p.Volumes {
		want(v.HostPath == nil, "it sees its host's files")
	}
}

// checkReplicas holds the program's pods to going on while some of them come and go.
func (c *cluster) checkReplicas(d *appsv1.Deployment) {
	want := func(ok bool, what string) {
		if !ok {
			c.problem("%s: %s", d.Name, what)
		}
	}
	want(d.Spec.Replicas != nil && *d.Spec.Replicas == 3, "not three replicas")
	r := d.Spec.Strategy.RollingUpdate
	want(r != nil && r.MaxUnavailable != nil && r.MaxUnavailable.String() == "0" && r.MaxSurge != nil && r.MaxSurge.IntValue() > 0,
		"an old one goes before a new one is there")
	own := d.Spec.Template.Labels
	for _, key := range []string{"kubernetes.io/hostname", "topology.kubernetes.io/zone"} {
		want(slices.ContainsFunc(d.Spec.Template.Spec.TopologySpreadConstraints, func(t corev1.TopologySpreadConstraint) bool {
			by, err := v1.LabelSelectorAsSelector(t.LabelSelector)
			return err == nil && t.TopologyKey == key && t.MaxSkew == 1 && by.Matches(labels.Set(own))
		}), "not spread over "+key)
	}
	guarded := false
	for _, b := range c.budgets {
		for _, w := range c.selected(b.Spec.Selector) {
			guarded = guarded || w.name == d.Name && b.Spec.MaxUnavailable != nil && b.Spec.MaxUnavailable.IntValue() == 1
		}
	}
	want(guarded, "no budget for disruptions")

	k := d.Spec.Template.Spec.Containers[0]
	for probe, path := range map[*corev1.Probe]string{k.StartupProbe: "/readyz", k.ReadinessProbe: "/readyz", k.LivenessProbe: "/healthz"} {
		want(probe.HTTPGet != nil && probe.HTTPGet.Path == path && probe.HTTPGet.Port.StrVal == "admin", "a probe does not ask the admin address for "+path)
	}
	// Until the last probe that found it ready is forgotten it must go on taking requests, and after that it has 5 s to end.
	drain, err := time.ParseDuration(env(k, "MOTKRAFT_DRAIN"))
	grace := d.Spec.Template.Spec.TerminationGracePeriodSeconds
	want(err == nil && grace != nil && drain+5*time.Second < time.Duration(*grace)*time.Second, "it is killed before it has ended")
	p := k.ReadinessProbe
	want(drain >= time.Duration(p.PeriodSeconds*p.FailureThreshold)*time.Second+5*time.Second, "it stops to take requests before those in front know")
}

// env gives a variable's value.
func env(k corev1.Container, name string) string {
	for _, e := range k.Env {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}

// checkSecrets holds secrets to files of the Secret that the head of the file makes, key by key.
func (c *cluster) checkSecrets(p corev1.PodSpec) {
	const folder = "/secrets/"
	k := p.Containers[0]
	files := 0
	for _, e := range k.Env {
		path, isFile := strings.CutPrefix(e.Value, folder)
		switch {
		case isFile != strings.HasSuffix(e.Name, "_FILE"):
			c.problem("%s is %q: a secret is given by file, and nothing else is", e.Name, e.Value)
		case isFile:
			files++
			if !strings.Contains(c.text, "--from-literal="+path+"=") {
				c.problem("nothing makes the secret %s", path)
			}
		}
	}
	if files < 6 {
		c.problem("only %d secrets", files)
	}
	for name := range c.configs[0].Data {
		if regexp.MustCompile(`_KEY$|TOKEN|SECRET|COUNTS`).MatchString(strings.TrimSuffix(name, "PUBLIC_KEY")) {
			c.problem("the secret %s stands in the ConfigMap", name)
		}
	}
	mounted := slices.ContainsFunc(k.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath+"/" == folder && m.ReadOnly })
	private := slices.ContainsFunc(p.Volumes, func(v corev1.Volume) bool {
		return v.Secret != nil && v.Secret.DefaultMode != nil && *v.Secret.DefaultMode&0o007 == 0
	})
	if !mounted || !private {
		c.problem("the secrets are not there, or may be read by others")
	}
}

// checkNetwork finds what may speak with what.
func (c *cluster) checkNetwork() {
	closed, kept := false, map[string]bool{}
	for _, p := range c.policies {
		both := slices.Contains(p.Spec.PolicyTypes, networkingv1.PolicyTypeIngress) && slices.Contains(p.Spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		if len(p.Spec.PodSelector.MatchLabels) == 0 {
			closed = closed || both && len(p.Spec.Ingress) == 0 && len(p.Spec.Egress) == 0
			continue
		}
		for _, w := range c.selected(&p.Spec.PodSelector) {
			kept[w.name] = true
			for _, in := range p.Spec.Ingress {
				if len(in.From) == 0 || len(in.Ports) == 0 {
					c.problem("%s may be reached by anybody", w.name)
				}
				for _, port := range in.Ports {
					if !w.port(port.Port.StrVal) {
						c.problem("%s has no port %s", w.name, port.Port)
					}
				}
			}
		}
		for _, out := range p.Spec.Egress {
			if len(out.To) == 0 || len(out.Ports) == 0 {
				c.problem("%s may reach anybody", p.Name)
			}
			for _, to := range out.To {
				if to.IPBlock != nil && len(to.IPBlock.Except) == 0 {
					c.problem("%s may reach around in the cluster", p.Name)
				}
			}
		}
	}
	if !closed {
		c.problem("what is not said is not forbidden")
	}
	for _, w := range c.workloads() {
		if !kept[w.name] {
			c.problem("no policy is for %s", w.name)
		}
	}
	for _, s := range c.services {
		found := c.selected(&v1.LabelSelector{MatchLabels: s.Spec.Selector})
		if len(found) != 1 || !found[0].port(s.Spec.Ports[0].TargetPort.StrVal) || s.Spec.Ports[0].TargetPort.StrVal == "admin" {
			c.problem("the service %s leads nowhere, or to the admin address", s.Name)
		}
	}
}

func TestKubernetes(t *testing.T) {
	data, err := os.ReadFile("kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range check(data) {
		t.Error(problem)
	}
}

// Each promise that is broken is found: otherwise the test above says nothing.
func TestBrokenKubernetes(t *testing.T) {
	data, err := os.ReadFile("kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to string }{
		{"replicas: 3", "replicas: 2"},
		{"replicas: 3", "replicaz: 3"},
		{"replicas: 3", "Replicas: 3"},
		{"replicas: 3", "replicas: 3\n  replicas: 3"},
		{"maxUnavailable: 0", "maxUnavailable: 1"},
		{"apiVersion: policy/v1", "apiVersion: policy/v1beta1"},
		{"enforce: restricted", "enforce: baseline"},
		{"automountServiceAccountToken: false", "automountServiceAccountToken: true"},
		{"runAsNonRoot: true", "runAsNonRoot: false"},
		{"runAsUser: 999", "runAsUser: 0"},
		{"{type: RuntimeDefault}", "{type: Unconfined}"},
		{"allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"},
		{"readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"},
		{"drop: [ALL]", "drop: [NET_RAW]"},
		{"drop: [ALL]", "drop: [ALL], add: [NET_ADMIN]"},
		{"limits: {cpu: \"1\", memory: 256Mi}", "limits: {cpu: \"1\"}"},
		{"topologyKey: kubernetes.io/hostname", "topologyKey: kubernetes.io/arch"},
		{"path: /healthz, port: admin", "path: /healthz, port: http"},
		{"tcpSocket: {port: redis}", "tcpSocket: {port: reddis}"},
		{`--appendonly, "no"`, `--appendonly, "yes"`},
		{"--save, 3600 1", `--save, ""`},
		{"value: 10s", "value: 30s"},
		{"value: 10s", "value: 1s"},
		{"value: /secrets/key", "value: canary"},
		{"value: /secrets/key", "value: /secrets/keys"},
		{"MOTKRAFT_TRUSTED_PROXIES:", "MOTKRAFT_TELEGRAM_TOKEN:"},
		{"defaultMode: 0440", "defaultMode: 0444"},
		{"maxUnavailable: 1", "maxUnavailable: 3"},
		{"podSelector: {}", "podSelector: {matchLabels: {app: other}}"},
		{"{port: http}]", "{port: web}]"},
		{", except: [\"fc00::/7\", \"fe80::/10\"]", ""},
		{"targetPort: http", "targetPort: admin"},
	} {
		broken := bytes.Replace(data, []byte(c.from), []byte(c.to), 1)
		if bytes.Equal(broken, data) {
			t.Errorf("%q does not stand there", c.from)
		} else if len(check(broken)) == 0 {
			t.Errorf("nobody sees %q in the place of %q", c.to, c.from)
		}
	}
}

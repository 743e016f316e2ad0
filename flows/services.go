package flows

import (
	"cmp"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// Service is somebody to turn to. What it does for a person is said by message "service/ID"; its name is the same in every language.
type Service struct {
	ID          string
	Index       int // its place in Set.Services
	Pos         problem.Pos
	Name        string
	Short       string              // for button labels: at most maxShort characters
	Helps       map[string][]string // audience → what for
	Site        []string            // its own hosts; their subdomains are its own too
	Area        []Place             // nil: all of Sweden
	Except      []Place             // of all of Sweden, places that have a service of their own for the same
	Ages        Ages
	Anonymous   bool     // the source says that one may be
	Free        bool     // the source says that it costs nothing
	Languages   []string // spoken there, where the source says which
	Interpreter bool     // the source says that there are interpreters
	Only        string   // the one audience that may be shown it; empty: any
	Never       []string // audiences that must not be shown it
	Police      bool     // never a first step for those who are exposed
	Contacts    []Contact
	Timed       bool // one of its contacts has a schedule, so what is said of it changes with the hour
	Emergency   bool // it answers the emergency number

	helpsPos map[[2]string]problem.Pos
}

// Contact is a way to reach a service.
type Contact struct {
	ID         string // empty, or message "service/SERVICE.ID" labels it
	Kind       Kind
	Address    string // phone: as shown; chat, page and about: an https address; email: an address; through: whom to ask
	Dial       string // phone: what is dialled
	Hours      Hours
	Certainty  Certainty
	Source     string    // where it was read
	Seen       time.Time // the day on which it was read there
	VerifiedOn time.Time // the day on which a person rang it or opened it; zero: nobody has yet
	Pos        problem.Pos
}

// Kind is what sort of contact it is.
type Kind string

// The kinds of contacts.
const (
	Phone Kind = "phone"
	Chat  Kind = "chat"
	Page  Kind = "page"
	Email Kind = "email"
	About Kind = "about" // a page that tells of the service and is none of its own: never a way to reach it

	// Through is whom to ask for the service where nobody could read its number: another service of the directory, or Municipality.
	Through Kind = "through"
)

// Municipality is whom to ask, in the place of a service's name, where every municipality has it.
const Municipality = "municipality"

// Certainty says how well a contact is known: High from the service's own or an authority's page, Medium from a secondary or an old
// one. A contact of low certainty is not shipped.
type Certainty string

// The certainties.
const (
	High   Certainty = "high"
	Medium Certainty = "medium"
)

// maxShort is how long a service's short name may be in UTF-16 units, so that a label with it keeps to the label's bound.
const maxShort = 20

const (
	ruleArea      problem.Rule = "area"
	ruleAges      problem.Rule = "ages"
	ruleHours     problem.Rule = "hours"
	rulePhone     problem.Rule = "phone"
	ruleLink      problem.Rule = "link"
	ruleCertainty problem.Rule = "certainty"
	ruleDate      problem.Rule = "date"
	ruleName      problem.Rule = "name"
	ruleContact   problem.Rule = "contact"
	ruleSite      problem.Rule = "site" // a page that is not whose it seems to be
)

// covers reports whether the service's area holds a place. A county is covered only as a whole.
func (s *Service) covers(at Place) bool {
	in := func(area []Place) bool { return slices.Contains(area, at) || slices.Contains(area, at.County()) }
	return in(s.Area) || s.Area == nil && !in(s.Except)
}

// Local reports whether the service is for a part of Sweden.
func (s *Service) Local() bool { return s.Area != nil }

// AnswersAlways reports whether one of its contacts answers round the clock.
func (s *Service) AnswersAlways() bool {
	return slices.ContainsFunc(s.Contacts, func(c Contact) bool { return c.Hours.Always() })
}

// Ways gives how the service can be reached, each kind once, in the order of its contacts. A page is none: nobody answers there.
func (s *Service) Ways() (out []Kind) {
	for _, c := range s.Contacts {
		if (c.Kind == Phone || c.Kind == Chat || c.Kind == Email) && !slices.Contains(out, c.Kind) {
			out = append(out, c.Kind)
		}
	}
	return out
}

// OpenAt reports whether one of its contacts answers at a moment.
func (s *Service) OpenAt(t time.Time) bool {
	return slices.ContainsFunc(s.Contacts, func(c Contact) bool { return c.Hours.At(t).Open })
}

// loadServices reads services.yaml.
func loadServices(fsys fs.FS, campaign *Campaign, places *Places, problems *problem.List) []*Service {
	const name = "services.yaml"
	r := &reader{problem.Reader{File: folder + name, Problems: problems}}
	doc := r.Document(fsys, name)
	if doc == nil {
		return nil
	}
	var out []*Service
	r.Fields(doc, "the directory", map[string]problem.Field{
		"services": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the services", func(key, value *yaml.Node) {
				r.name(key, "a service")
				s := r.service(key, value, campaign, places)
				s.Index = len(out)
				out = append(out, s)
			})
		}},
	})
	r.throughs(out)
	return out
}

func (r *reader) service(key, n *yaml.Node, campaign *Campaign, places *Places) *Service {
	s := &Service{ID: key.Value, Pos: r.Pos(key), Helps: map[string][]string{}, helpsPos: map[[2]string]problem.Pos{}}
	var namePos, shortPos problem.Pos
	r.Fields(n, "a service", map[string]problem.Field{
		"name": {Required: true, Read: func(n *yaml.Node) {
			namePos = r.Pos(n)
			r.Text(n, "a service's name", &s.Name)
		}},
		"short": {Read: func(n *yaml.Node) {
			shortPos = r.Pos(n)
			r.Text(n, "a short name", &s.Short)
		}},
		"helps":  {Required: true, Read: func(n *yaml.Node) { r.helps(n, s) }},
		"site":   {Read: func(n *yaml.Node) { r.site(n, s) }},
		"area":   {Required: true, Read: func(n *yaml.Node) { s.Area = r.area(n, places) }},
		"except": {Read: func(n *yaml.Node) { s.Except = r.area(n, places) }},
		"ages": {Read: func(n *yaml.Node) {
			var err error
			if s.Ages, err = parseAges(n.Value); err != nil {
				r.Problems.Add(r.Pos(n), ruleAges, "%s", err)
			}
		}},
		"only": {Read: func(n *yaml.Node) {
			r.name(n, "an audience")
			s.Only = n.Value
		}},
		"never": {Read: func(n *yaml.Node) {
			r.Items(n, "never", func(n *yaml.Node) {
				r.name(n, "an audience")
				s.Never = append(s.Never, n.Value)
			})
		}},
		"police":      {Read: func(n *yaml.Node) { r.Truth(n, "police", &s.Police) }},
		"anonymous":   {Read: func(n *yaml.Node) { r.Truth(n, "anonymous", &s.Anonymous) }},
		"free":        {Read: func(n *yaml.Node) { r.Truth(n, "free", &s.Free) }},
		"interpreter": {Read: func(n *yaml.Node) { r.Truth(n, "interpreter", &s.Interpreter) }},
		"languages": {Read: func(n *yaml.Node) {
			r.Items(n, "the languages", func(n *yaml.Node) {
				var language string
				if r.Text(n, "a language", &language) {
					s.Languages = append(s.Languages, language)
				}
			})
		}},
		"contacts": {Required: true, Read: func(n *yaml.Node) {
			ids := map[string]problem.Pos{}
			r.Items(n, "the contacts", func(n *yaml.Node) { s.Contacts = append(s.Contacts, r.contact(n, campaign, ids)) })
			if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
				r.Problems.Add(r.Pos(n), ruleContact, "no contact, expected at least one: phone, chat, page, email, about or through")
			}
		}},
	})
	r.ownPages(s)
	slices.SortStableFunc(s.Contacts, func(a, b Contact) int { return cmp.Compare(a.Kind.last(), b.Kind.last()) })
	s.Emergency = slices.ContainsFunc(s.Contacts, func(c Contact) bool { return c.Kind == Phone && c.Dial == campaign.Emergency })
	s.Timed = slices.ContainsFunc(s.Contacts, func(c Contact) bool { return len(c.Hours.entries) > 0 })
	if s.Short == "" {
		s.Short, shortPos = s.Name, namePos
	}
	if found := len(utf16.Encode([]rune(s.Short))); found > maxShort {
		r.Problems.Add(shortPos, ruleName, "%q has %d characters, expected a short name of at most %d for buttons", s.Short, found, maxShort)
	}
	return s
}

// last puts what tells of a service behind the ways to reach it.
func (k Kind) last() int {
	if k == About {
		return 1
	}
	return 0
}

// throughs checks that whoever is to be asked for a service is in the directory and can be rung.
func (r *reader) throughs(services []*Service) {
	for _, s := range services {
		for _, c := range s.Contacts {
			if c.Kind != Through || c.Address == Municipality {
				continue
			}
			i := slices.IndexFunc(services, func(s *Service) bool { return s.ID == c.Address })
			if i < 0 || !slices.Contains(services[i].Ways(), Phone) {
				r.Problems.Add(c.Pos, ruleContact, "%q is asked for through %q, expected %s or a service with a number", s.ID, c.Address, Municipality)
			}
		}
	}
}

// helps reads "audience: [need, need]".
func (r *reader) helps(n *yaml.Node, s *Service) {
	r.Pairs(n, "helps", func(audience, needs *yaml.Node) {
		r.name(audience, "an audience")
		r.Items(needs, "the needs", func(need *yaml.Node) {
			r.name(need, "a need")
			pair := [2]string{audience.Value, need.Value}
			if before, ok := s.helpsPos[pair]; ok {
				r.Problems.Add(r.Pos(need), problem.RuleDuplicate, "%q again under %q, expected once; the first one stands at %s", need.Value, audience.Value, before)
				return
			}
			s.Helps[audience.Value] = append(s.Helps[audience.Value], need.Value)
			s.helpsPos[pair] = r.Pos(need)
		})
	})
}

func (r *reader) area(n *yaml.Node, places *Places) []Place {
	if n.Kind == yaml.ScalarNode && n.Value == "national" {
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		found := problem.Describe(n)
		if n.Kind == yaml.SequenceNode {
			found = "an empty list"
		}
		r.Problems.Add(r.Pos(n), ruleArea, "%s, expected national or a list of quoted codes", found)
		return nil
	}
	out := []Place{}
	for _, item := range n.Content {
		if at, ok := r.place(item, places); ok {
			out = append(out, at)
		}
	}
	return out
}

// contact reads a contact. Ids are those of the service's contacts before it.
func (r *reader) contact(n *yaml.Node, campaign *Campaign, ids map[string]problem.Pos) Contact {
	c := Contact{Pos: r.Pos(n)}
	address := func(kind Kind, check func(*yaml.Node)) problem.Field {
		return problem.Field{Read: func(n *yaml.Node) {
			if c.Kind != "" {
				r.Problems.Add(r.Pos(n), ruleContact, "%s beside %s, expected one of phone, chat, page, email, about, through", kind, c.Kind)
				return
			}
			c.Kind = kind
			if r.Text(n, string(kind), &c.Address) && check != nil {
				check(n)
			}
		}}
	}
	date := func(name string, into *time.Time, required bool) problem.Field {
		return problem.Field{Required: true, Read: func(n *yaml.Node) {
			if n.Tag == "!!null" && !required {
				return
			}
			t, err := time.Parse(time.DateOnly, n.Value)
			if err != nil {
				r.Problems.Add(r.Pos(n), ruleDate, "%s, expected %s as a date such as 2026-11-23", problem.Describe(n), name)
			}
			*into = t
		}}
	}
	var dialPos, hoursPos problem.Pos
	r.Fields(n, "a contact", map[string]problem.Field{
		"phone":   address(Phone, nil), // checked below: it needs dial
		"chat":    address(Chat, func(n *yaml.Node) { r.contactLink(n) }),
		"page":    address(Page, func(n *yaml.Node) { r.contactLink(n) }),
		"email":   address(Email, r.email),
		"about":   address(About, func(n *yaml.Node) { r.contactLink(n) }),
		"through": address(Through, func(n *yaml.Node) { r.name(n, "a service") }),
		"id": {Read: func(n *yaml.Node) {
			r.name(n, "a contact")
			if before, ok := ids[n.Value]; ok {
				r.Problems.Add(r.Pos(n), problem.RuleDuplicate, "contact %q again, expected once in a service; the first one stands at %s", n.Value, before)
				return
			}
			c.ID, ids[n.Value] = n.Value, r.Pos(n)
		}},
		"dial": {Read: func(n *yaml.Node) {
			dialPos = r.Pos(n)
			r.Text(n, "dial", &c.Dial)
		}},
		"hours": {Read: func(n *yaml.Node) {
			hoursPos = r.Pos(n)
			var err error
			if c.Hours, err = campaign.ParseHours(n.Value); err != nil {
				r.Problems.Add(r.Pos(n), ruleHours, "%s", err)
			}
		}},
		"certainty": {Required: true, Read: func(n *yaml.Node) {
			if c.Certainty = Certainty(n.Value); c.Certainty != High && c.Certainty != Medium {
				r.Problems.Add(r.Pos(n), ruleCertainty, "%s, expected high or medium: a contact that is less certain is not shown", problem.Describe(n))
			}
		}},
		"source": {Required: true, Read: func(n *yaml.Node) {
			if r.Text(n, "source", &c.Source) {
				r.link(n, "https", "http") // nobody is sent there
			}
		}},
		"seen":        date("seen", &c.Seen, true),
		"verified_on": date("verified_on", &c.VerifiedOn, false),
	})
	switch {
	case c.Kind == "":
		r.Problems.Add(c.Pos, ruleContact, "a contact without an address, expected phone, chat, page, email, about or through")
	case c.Kind != Phone && dialPos.Line > 0:
		r.Problems.Add(dialPos, ruleContact, "dial beside %s, expected it beside phone only", c.Kind)
	case c.Kind == Phone && c.Address != "" && campaign.Region != "" && len(campaign.Short) > 0: // without them that is the problem
		pos := dialPos
		if pos.Line == 0 {
			pos = c.Pos
		}
		if err := campaign.checkPhone(c.Address, c.Dial); err != nil {
			r.Problems.Add(pos, rulePhone, "%s", err)
		}
	}
	if c.Kind != Phone && c.Kind != Chat && hoursPos.Line > 0 {
		r.Problems.Add(hoursPos, ruleContact, "hours beside %s, expected them beside phone or chat only: nobody answers at once there", c.Kind)
	}
	return c
}

// emailAddress is the plain form that services have. The library's parser would bring the network with it.
var emailAddress = regexp.MustCompile(`^[\w.+-]+@[\w-]+(\.[\w-]+)+$`)

func (r *reader) email(n *yaml.Node) {
	if !emailAddress.MatchString(n.Value) {
		r.Problems.Add(r.Pos(n), ruleLink, "%q, expected an e-mail address such as name@example.se", n.Value)
	}
}

// name checks that a name is one that keys and addresses can be made of.
func (r *reader) name(n *yaml.Node, what string) {
	ok := n.Value != "" && n.Kind == yaml.ScalarNode
	for _, c := range n.Value {
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')
	}
	if !ok || strings.HasPrefix(n.Value, "-") {
		r.Problems.Add(r.Pos(n), ruleName, "%s, expected the name of %s: lower-case letters, digits and hyphens, no hyphen first", problem.Describe(n), what)
	}
}

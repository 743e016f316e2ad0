package standin

import (
	"fmt"
	"slices"
	"strconv"
)

// commandsJSON is what the real server answers: with what it adds, and without what it leaves out.
func (s *Server) commandsJSON(localized bool) []map[string]any {
	list := []map[string]any{}
	for _, c := range s.commands {
		all := map[string]any{
			"id": c.id, "application_id": s.AppID, "version": c.version, "type": c.Type, "name": c.Name, "description": c.Description,
			"default_member_permissions": nil, "dm_permission": len(c.Contexts) == 0 || slices.Contains(c.Contexts, 1), "nsfw": c.NSFW,
			"contexts": nil, "integration_types": c.IntegrationTypes,
		}
		if c.Permissions != "" {
			all["default_member_permissions"] = string(c.Permissions)
		}
		if c.DMPermission != nil && len(c.Contexts) == 0 {
			all["dm_permission"] = *c.DMPermission
		}
		if len(c.Contexts) > 0 {
			all["contexts"] = c.Contexts
		}
		c.words.localize(all, localized)
		var options []map[string]any
		for _, o := range c.Options {
			options = append(options, o.json(localized))
		}
		if len(options) > 0 {
			all["options"] = options
		}
		list = append(list, all)
	}
	return list
}

func (w words) localize(all map[string]any, localized bool) {
	if !localized {
		return
	}
	dictionary := func(m map[string]string) any {
		if len(m) == 0 {
			return nil
		}
		return m
	}
	all["name_localizations"] = dictionary(w.Names)
	if _, has := all["description"]; has {
		all["description_localizations"] = dictionary(w.Descriptions)
	}
}

func (o option) json(localized bool) map[string]any {
	all := map[string]any{"type": o.Type, "name": o.Name, "description": o.Description}
	o.words.localize(all, localized)
	if o.Required {
		all["required"] = true
	}
	if o.Autocomplete {
		all["autocomplete"] = true
	}
	var list []map[string]any
	for _, c := range o.Choices {
		one := map[string]any{"name": c.Name, "value": c.Value}
		c.words.localize(one, localized)
		list = append(list, one)
	}
	if len(list) > 0 {
		all["choices"] = list
	}
	for name, limit := range map[string]*int{"min_length": o.MinLength, "max_length": o.MaxLength} {
		if limit != nil {
			all[name] = *limit
		}
	}
	for name, limit := range map[string]*float64{"min_value": o.MinValue, "max_value": o.MaxValue} {
		if limit != nil {
			all[name] = *limit
		}
	}
	return all
}

// forbidden says why a person's own client would not send a command; empty: it would.
func (c *command) forbidden(p *Person, given map[string]string, dm, allowed bool) string {
	context := 0
	if dm {
		context = 1
	}
	switch {
	case len(c.Contexts) > 0 && !slices.Contains(c.Contexts, context):
		return "it is not offered there"
	case !dm && !allowed && c.Permissions != "" && !c.Permissions.within(p.permissions()):
		return "the member lacks the permissions"
	}
	for _, o := range c.Options {
		value, has := given[o.Name]
		if !has && o.Required {
			return "the option " + o.Name + " is required"
		}
		fits := func(c choice) bool { return fmt.Sprint(c.Value) == value }
		if has && len(o.Choices) > 0 && !slices.ContainsFunc(o.Choices, fits) {
			return "the option " + o.Name + " has no such choice"
		}
	}
	for name := range given {
		if !slices.ContainsFunc(c.Options, func(o option) bool { return o.Name == name }) {
			return "it has no option " + name
		}
	}
	return ""
}

// value gives an option's type and value; of a command that is not registered (c is nil) all are texts.
func (c *command) value(name, text string) (int, any) {
	const texts = 3
	if c == nil {
		return texts, text
	}
	for _, o := range c.Options {
		if n, err := strconv.ParseFloat(text, 64); o.Name == name && err == nil && (o.Type == 4 || o.Type == 10) {
			return o.Type, n
		}
		if o.Name == name && o.Type == 5 {
			return o.Type, text == "true"
		}
	}
	return texts, text
}

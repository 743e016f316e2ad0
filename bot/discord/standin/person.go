package standin

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"motkraft/bot/fakeserver"
)

// Person is somebody in the guild. Everything they can be known by is a canary.
type Person struct {
	ID       string
	Username string
	Name     string // the display name
	Nick     string // in the guild
	Avatar   string
	Locale   string // what the platform says of their language; empty: nothing

	server  *Server
	manages bool
	dmID    string
	answers int
	unseen  map[string]bool // ids of messages that they dismissed
	sending chan struct{}   // closed when their last forwarded act has set out
}

// Join gives a new member, without rights of their own. locale is Discord's: "sv-SE", "en-GB", "en-US", "da", …
func (s *Server) Join(locale string) *Person { return s.join(locale, false) }

// JoinManager gives a new member who may manage the server.
func (s *Server) JoinManager(locale string) *Person { return s.join(locale, true) }

func (s *Server) join(locale string, manages bool) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.people) + 1
	p := &Person{
		ID:       fmt.Sprint(271_930_000_000_000_000 + int64(n)*7_919_000_003),
		Username: fmt.Sprintf("canary.person.%dx", n),
		Name:     fmt.Sprintf("Canaryname %dx", n),
		Nick:     fmt.Sprintf("Canarynick %dx", n),
		Avatar:   fmt.Sprintf("canaryavatar%020x", n),
		Locale:   locale,
		server:   s,
		manages:  manages,
		dmID:     fmt.Sprint(1_105_560_000_000_000_000 + int64(n)*7_919_000_003),
		unseen:   map[string]bool{},
	}
	s.people = append(s.people, p)
	s.core.Keep(p.canaries()...)
	return p
}

func (p *Person) canaries() []string {
	return []string{p.ID, p.Username, p.Name, p.Nick, p.Avatar, p.dmID}
}

func (p *Person) user() map[string]any {
	return map[string]any{
		"id": p.ID, "username": p.Username, "global_name": p.Name, "flags": 0, "avatar": p.Avatar, "discriminator": "0", "public_flags": 0,
		"avatar_decoration_data": nil, "collectibles": nil, "display_name_styles": nil, "clan": nil, "primary_guild": nil,
	}
}

// manageServer is the permission MANAGE_GUILD, the bit of https://discord.com/developers/docs/topics/permissions.
const manageServer = 1 << 5

// of an ordinary member: see, send, use commands
const memberPermissions = 1<<10 | 1<<11 | 1<<31

func (p *Person) permissions() int64 {
	if p.manages {
		return memberPermissions | manageServer
	}
	return memberPermissions
}

func (p *Person) member() map[string]any {
	return map[string]any{
		"user": p.user(), "nick": p.Nick, "avatar": nil, "banner": nil, "roles": []string{}, "joined_at": "2024-05-01T12:00:00.000000+00:00",
		"premium_since": nil, "deaf": false, "mute": false, "flags": 0, "pending": false, "communication_disabled_until": nil,
		"unusual_dm_activity_until": nil, "permissions": fmt.Sprint(p.permissions()),
	}
}

// Command uses a slash command in the guild. What the platform's own client does not let a person do fails the test: a command that their
// permissions forbid, a choice that is not offered. A command that is not registered is sent all the same.
func (p *Person) Command(name string, options map[string]string) *Act {
	p.server.core.TB.Helper()
	return p.command(name, options, false, false)
}

// CommandAllowed is Command where the server's owner let everybody use the command, whatever its default permissions say.
func (p *Person) CommandAllowed(name string, options map[string]string) *Act {
	p.server.core.TB.Helper()
	return p.command(name, options, false, true)
}

// CommandInDM uses a slash command in a private chat with the bot: the interaction has a user and no member.
func (p *Person) CommandInDM(name string, options map[string]string) *Act {
	p.server.core.TB.Helper()
	return p.command(name, options, true, false)
}

func (p *Person) command(name string, options map[string]string, dm, allowed bool) *Act {
	p.server.core.TB.Helper()
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	data := map[string]any{"name": name, "type": 1}
	known := s.commandNamed(name)
	if known == nil {
		data["id"] = "0"
	} else {
		data["id"] = known.id
		if why := known.forbidden(p, options, dm, allowed); why != "" {
			p.server.core.TB.Errorf("nobody can use /%s so: %s", name, why)
		}
	}
	var given []map[string]any
	for _, option := range slices.Sorted(maps.Keys(options)) {
		kind, value := known.value(option, options[option])
		given = append(given, map[string]any{"name": option, "type": kind, "value": value})
	}
	if len(given) > 0 {
		data["options"] = given
	}
	in := s.newInteraction(typeCommand, p, dm)
	all := s.base(in)
	all["data"] = data
	return s.act(in, fakeserver.JSON(all))
}

// Press presses a button with this custom_id on the newest message that has one; where none has, it is as if the newest message had.
func (p *Person) Press(customID string) *Act {
	p.server.core.TB.Helper()
	on := fakeserver.Holder(p.Messages(), func(m Message) bool {
		return slices.ContainsFunc(m.Buttons(), func(b Button) bool { return b.CustomID == customID && !b.Disabled })
	})
	return p.PressOn(on.ID, customID)
}

// PressButton presses the i-th button that can be pressed, from 0, of the newest message.
func (p *Person) PressButton(i int) *Act {
	p.server.core.TB.Helper()
	on := fakeserver.Holder(p.Messages(), func(Message) bool { return true })
	if b, ok := fakeserver.Nth(on.Buttons(), i, func(b Button) bool { return b.CustomID != "" && !b.Disabled }); ok {
		return p.PressOn(on.ID, b.CustomID)
	}
	p.server.core.TB.Errorf("the newest message has no such button")
	return p.PressOn("", "")
}

// PressOn presses a button with this custom_id on a message, whatever became of it. Of a message that the platform does not know (any id)
// the interaction says that it is the bot's and holds this one button.
func (p *Person) PressOn(messageID, customID string) *Act {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	on := s.known(messageID)
	in := s.newInteraction(typeComponent, p, on != nil && on.dm)
	in.on = on
	shown := on
	if shown == nil {
		if messageID == "" {
			messageID = s.snowflake()
		}
		shown = &message{id: messageID, owner: p, sent: s.core.Clock()}
		shown.Rows = [][]Button{{{Label: "?", CustomID: customID, Style: 2}}}
	}
	all := s.base(in)
	all["message"] = s.messageJSON(shown)
	all["data"] = map[string]any{"component_type": 2, "custom_id": customID, "id": 2}
	return s.act(in, fakeserver.JSON(all))
}

// Raw sends an interaction as if it came from the person, whatever is in it. $ID, $TOKEN, $APP, $USER, $MEMBER, $MESSAGE (the newest that
// they see, or null), $CHANNEL, $GUILD and $BASE stand for what the platform would put there; $BASE is all that interactions have in
// common, without the braces and without type and locale:
//
//	person.Raw(`{$BASE,"type":2,"locale":"tlh","data":{"id":"1","name":"support","type":1}}`)
func (p *Person) Raw(body string) *Act {
	p.server.core.TB.Helper()
	seen := p.Messages()
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	var head struct{ Type json.Number }
	in := s.newInteraction(0, p, false)
	shown := []byte("null")
	if len(seen) > 0 {
		newest := s.known(seen[len(seen)-1].ID)
		shown = fakeserver.JSON(s.messageJSON(newest))
		if strings.Contains(body, "$MESSAGE") {
			in.on = newest
		}
	}
	common := s.base(in)
	delete(common, "type")
	delete(common, "locale")
	base := string(fakeserver.JSON(common))
	filled := strings.NewReplacer(
		"$BASE", base[1:len(base)-1],
		"$ID", `"`+in.id+`"`, "$TOKEN", `"`+in.token+`"`, "$APP", `"`+s.AppID+`"`, "$USER", string(fakeserver.JSON(p.user())),
		"$MEMBER", string(fakeserver.JSON(p.member())), "$MESSAGE", string(shown), "$CHANNEL", string(fakeserver.JSON(s.channel(in))), "$GUILD", `"`+guildID+`"`,
	).Replace(body)
	if !json.Valid([]byte(filled)) {
		p.server.core.TB.Errorf("no JSON: %s", filled)
	}
	_ = json.Unmarshal([]byte(filled), &head) // a type that is no number: none
	if kind, err := head.Type.Int64(); err == nil {
		in.kind = int(kind)
	}
	return s.act(in, []byte(filled))
}

// Dismiss takes away a message that only this person sees.
func (p *Person) Dismiss(messageID string) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	if m := p.server.known(messageID); m == nil || m.deleted || !m.Ephemeral || m.owner != p {
		p.server.core.TB.Errorf("only an answer that nobody else sees can be dismissed")
		return
	}
	p.unseen[messageID] = true
	p.server.core.Touch()
}

// Answers counts what the bot showed: answers to the person's acts, and changes and deletions of these.
func (p *Person) Answers() int { return fakeserver.Ask(p.server.core, func() int { return p.answers }) }

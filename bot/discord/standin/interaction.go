package standin

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// How long an interaction lives, https://discord.com/developers/docs/interactions/receiving-and-responding.
const (
	FirstAnswer = 3 * time.Second  // until then the first answer must have come, unless Options says otherwise
	TokenLife   = 15 * time.Minute // so long may the answer be changed and more be said
)

// Types of interactions.
const (
	typePing       = 1
	typeCommand    = 2
	typeComponent  = 3
	typeCompletion = 4
)

// Types of answers.
const (
	answerPong    = 1
	answerMessage = 4 // a new one
	answerLater   = 5 // one that comes later
	answerChange  = 6 // of the message that was acted on, later
	answerUpdate  = 7 // the same, at once
	answerChoices = 8
)

// interaction is one thing that a person did, as long as the platform knows of it.
type interaction struct {
	id, token string
	kind      int
	person    *Person
	dm        bool
	on        *message // of a component; nil: a message that the platform does not know
	created   time.Time
	sent      time.Time // by the real clock

	answered time.Time // by the real clock; zero: not yet
	answer   int       // its type
	original *message
	failed   string        // why there will be no answer
	http     int           // the status that a forwarded one was answered with
	started  chan struct{} // closed when a forwarded one has set out
	start    sync.Once
}

// newInteraction needs the lock.
func (s *Server) newInteraction(kind int, p *Person, dm bool) *interaction {
	in := &interaction{
		id: s.snowflake(), kind: kind, person: p, dm: dm, created: s.core.Clock(), sent: time.Now(), started: make(chan struct{}),
	}
	in.token = fmt.Sprintf("aW50ZXJhY3Rpb246%sOmNhbmFyeVRva2Vu%s", in.id, strings.Repeat("NobodyMaySeeThis", 9))
	s.interactions = append(s.interactions, in)
	s.byToken[in.token] = in
	s.core.Keep(in.id, in.token)
	return in
}

// act sends what a person did to the bot. It needs the lock.
func (s *Server) act(in *interaction, body []byte) *Act {
	a := &Act{ID: in.id, server: s, in: in}
	if s.forward != "" {
		s.post(a, body)
	} else if !s.gateway.dispatch("INTERACTION_CREATE", body) {
		in.failed = "no session is there to take it"
	}
	s.core.Touch()
	return a
}

// status needs the lock.
func (s *Server) status(in *interaction) Status {
	switch {
	case !in.answered.IsZero():
		return Answered
	case in.failed != "":
		return Failed
	case s.core.Clock().Sub(in.created) > s.FirstAnswer:
		return Expired
	}
	return Pending
}

// base is what every interaction holds. It needs the lock.
func (s *Server) base(in *interaction) map[string]any {
	p := in.person
	all := map[string]any{
		"id": in.id, "application_id": s.AppID, "type": in.kind, "token": in.token, "version": 1,
		"entitlements": []any{}, "entitlement_sku_ids": []any{}, "attachment_size_limit": 10485760,
		"channel": s.channel(in), "channel_id": s.channel(in)["id"],
	}
	if p.Locale != "" {
		all["locale"] = p.Locale
	}
	if in.dm {
		all["context"], all["app_permissions"] = 1, "2248473465835073"
		all["authorizing_integration_owners"] = map[string]string{"1": p.ID}
		all["user"] = p.user()
		return all
	}
	all["context"], all["app_permissions"] = 0, "562949953601536"
	all["authorizing_integration_owners"] = map[string]string{"0": guildID}
	all["member"], all["guild_id"], all["guild_locale"] = p.member(), guildID, "en-US"
	all["guild"] = map[string]any{"id": guildID, "locale": "en-US", "features": []string{"COMMUNITY"}}
	return all
}

// The guild and its channel. Their ids and names are canaries.
const (
	guildID     = "1105550000000000731"
	guildName   = "Canaryguild with a name"
	channelID   = "1105550000000000732"
	channelName = "canarychannel-with-a-name"
)

func (s *Server) channel(in *interaction) map[string]any {
	if in.dm {
		return map[string]any{
			"id": in.person.dmID, "type": 1, "flags": 0, "last_message_id": in.person.dmID,
			"recipients": []any{in.person.user()},
		}
	}
	return map[string]any{
		"id": channelID, "type": 0, "guild_id": guildID, "name": channelName, "position": 0, "permissions": "2248473465835073",
		"topic": nil, "nsfw": false, "parent_id": nil, "rate_limit_per_user": 0, "flags": 0, "last_message_id": channelID,
	}
}

// epoch is the first millisecond that a snowflake can name, https://discord.com/developers/docs/reference#snowflakes.
const epoch = 1420070400000

// snowflake gives a new id whose time is the platform's. It needs the lock.
func (s *Server) snowflake() string {
	s.last++
	return fmt.Sprint(uint64(s.core.Clock().UnixMilli()-epoch)<<22 | s.last&(1<<22-1)) // #nosec G115 -- the time is after the epoch
}

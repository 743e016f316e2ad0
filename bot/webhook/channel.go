package webhook

import (
	"fmt"
	"net/http"
	"strings"

	"motkraft/bot/channel"
)

// Channel is the conversation for other systems as one value.
func Channel() channel.Channel {
	return channel.Channel{
		Name:     "webhook",
		Settings: settings,
		Counted:  true,
		Always:   map[string]http.Handler{"GET /openapi.yaml": http.HandlerFunc(ServeOpenAPI)},
		Open:     open,
	}
}

var settings = []channel.Setting{
	{
		Name: "WEBHOOK_SECRETS", Secret: true, Switch: true,
		Help: "secrets that other systems sign with, whsec_…, separated by commas",
		Check: func(value string, _ channel.Values) error {
			if _, err := New(split(value)...); err != nil {
				return fmt.Errorf("is no list of secrets (%w): make one with 'echo whsec_$(openssl rand -base64 32)'", err)
			}
			return nil
		},
	},
}

func open(v channel.Values, _ channel.Core) channel.Served {
	w, err := New(split(v["WEBHOOK_SECRETS"])...)
	if err != nil {
		panic("webhook: secrets that were checked cannot be read") // #nosec -- no secret is in it
	}
	return channel.Served{Adapter: w, Routes: map[string]http.Handler{"/webhook": w}}
}

func split(secrets string) []string {
	out := strings.Split(secrets, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

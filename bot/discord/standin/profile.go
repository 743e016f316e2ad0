package standin

import "net/http"

func (s *Server) getApplication(*request) (int, any, error) {
	return http.StatusOK, map[string]any{
		"id": s.AppID, "name": "Motkraft", "icon": nil, "description": "", "summary": "", "type": nil, "hook": true,
		"bot_public": true, "bot_require_code_grant": false, "verify_key": s.PublicKey, "flags": 0, "flags_new": "0", "eligible_oauth2_scopes": []string{}, "bot": s.bot(),
		"redirect_uris": []string{}, "interactions_endpoint_url": nil, "role_connections_verification_url": nil,
		"owner": map[string]any{"id": "1142000000000000009", "username": "owner", "discriminator": "0", "avatar": nil, "public_flags": 0,
			"flags": 0, "global_name": nil, "primary_guild": nil},
		"approximate_guild_count": 1, "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "integration_types_config": map[string]any{},
	}, nil
}

func (s *Server) getMe(*request) (int, any, error) {
	me := s.bot()
	me["mfa_enabled"], me["locale"], me["verified"], me["email"], me["flags"] = true, "en-US", true, nil, 0
	return http.StatusOK, me, nil
}

// bot is the bot as a user.
func (s *Server) bot() map[string]any {
	return map[string]any{
		"id": s.AppID, "username": "motkraft", "discriminator": "0001", "avatar": nil, "bot": true, "public_flags": 0, "flags": 0,
		"global_name": nil, "primary_guild": nil,
	}
}

func (s *Server) getGateway(*request) (int, any, error) {
	return http.StatusOK, map[string]any{"url": s.gateway.url}, nil
}

// sessionsADay is how often a bot may identify in a day, https://discord.com/developers/docs/events/gateway#session-start-limit-object.
const sessionsADay = 1000

func (s *Server) getGatewayBot(*request) (int, any, error) {
	if s.gateway.away {
		return 0, nil, &refusal{http.StatusServiceUnavailable, 0, "503: Service Unavailable", nil}
	}
	return http.StatusOK, map[string]any{
		"url": s.gateway.url, "shards": 1,
		"session_start_limit": map[string]any{
			"total": sessionsADay, "remaining": sessionsADay - len(s.gateway.identifies), "reset_after": 3600000, "max_concurrency": 1,
		},
	}, nil
}

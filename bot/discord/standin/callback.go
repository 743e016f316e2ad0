package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

func (s *Server) postCallback(r *request) (int, any, error) {
	given, refused := s.readAnswer("POST callback", r.in, r.body)
	if refused != nil {
		return 0, nil, refused
	}
	in := r.in
	if in == nil || in.id != r.args[0] || s.core.Clock().Sub(in.created) > s.FirstAnswer || in.failed != "" {
		return 0, nil, errTooLate
	}
	if err := s.apply(in, given); err != nil {
		return 0, nil, err
	}
	if r.URL.Query().Get("with_response") != "true" {
		return http.StatusNoContent, nil, nil
	}
	return http.StatusOK, s.called(in), nil
}

// called is what a callback is answered that asks for the response. It needs the lock.
func (s *Server) called(in *interaction) map[string]any {
	about := map[string]any{"id": in.id, "type": in.kind}
	all := map[string]any{"interaction": about}
	if m := in.original; m != nil {
		about["response_message_id"], about["response_message_ephemeral"] = m.id, m.Ephemeral
		about["response_message_loading"] = m.Loading
		if in.answer == answerMessage || in.answer == answerUpdate {
			all["resource"] = map[string]any{"type": in.answer, "message": s.messageJSON(m)}
		}
	}
	return all
}

// reply is a first answer.
type reply struct {
	kind int
	data *content // never nil
}

// readAnswer checks a first answer, whichever way it came; in is nil where the interaction is not known.
func (s *Server) readAnswer(where string, in *interaction, body []byte) (*reply, error) {
	found := s.described("callback", body)
	var head struct {
		Type int
		Data json.RawMessage
	}
	if err := json.Unmarshal(body, &head); err != nil {
		found.Add(errInvalid, "the answer is no object with a type")
	}
	given := &reply{head.Type, &content{}}
	kind := typeCommand
	if in != nil {
		kind = in.kind
	}
	if why := fits(head.Type, kind); why != "" {
		found.Add(errInvalid, "%s", why)
	}
	switch head.Type {
	case answerMessage, answerUpdate:
		data, more := readContent(head.Data)
		given.data = data
		found = append(found, more...)
	case answerLater:
		_ = json.Unmarshal(head.Data, &struct{ Flags *int }{&given.data.flags}) // without data: not ephemeral
	case answerChoices:
		found = append(found, readChoices(head.Data)...)
	}
	return given, s.core.Judge(where, found)
}

// fits says what is wrong with a type of answer to a type of interaction.
func fits(answer, kind int) string {
	ok := false
	switch answer {
	case answerPong:
		ok = kind == typePing
	case answerMessage, answerLater:
		ok = kind != typeCompletion && kind != typePing
	case answerChange, answerUpdate:
		ok = kind == typeComponent
	case answerChoices:
		ok = kind == typeCompletion
	default:
		return fmt.Sprintf("there is no answer of type %d here", answer)
	}
	if !ok {
		return fmt.Sprintf("an answer of type %d to an interaction of type %d", answer, kind)
	}
	return ""
}

// apply carries out a first answer. It needs the lock.
func (s *Server) apply(in *interaction, given *reply) error {
	if !in.answered.IsZero() {
		return errTwice
	}
	switch given.kind {
	case answerMessage:
		if given.data.empty() {
			return errEmpty
		}
		in.original = s.add(in, given.data, false)
	case answerLater:
		in.original = s.add(in, given.data, true)
	case answerChange:
		in.original = in.on
	case answerUpdate:
		if in.on == nil || in.on.deleted {
			return errNoMessage
		}
		if err := s.edit(in.on, given.data); err != nil {
			return err
		}
		in.original = in.on
	}
	in.answered, in.answer = time.Now(), given.kind
	if given.kind != answerLater && given.kind != answerChange && in.person != nil {
		in.person.answers++
	}
	s.core.Touch()
	return nil
}

// reached finds the interaction by whose token a message is reached. It needs the lock.
func (s *Server) reached(r *request) (*interaction, error) {
	in := r.in
	switch {
	case in == nil || r.args[0] != s.AppID:
		return nil, errNoWebhook
	case s.core.Clock().Sub(in.created) > TokenLife:
		return nil, errExpired
	case in.answered.IsZero():
		return nil, errNoWebhook
	}
	return in, nil
}

// original finds the first answer's message. It needs the lock.
func (s *Server) original(r *request) (*interaction, *message, error) {
	in, err := s.reached(r)
	if err != nil {
		return nil, nil, err
	}
	if in.original == nil || in.original.deleted {
		return nil, nil, errNoMessage
	}
	return in, in.original, nil
}

func (s *Server) getOriginal(r *request) (int, any, error) {
	_, m, err := s.original(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.messageJSON(m), nil
}

func (s *Server) patchOriginal(r *request) (int, any, error) {
	data, found := readContent(r.body)
	if err := s.core.Judge(r.call.Route, append(s.described("edit", r.body), found...)); err != nil {
		return 0, nil, err
	}
	in, m, err := s.original(r)
	if err != nil {
		return 0, nil, err
	}
	if err := s.edit(m, data); err != nil {
		return 0, nil, err
	}
	in.person.answers++
	return http.StatusOK, s.messageJSON(m), nil
}

func (s *Server) deleteOriginal(r *request) (int, any, error) {
	in, m, err := s.original(r)
	if err != nil {
		return 0, nil, err
	}
	m.deleted = true
	in.person.answers++
	return http.StatusNoContent, nil, nil
}

func (s *Server) postFollowup(r *request) (int, any, error) {
	data, found := readContent(r.body)
	if err := s.core.Judge(r.call.Route, append(s.described("followup", r.body), found...)); err != nil {
		return 0, nil, err
	}
	in, err := s.reached(r)
	if err != nil {
		return 0, nil, err
	}
	if data.empty() {
		return 0, nil, errEmpty
	}
	m := s.add(in, data, false)
	in.person.answers++
	return http.StatusOK, s.messageJSON(m), nil // an interaction's follow-up waits always
}

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	discord "motkraft/bot/discord/standin"
	telegram "motkraft/bot/telegram/standin"
)

// people talk with a running server. Whatever they are known by holds one of the marks, or is added to data.
type people struct {
	t *testing.T
	r *running

	byHTTP bool // the platforms send requests, and are not asked

	met sync.Map // who has met a trouble that passes

	mu   sync.Mutex
	data canaries
	ids  []string // of people on the platforms, as a trace would have them
}

// all lets n people talk on each channel, the channels side by side, and on each only so many at a time that they are answered in Discord's 3
// seconds.
func (p *people) all(n int, actors []actor) {
	const atATime = 10
	var talking sync.WaitGroup
	for _, a := range actors {
		var next atomic.Int64
		for range atATime {
			talking.Go(func() {
				for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
					a.talk(p, i)
				}
			})
		}
	}
	talking.Wait()
	for _, a := range actors {
		a.settle()
	}
}

func (p *people) seen(data string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.data.add(data)
}

func (p *people) seenID(id uint64) {
	p.ids = append(p.ids, strconv.FormatUint(id, 10), strconv.FormatUint(id, 16))
}

// heldOnPage are people whose page was answered on a connection that stays, and who have begun to ask for more.
func (p *people) heldOnPage(n int) {
	for i := range n {
		conn := p.connect()
		request := fmt.Sprintf("GET /?canary=%d HTTP/1.1\r\nHost: canary-%d\r\nUser-Agent: canary-%d\r\n", i, i, i)
		io.WriteString(conn, request+"\r\n")
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			p.t.Errorf("the page is not answered: %v", err)
			return
		}
		answer.Body.Close()
		io.WriteString(conn, request)
	}
}

// heldOnWebhook are people whose request the program is reading: all of it has come but for the last byte, with a button's data and a text.
func (p *people) heldOnWebhook(n int) {
	var got struct{ Messages []hookScreen }
	first := p.do(hookRequest(p.t, p.r.public, map[string]string{"lang": "sv"}), 200)
	if err := json.Unmarshal(first, &got); err != nil || len(got.Messages) != 1 {
		p.t.Errorf("no screen: %v", err)
		return
	}
	for i := range n {
		data := got.Messages[0].Buttons[i%3].Data
		p.seen(data)
		req := known(hookRequest(p.t, p.r.public, map[string]string{"data": data, "text": fmt.Sprintf("canary %d vill dö", i)}), i)
		body, err := io.ReadAll(req.Body)
		if err != nil {
			p.t.Error(err)
			return
		}
		conn := p.connect()
		fmt.Fprintf(conn, "POST /webhook HTTP/1.1\r\nHost: canary\r\nContent-Length: %d\r\nExpect: 100-continue\r\n", len(body))
		req.Header.Write(conn)
		io.WriteString(conn, "\r\n")
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") { // it is read now
			p.t.Errorf("the request is answered %q, %v, expected to be read", line, err)
			return
		}
		conn.Write(body[:len(body)-1])
	}
}

// connect opens a connection that stays until the test ends.
func (p *people) connect() net.Conn {
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.r.public, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	return conn
}

// known puts everything into a request that a person could be known by.
func known(req *http.Request, i int) *http.Request {
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("2001:db8:%x::%x", i, i))
	for _, name := range []string{"User-Agent", "Referer", "Cookie", "Accept-Language", "Authorization", "X-Request-Id"} {
		req.Header.Set(name, fmt.Sprintf("canary-%s-%d", name, i))
	}
	return req
}

// do sends a request and gives what came.
func (p *people) do(req *http.Request, status int) []byte {
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Error(err)
		return nil
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status && answer.StatusCode != http.StatusTooManyRequests {
		p.t.Errorf("%s gave %d, expected %d: %v", req.URL.Path, answer.StatusCode, status, err)
	}
	return body
}

// breakOff sends the beginning of a request and goes away.
func (p *people) breakOff(request string) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.r.public, "http://"))
	if err != nil {
		p.t.Error(err)
		return
	}
	defer conn.Close()
	io.WriteString(conn, request)
}

// onPage opens the chat as a browser does, asks for what there is not, and for what is none.
func (p *people) onPage(i int) {
	for path, status := range map[string]int{
		fmt.Sprintf("/?canary=%d", i): 200, fmt.Sprintf("/screens.sv.json?canary=%d", i): 200, fmt.Sprintf("/canary/%d", i): 404,
	} {
		req, err := http.NewRequest("GET", p.r.public+path, nil)
		if err != nil {
			p.t.Error(err)
			return
		}
		req.Header.Set("Accept-Encoding", "gzip") // so that a thousand copies are not unpacked here
		p.do(known(req, i), status)
	}
	p.breakOff(fmt.Sprintf("GET /screens.en.json?canary=%d HTTP/1.1\r\nHost: canary-%d\r\n", i, i))
	p.breakOff(fmt.Sprintf("CANARY /canary-%d\x00 HTTP/9.9\r\nHost: canary\r\n\r\n", i))
}

// onWebhook begins, presses and types, and then does all of it wrongly.
func (p *people) onWebhook(i int) {
	ask := func(update map[string]string, status int, change func(*http.Request)) []byte {
		req := known(hookRequest(p.t, p.r.public, update), i)
		change(req)
		return p.do(req, status)
	}
	right := func(*http.Request) {}
	var got struct{ Messages []hookScreen }
	first := ask(map[string]string{"lang": fmt.Sprintf("en-canary%d", i), "start": fmt.Sprintf("canary%d", i)}, 200, right)
	if err := json.Unmarshal(first, &got); err != nil || len(got.Messages) != 1 {
		p.t.Errorf("no screen: %v", err)
		return
	}
	data := got.Messages[0].Buttons[0].Data
	p.seen(data)
	ask(map[string]string{"data": data}, 200, right)
	ask(map[string]string{"data": data, "text": fmt.Sprintf("my name is canary %d and I want to die", i)}, 200, right)

	ask(map[string]string{fmt.Sprintf("canary%d", i): "canary"}, 400, right)
	ask(map[string]string{"text": fmt.Sprintf("canary %d", i)}, 401, func(req *http.Request) { req.Header.Set("webhook-signature", "v1,canary") })
	ask(map[string]string{"text": fmt.Sprintf("canary %d", i)}, 401, func(req *http.Request) { req.Header.Set("webhook-timestamp", "17") })
	ask(map[string]string{"text": strings.Repeat("canary", 4000)}, 413, right)
	p.breakOff(fmt.Sprintf("POST /webhook HTTP/1.1\r\nHost: canary\r\nwebhook-id: canary-%d\r\nContent-Length: 100\r\n\r\n{\"text\":\"canary", i))
}

// troubles are what a platform does to one in len(troubles) people each: what passes, and is tried again, and what does not, which is told of.
var troubles = []struct {
	passes   bool
	telegram telegram.Fault
	discord  discord.Fault
}{
	{true, telegram.Fault{Kind: telegram.Drop}, discord.Fault{Kind: discord.Drop}},
	{false, telegram.Fault{Kind: telegram.Refuse, Status: 400}, discord.Fault{Kind: discord.Refuse, Status: 400, Code: 50035}},
	{true, telegram.Fault{Kind: telegram.Half}, discord.Fault{Kind: discord.Half, Status: 500}},
	{true, telegram.Fault{Kind: telegram.Refuse, Status: 500}, discord.Fault{Kind: discord.Refuse, Status: 500}},
	{true, telegram.Fault{Kind: telegram.HTML}, discord.Fault{Kind: discord.HTML}},
	{true, telegram.Fault{Kind: telegram.BadJSON}, discord.Fault{Kind: discord.BadJSON, Status: 500}},
	{false, telegram.Fault{Kind: telegram.Refuse, Status: 404}, discord.Fault{Kind: discord.HTML, Status: 404}},
}

// plan gives the trouble of an answer, -1 for none: by whom it is for, once where it passes.
func (p *people) plan(whom string, n int64) int {
	which := int(n % int64(len(troubles)))
	if troubles[which].passes {
		if _, again := p.met.LoadOrStore(whom, true); again {
			return -1
		}
	}
	return which
}

// onTelegram comes through a door. Then the troubles begin, and it presses and types.
func (p *people) onTelegram(tg *telegram.Server, i int) {
	who := tg.Join("sv")
	who.Start(fmt.Sprintf("canary%d", i))
	who.WaitAnswers(0)
	for _, b := range who.Screens()[0].Buttons() {
		p.seen(b.Data)
	}
	who.PressButton(0)
	who.Type(fmt.Sprintf("jag heter canary %d och vill dö", i))
}

func (p *people) telegramTrouble(c telegram.Call) *telegram.Fault {
	if c.Method == "editMessageText" || c.Method == "sendMessage" && p.begun(c.Chat) {
		if i := p.plan(fmt.Sprint("telegram ", c.Chat), c.Chat/7919); i >= 0 {
			return &troubles[i].telegram
		}
	}
	return nil
}

// begun reports whether a chat has had its first screen: that one always comes.
func (p *people) begun(chat int64) bool {
	_, begun := p.met.LoadOrStore(chat, true)
	return begun
}

// onDiscord calls the bot and presses; to some of the presses the troubles come.
func (p *people) onDiscord(dc *discord.Server, i int) {
	who := dc.Join("sv-SE")
	for tries := 1; ; tries++ { // as a person does on a machine that is too slow for Discord's 3 seconds: how fast it is, others test
		act := who.Command("support", nil)
		if act.Wait() == discord.Answered {
			break
		}
		if tries == 10 {
			p.t.Errorf("the first screen is %v: %s", act.Status(), act.Why())
			return
		}
	}
	for _, b := range who.Messages()[0].Buttons() {
		p.seen(b.CustomID)
	}
	act := who.PressButton(0)
	if p.byHTTP { // its answer is no call, but the clearing is one
		act.Wait()
		seen := who.Messages()[0]
		for _, b := range seen.Buttons() {
			if b.Label == "Rensa" {
				who.PressOn(seen.ID, b.CustomID).Wait()
			}
		}
	}
}

func (p *people) discordTrouble(c discord.Call) *discord.Fault {
	if p.byHTTP {
		if c.Route == "DELETE original" && c.N%7 == 0 {
			return &discord.Fault{Kind: discord.Refuse, Status: 400, Code: 50035}
		}
		return nil
	}
	if c.Route != "POST callback" || !strings.Contains(c.Body, `"type":7`) { // the first answer is of type 4
		return nil
	}
	var n int64
	fmt.Sscan(c.Interaction, &n)
	if i := p.plan("discord "+c.Interaction, n>>3); i >= 0 {
		return &troubles[i].discord
	}
	return nil
}

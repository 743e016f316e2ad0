package bot

import (
	"context"
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"motkraft/flows"
)

// sample is a state with every field in use.
var sample = State{
	Lang:  [2]byte{'s', 'v'},
	Place: 1280,
	Node:  flows.ID("buy/referral").Ref(),
	Trail: [4]flows.Ref{flows.ID("buy/place").Ref(), flows.ID("buy/start").Ref(), flows.Welcome.Ref()},
}

func TestSealOpens(t *testing.T) {
	s := testSealer(t, key(1))
	a, b := s.Seal(sample), s.Seal(sample)
	if a == b {
		t.Error("two seals of one state are the same: the way walked shows")
	}
	for _, data := range []string{a, b} {
		if len(data) != MaxData || strings.Trim(data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("data %q is not %d characters of base64url", data, MaxData)
		}
		if got, ok := s.Open(data); !ok || got != sample {
			t.Errorf("opened %+v, %v", got, ok)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	old := testSealer(t, key(1))
	both := testSealer(t, key(2), key(1))
	fresh := testSealer(t, key(2))
	data := old.Seal(sample)
	if got, ok := both.Open(data); !ok || got != sample {
		t.Error("the old key's data does not open beside the new key")
	}
	if _, ok := fresh.Open(data); ok {
		t.Error("the old key's data opens without the old key")
	}
	if _, ok := fresh.Open(both.Seal(sample)); !ok {
		t.Error("the first key does not seal")
	}
}

// Data that somebody changed, cut or made up gets the first screen in their language, whatever it is: 10,000 mutations of real data, and
// what other bots and releases leave behind.
func TestEveryPressGetsAScreen(t *testing.T) {
	b := newBot(t)
	random := rand.New(rand.NewPCG(1, 2))
	welcome := b.Handle(context.Background(), Update{Lang: "en"}).Text
	sealed := b.opts.Sealer.Seal(sample)
	press := func(data string) {
		t.Helper()
		m := b.Handle(context.Background(), Update{Data: data, Lang: "en-GB"})
		if m.Text != welcome || m.Lang != "en" {
			t.Errorf("%q got another screen:\n%s", data, m.Text)
		}
	}
	const mutations = 10_000
	for range mutations {
		if data := mutate(random, sealed); data != sealed {
			press(data)
		}
	}
	stranger := testSealer(t, key(9))
	press(stranger.Seal(sample))
	for _, data := range []string{
		"", " ", "\x00", "start", "menu:1", `{"a":1}`, "🫥", sealed + "=", sealed + "\n", "\n" + sealed[1:], sealed[:63], sealed + sealed,
		strings.Repeat("A", MaxData), strings.Repeat("-", MaxData), base64.StdEncoding.EncodeToString(make([]byte, 48)), strings.Repeat("x", 1<<20),
	} {
		press(data)
	}
}

// mutate changes, cuts, adds or swaps a few characters.
func mutate(random *rand.Rand, data string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/\n å"
	out := []rune(data)
	letters := []rune(alphabet)
	for range 1 + random.IntN(3) {
		i := random.IntN(len(out))
		switch random.IntN(4) {
		case 0:
			out[i] = letters[random.IntN(len(letters))]
		case 1:
			out = append(out[:i:i], out[i+1:]...)
		case 2:
			out = append(out[:i:i], append([]rune{letters[random.IntN(len(letters))]}, out[i:]...)...)
		case 3:
			j := random.IntN(len(out))
			out[i], out[j] = out[j], out[i]
		}
	}
	return string(out)
}

// Data of a release with other nodes leads along the trail to the last one that is left, else to the first screen, in the language and
// with the place that it holds.
func TestOldReleaseLeadsBack(t *testing.T) {
	b := newBot(t)
	gone, left := flows.ID("gone/node").Ref(), flows.ID("buy/start").Ref()
	for _, c := range []struct {
		name string
		st   State
		want flows.ID
	}{
		{"renamed", State{Node: gone, Trail: [4]flows.Ref{left}}, "buy/start"},
		{"renamed twice", State{Node: gone, Trail: [4]flows.Ref{gone, left}}, "buy/start"},
		{"all gone", State{Node: gone, Trail: [4]flows.Ref{gone, gone, gone, gone}}, flows.Welcome},
		{"nothing", State{}, flows.Welcome},
	} {
		c.st.Place = 1280
		m := b.Handle(context.Background(), Update{Data: b.opts.Sealer.Seal(c.st.in("en"))})
		if st, id := where(t, b, m); id != c.want || m.Lang != "en" || st.Place != 1280 {
			t.Errorf("%s: %s in %s, place %d", c.name, id, m.Lang, st.Place)
		}
	}
	m := b.Handle(context.Background(), Update{Data: b.opts.Sealer.Seal(State{Node: left, Place: 9999}.in("xx"))})
	if st, id := where(t, b, m); id != "buy/start" || m.Lang != "sv" || st.Place != 0 {
		t.Errorf("a language and a place that are gone: %s in %s, place %d", id, m.Lang, st.Place)
	}
}

// A made-up shape before today's and one after it: whoever knows a shape opens what was sealed in it and in those before, and in no other.
func TestShapesBeforeOpen(t *testing.T) {
	// The one before had the node in front; the one after marks its last byte.
	before := shape{[]byte("motkraft state 0"), func(in []byte) (State, bool) {
		return stateFrom(slices.Concat(in[3:7], in[:3], in[7:]))
	}}
	after := shape{[]byte("motkraft state 2"), func(in []byte) (State, bool) {
		return stateFrom(append(slices.Clone(in[:stateSize-1]), in[stateSize-1]-2))
	}}
	today := shapes[0]
	known := func(shapes ...shape) *Sealer {
		s := testSealer(t, key(2), key(1)) // the first key is newer than all that is opened here
		s.shapes = shapes
		return s
	}
	lay := func(in shape) string {
		plain := sample.bytes()
		switch string(in.name) {
		case string(before.name):
			copy(plain[:], slices.Concat(plain[4:7], plain[:4]))
		case string(after.name):
			plain[stateSize-1] += 2
		}
		sealed := make([]byte, nonceSize, sealedSize)
		return encoding.EncodeToString(testSealer(t, key(1)).keys[0].Seal(sealed, sealed, plain[:], in.name))
	}
	for _, c := range []struct {
		name   string
		sealer *Sealer
		data   shape
		opens  bool
	}{
		{"today's, known alone", known(today), today, true},
		{"the one before, known", known(today, before), before, true},
		{"today's beside the one before", known(today, before), today, true},
		{"today's after a change", known(after, today), today, true},
		{"the new one after a change", known(after, today), after, true},
		{"the one before after two changes", known(after, today, before), before, true},
		{"the one before, forgotten", known(today), before, false},
		{"the new one before the change", known(today), after, false},
		{"today's, forgotten", known(after), today, false},
	} {
		got, ok := c.sealer.Open(lay(c.data))
		if ok != c.opens || ok && got != sample || !ok && got != (State{}) {
			t.Errorf("%s: opened %+v, %v, expected %v", c.name, got, ok, c.opens)
		}
	}
}

// What earlier releases sealed opens to the same State for as long as this test is not changed: buttons stand on people's phones.
func TestEarlierReleasesOpen(t *testing.T) {
	counted := sample
	counted.Counted, counted.Trail[3] = true, sample.Node
	s := testSealer(t, key(1), key(2))
	for data, want := range map[string]State{
		"AVWB_7_opiw4FcXDMQ5BSbQk2EahJSlpRNCooBn2PpxwcV2nT6aCW4oSqU_tcFsS": sample,
		"1tDOjaRMn6ClZqOZhLxvpK2iHkw5Xp87E5fjeUD9xexONCfXI-lMoGbA2LwbLJYZ": counted,
		"3IzLQPeTyLH9i_iaej2BunM7UnrPQ2SUMax3LrRHDOOyjahJQoaLUPKaOXhh0nLj": State{}.in("en"),
		"m89-IWKnJT2w9jXNNQ0UqTAQpp9uGv8TZGv7k-v7E-O4eQOItnuDWsblwqkimbUt": sample, // by the second key
	} {
		if got, ok := s.Open(data); !ok || got != want {
			t.Errorf("%s opened %+v, %v, expected %+v", data, got, ok, want)
		}
	}
}

// What a screen needs sealed at once is what one after the other would be, however many there are, and no nonce comes twice.
func TestSealAll(t *testing.T) {
	s := testSealer(t, key(1))
	nonces := map[string]bool{}
	for _, n := range []int{0, 1, MaxButtons, MaxButtons + 1, MaxButtons + 2, 100} {
		states := make([]State, n)
		for i := range states {
			states[i] = sample
			states[i].Place = flows.Place(i) // #nosec G115 -- a small number
			states[i].Counted = i%2 == 0
		}
		data := s.SealAll(states)
		if len(data) != n*MaxData {
			t.Fatalf("%d states take %d characters", n, len(data))
		}
		for i, want := range states {
			one := data[i*MaxData : (i+1)*MaxData]
			if got, ok := s.Open(one); !ok || got != want {
				t.Errorf("state %d of %d opened as %+v, %v", i, n, got, ok)
			}
			if got, ok := openOne(s.keys[0], one); !ok || got != want {
				t.Errorf("state %d of %d opened as %+v, %v as the first release opens", i, n, got, ok)
			}
			nonces[one[:nonceSize/3*4]] = true
		}
	}
	if want := 1 + 3*MaxButtons + 3 + 100; len(nonces) != want {
		t.Errorf("%d nonces, expected %d different ones", len(nonces), want)
	}
}

func TestKeysAreRefusedWithoutBeingTold(t *testing.T) {
	for _, given := range []string{"", "c2VjcmV0", "secret-canary", strings.Repeat("A", 44) + ",secret-canary", strings.Repeat("A", 200)} {
		_, err := ParseKeys(given)
		if err == nil {
			t.Errorf("%q was taken", given)
		} else if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "c2Vj") {
			t.Errorf("the error tells the key: %v", err)
		}
	}
	if _, err := NewSealer(); err == nil {
		t.Error("no key was taken")
	}
	if _, err := NewSealer(make([]byte, 16)); err == nil {
		t.Error("a short key was taken")
	}
	std := base64.StdEncoding.EncodeToString(key(0xfe))
	url := base64.RawURLEncoding.EncodeToString(key(0xfe))
	keys, err := ParseKeys(std + " , " + url)
	if err != nil || len(keys) != 2 || string(keys[0]) != string(keys[1]) {
		t.Errorf("two forms of one key: %v, %v", keys, err)
	}
}

// FuzzState holds the round trip: what 20 bytes are read as lays out as the same bytes.
func FuzzState(f *testing.F) {
	whole := sample.bytes()
	f.Add(whole[:])
	f.Add(make([]byte, stateSize))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		st, ok := stateFrom(in)
		if !ok {
			if st != (State{}) {
				t.Errorf("refused bytes left %+v", st)
			}
			return
		}
		if out := st.bytes(); string(out[:]) != string(in) {
			t.Errorf("%x came back as %x", in, out)
		}
	})
}

// FuzzOpen holds that only what was sealed opens.
func FuzzOpen(f *testing.F) {
	s := testSealer(f, key(1))
	f.Add(s.Seal(sample))
	f.Add(strings.Repeat("A", MaxData))
	f.Add("")
	f.Fuzz(func(t *testing.T, data string) {
		st, ok := s.Open(data)
		if !ok && st != (State{}) {
			t.Errorf("refused data left %+v", st)
		}
		if ok && len(data) != MaxData {
			t.Errorf("%d characters opened", len(data))
		}
	})
}

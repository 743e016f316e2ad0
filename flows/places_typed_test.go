package flows_test

import (
	"testing"

	"motkraft/flows"
)

func TestNamesThatPeopleType(t *testing.T) {
	places := embedded(t).Places
	for text, want := range map[string]flows.Place{
		// Letters, case, signs.
		"Malmö": 1280, "malmo": 1280, "MALMÖ": 1280, " malmö! ": 1280, "Malmø": 1280, "Malmo\u0308": 1280,
		"Göteborg": 1480, "goteborg": 1480, "gøteborg": 1480,
		"Ängelholm": 1292, "angelholm": 1292, "Ængelholm": 1292,
		"Övertorneå": 2518, "overtornea": 2518, "Åre": 2321, "are": 2321,
		// Håbo in Uppsala län and Habo in Jönköpings län are two.
		"Håbo": 305, "HÅBO": 305, "Ha\u030abo": 305, "Håbo kommun": 305, "Håbos kommun": 305,
		"Habo": 643, "habo": 643, "HABO KOMMUN": 643, "Habos kommun": 643,
		// Several words and hyphens.
		"Upplands Väsby": 114, "upplands-vasby": 114, "Upplands-Bro": 139, "upplands bro kommun": 139, "Lilla Edet": 1462,
		"dals ed": 1438, "Malung-Sälen": 2023, "Sälen": 2023, "Östra Göinge": 1256,
		// What may follow a name, and the genitive before it.
		"Umeå kommun": 2480, "Umeås kommun": 2480, "Göteborgs stad": 1480, "Stockholms stad": 180, "Stockholms kommun": 180,
		"Jönköpings kommun": 680, "Gotlands kommun": 980, "Marks kommun": 1463, "Torsås kommun": 834, "Borås": 1490, "borås stads kommun": 1490,
		"Malmö municipality": 1280, "Stockholm City": 180,
		// Counties. A name that is also a town's is the town's, which is what people mean.
		"Stockholms län": 1, "stockholms lan": 1, "Skåne": 12, "Skåne län": 12, "Region Skåne": 12, "skåne region": 12,
		"Västra Götaland": 14, "vastra gotalands lan": 14, "VGR": 14, "Dalarna": 20, "Dalarnas län": 20, "Värmland": 17,
		"Örebro": 1880, "Örebro län": 18, "Kalmar": 880, "Kalmar län": 8, "Jönköping": 680, "Jönköpings län": 6, "Gotland": 980, "Gotlands län": 9,
		// Other names.
		"Gothenburg": 1480, "gbg": 1480, "Sthlm": 180, "Scania": 12, "Dalecarlia": 20, "Lapland": 25, "Visby": 980,
		// No places.
		"": 0, "?": 0, "kommun": 0, "stad kommun": 0, "län": 0, "Paris": 0, "Malmö Lund": 0, "Lunds": 0, "upplands": 0, "1280": 0,
	} {
		if got, _ := places.Named(flows.Words(text)); got != want {
			t.Errorf("%q is %04d %s, expected %04d", text, got, places.Name(got), want)
		}
	}
}

// In a sentence a short name and an everyday word are only a place where something says so: somebody who writes that they want to
// be anonymous ("vara anonym") has not said that they live in Vara.
func TestPlacesWithinASentence(t *testing.T) {
	places := embedded(t).Places
	leads := map[string]bool{"i": true, "fran": true, "nara": true, "in": true, "near": true}
	for text, want := range map[string]flows.Place{
		"jag bor i Umeå och mår dåligt":       2480,
		"jag bor i lund":                      1281,
		"någon i Västra Götaland?":            14,
		"är från Skåne":                       12,
		"I live in Mora":                      2062,
		"help near gothenburg please":         1480,
		"finns det hjälp i Marks kommun":      1463,
		"bor i dals-ed":                       1438,
		"jag är i Åre nu":                     2321,
		"malmö, hjälp mig":                    1280,
		"hjälp mig, Upplands Väsby":           114,
		"jag söker KAST Stockholm":            180,
		"Sala kommun har ingen":               1981,
		"jag bor i Stockholms län":            1,
		"i Håbo":                              305,
		"i habo":                              643,
		"jag vill vara anonym":                0,
		"hur mår du, Mark?":                   0,
		"where are you":                       0,
		"jag heter Nora":                      0,
		"umeå är kallt":                       0, // four letters and nothing before it
		"han sa ale":                          0,
		"jag vill prata":                      0,
		"hela sverige":                        0,
		"bergen är höga":                      0,
		"Salem är en cigarett":                0,
		"i dag är jag ledsen":                 0,
		"region":                              0,
		"":                                    0,
		"jag är i fara i Linköping, kom fort": 580,
	} {
		if got, _ := places.Within(flows.Words(text), leads); got != want {
			t.Errorf("%q is in %04d %s, expected %04d", text, got, places.Name(got), want)
		}
	}
}

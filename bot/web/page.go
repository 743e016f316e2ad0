package web

import (
	"slices"
	"strings"

	"motkraft/bot"
)

// emergency is the number that is shown even where nothing else can be.
const emergency = "112"

// pageData is what the page's template is given.
type pageData struct {
	Lang        string
	Title       string
	Unreachable string // stands in the element until it has the screens
	Again       string
	Call        bot.CardContact // to the emergency number
	Lists       []contactList   // for a browser without scripts
}

// contactList is every service in one language.
type contactList struct {
	Lang     string
	Title    string
	Services []service
}

// service is a card taken apart.
type service struct {
	Name, About string
	Contacts    []bot.CardContact
}

func newPage(own bot.Book, all []bot.Book) pageData {
	p := pageData{
		Lang:        own.Lang,
		Title:       own.Words[bot.KeyWebTitle],
		Unreachable: own.Words[bot.KeyWebUnreachable],
		Again:       own.Words[bot.KeyWebAgain],
		Lists:       []contactList{newContactList(own)},
	}
	for _, book := range all {
		if book.Lang != own.Lang {
			p.Lists = append(p.Lists, newContactList(book))
		}
	}
	for _, card := range own.Services {
		for _, c := range card.Contacts {
			if c.Phone == emergency {
				p.Call = c
			}
		}
	}
	return p
}

func newContactList(book bot.Book) contactList {
	list := contactList{Lang: book.Lang, Title: book.Words[bot.KeyWebContacts]}
	cards := slices.Clone(book.Services)
	slices.SortStableFunc(cards, func(a, b bot.Card) int { return answersAlways(b) - answersAlways(a) })
	for _, card := range cards {
		name, about, _ := strings.Cut(card.Text, "\n")
		list.Services = append(list.Services, service{Name: name, About: about, Contacts: card.Contacts})
	}
	return list
}

// answersAlways is 1 where somebody answers round the clock: those stand first, since the list can not know what the time is.
func answersAlways(card bot.Card) int {
	if slices.ContainsFunc(card.Contacts, func(c bot.CardContact) bool { return c.Always }) {
		return 1
	}
	return 0
}

package web

import "motkraft/bot"

// pageData is what the page's template is given.
type pageData struct {
	Lang  string
	Title string
	Lists []contactList // for a browser without scripts
}

// contactList is every service in one language.
type contactList struct {
	Lang  string
	Title string
	Cards []bot.Card
}

func newPage(own bot.Book, all []bot.Book) pageData {
	p := pageData{Lang: own.Lang, Title: own.Words[bot.KeyWebTitle]}
	for _, book := range append([]bot.Book{own}, all...) {
		if book.Lang != own.Lang || len(p.Lists) == 0 {
			p.Lists = append(p.Lists, contactList{Lang: book.Lang, Title: book.Words[bot.KeyWebContacts], Cards: book.Services})
		}
	}
	return p
}

// Package channel is the kit that chat channels are made with: what an adapter of any platform needs beside the platform's own protocol.
//
// Start at Channel, one value for all that the program has to know of a channel, and at Setting for what it is configured with. For the adapter
// behind it start at Exchange and Call where an adapter calls its platform, and at Queues where its platform brings what people do. The pieces do
// not know each other's insides; an adapter takes those that it needs:
//
//	channel.go    everything about a channel as one value, and what a channel is given of the conversation
//	settings.go   what it is configured with, each setting with its check and cure
//	exchange.go   the HTTP client of one call: bounded, and with errors that hold no address
//	temporary.go  the kinds of errors: temporary, told to wait, and permanent
//	retry.go      the retry policy with its backoff: Call while somebody waits, Insist until there is an answer or a refusal
//	refusals.go   Persist, for what the channel cannot be without: nothing but a stop ends it, and whether the platform refuses us is known
//	queue.go      work queues by key: in order for each person, side by side for all
//	pace.go       the rate limiter by key, and how a flood is met
//	grace.go      the grace period at a stop
//	guard.go      the guard against a panic
//
// An adapter's Run, in short:
//
//	hand, cut := channel.Grace(ctx) // answers are made under hand, and may finish after ctx is done
//	defer cut()
//	me, err := channel.Persist(ctx, backoff, h, &refusals, whoAmI) // who the bot is, however long the platform is away
//	...                                                // for each update, until ctx is done:
//	queues.Add(chat, func() {
//		channel.Guard(hand, h, func() {
//			if limiter.Await(hand, chat, queues) {
//				... // h.Handle, and the answer by channel.Call
//			}
//		})
//	}, dropped)
//	queues.Finish() // takes no more, and waits for what is in hand
//
// What is avoided: a channel's words, a platform's codes, or a decision about a person in here. An adapter sorts its platform's answers into
// the kinds of errors, in one function that calls once ("try"); all that waits and tries again is the kit's.
//
// # Why
//
// These are plain functions and small values, and no type that an adapter embeds or hooks that it fills in: platforms differ in who calls
// whom, in what is confirmed when, and in how long an answer has, and each adapter is read from its Run downwards.
//
// A permanent error has no type here. The retry policy has only to know what is worth another try; what a refusal means (the chat is gone, the
// message is so already, the token is wrong) is the platform's, and decided by who called.
//
// Being told to wait is a temporary error with a time, and that time is kept to: it is not lengthened by the backoff, since somebody waits,
// nor shortened, but for a bound of minutes. Where it is longer than the answer has, the answer is given up at once, and what stands behind it is not held up in vain.
//
// A key, a chat's or a message's id, is a string. It is all in here that could point at a person; it stays in the line of work for it, and is
// in no error.
package channel

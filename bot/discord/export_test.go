package discord

// Waiting counts what waits to be answered behind what is answered now, of what was pressed on a message.
func (d *Discord) Waiting(message string) int { return d.queues.Waiting(message) }

// Holds reports whether no call may be made yet, since the global limit was reached.
func (d *Discord) Holds() bool { return d.api.held() > 0 }

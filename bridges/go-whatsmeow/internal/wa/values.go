package wa

import (
	"encoding/base64"
	"encoding/json"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// encoded gives base64; nil for nothing.
func encoded(content []byte) *string {
	if len(content) == 0 {
		return nil
	}
	text := base64.StdEncoding.EncodeToString(content)
	return &text
}

// cut shortens text to a number of UTF-16 units, which is what the contract counts.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	units := 0
	for i, letter := range text {
		units++
		if letter > 0xffff {
			units++
		}
		if units > most {
			return text[:i]
		}
	}
	return text
}

// payload is the JSON object of a kind; fields that say nothing are left out.
type payload map[string]any

func (p payload) text(name, value string) payload {
	if value != "" {
		p[name] = value
	}
	return p
}

// over sets a number that is over zero.
func over[N int32 | uint32 | int64 | uint64 | float32](p payload, name string, value N) payload {
	if value > 0 {
		p[name] = value
	}
	return p
}

func (p payload) place(name string, degrees *float64) payload {
	if degrees != nil {
		p[name] = *degrees
	}
	return p
}

func (p payload) millis(name string, moment int64) payload {
	return over(p, name, min(moment, maxMillis))
}

func (p payload) list(name string, entries []payload) payload {
	if len(entries) > 0 {
		p[name] = entries
	}
	return p
}

// json gives the object as text; nil when it has no field.
func (p payload) json() *string {
	if len(p) == 0 {
		return nil
	}
	// Only text, numbers, booleans and lists of these are ever put in.
	content, _ := json.Marshal(p)
	text := string(content)
	return &text
}

// marshal encodes a message of our own making or one that was just decoded.
func marshal(message *waE2E.Message) []byte {
	// Marshal fails only for required fields that are missing and for invalid
	// UTF-8; decoding has refused both.
	content, _ := proto.MarshalOptions{AllowPartial: true}.Marshal(message)
	return content
}

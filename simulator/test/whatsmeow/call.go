package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// call runs any method of whatsmeow.Client by its name. Arguments are JSON, in
// order, without the context; the result is what the method returns beside its
// error: nothing, one value, or a list.
func (s *session) call(ctx context.Context, c command) (any, error) {
	method := reflect.ValueOf(s.client).MethodByName(c.Method)
	if !method.IsValid() {
		return nil, fmt.Errorf("whatsmeow.Client has no method %q", c.Method)
	}
	in, err := arguments(ctx, method.Type(), c.Args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Method, err)
	}
	return results(method.Call(in))
}

var contextType = reflect.TypeFor[context.Context]()

// arguments decodes JSON into what the method takes; null stands for the zero value.
func arguments(ctx context.Context, method reflect.Type, args []json.RawMessage) ([]reflect.Value, error) {
	in := make([]reflect.Value, 0, method.NumIn())
	for i := range method.NumIn() {
		if method.In(i) == contextType {
			in = append(in, reflect.ValueOf(ctx))
			continue
		}
		value := reflect.New(method.In(i))
		if len(args) == 0 {
			return nil, errors.New("too few arguments")
		}
		if err := json.Unmarshal(args[0], value.Interface()); err != nil {
			return nil, fmt.Errorf("argument %s: %w", args[0], err)
		}
		args = args[1:]
		in = append(in, value.Elem())
	}
	if len(args) > 0 {
		return nil, fmt.Errorf("%d arguments too many", len(args))
	}
	return in, nil
}

func results(out []reflect.Value) (any, error) {
	values := make([]any, 0, len(out))
	var failure error
	for _, value := range out {
		if err, ok := value.Interface().(error); ok {
			failure = err
		} else if value.Type() != reflect.TypeFor[error]() {
			values = append(values, value.Interface())
		}
	}
	switch len(values) {
	case 0:
		return nil, failure
	case 1:
		return values[0], failure
	default:
		return values, failure
	}
}

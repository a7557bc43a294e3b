package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"whatsapp-mcp/bridges/go-whatsmeow/internal/contract"
)

// schemas validates the input of operations against the contract's document.
type schemas map[string]*jsonschema.Schema

func compileSchemas(operations []contract.Operation) (schemas, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(contract.OpenAPI))
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("contract.json", document); err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	compiled := make(schemas, len(operations))
	for _, operation := range operations {
		schema, err := compiler.Compile("contract.json#/components/schemas/" + operation.Input)
		if err != nil {
			return nil, fmt.Errorf("compile schema of %s: %w", operation.Name, err)
		}
		compiled[operation.Name] = schema
	}
	return compiled, nil
}

// check answers malformed_json or invalid_argument; the latter names the field,
// what was expected and what came.
func (s schemas) check(operation string, body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return contract.Faultf(contract.MalformedJson, "%s: expected one JSON object as the body, came nothing", operation)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return contract.Faultf(contract.MalformedJson, "%s: expected one JSON object as the body: %w", operation, err)
	}
	if _, ok := value.(map[string]any); !ok {
		return contract.Faultf(contract.MalformedJson, "%s: expected one JSON object as the body, came %s", operation, typeName(value))
	}
	var invalid *jsonschema.ValidationError
	if err := s[operation].Validate(value); errors.As(err, &invalid) {
		return contract.Faultf(contract.InvalidArgument, "%s: %s", operation, describe(deepest(invalid), value))
	} else if err != nil {
		return fmt.Errorf("validate %s: %w", operation, err)
	}
	return nil
}

// deepest follows the first cause down to the complaint about one field.
func deepest(err *jsonschema.ValidationError) *jsonschema.ValidationError {
	for len(err.Causes) > 0 {
		err = err.Causes[0]
	}
	return err
}

func describe(err *jsonschema.ValidationError, root any) string {
	field := strings.Join(err.InstanceLocation, ".")
	came := shorten(at(root, err.InstanceLocation))
	switch complaint := err.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		return fmt.Sprintf("field %q is not known here", dotted(field, complaint.Properties[0]))
	case *kind.Required:
		return fmt.Sprintf("field %q is missing", dotted(field, complaint.Missing[0]))
	case *kind.Type:
		return fmt.Sprintf("field %q: expected %s, came %s", field, strings.Join(complaint.Want, " or "), came)
	case *kind.Pattern:
		return fmt.Sprintf("field %q: expected text that matches %s, came %s", field, complaint.Want, came)
	case *kind.Enum:
		return fmt.Sprintf("field %q: expected one of %s, came %s", field, list(complaint.Want), came)
	case *kind.MinLength:
		return fmt.Sprintf("field %q: expected at least %d characters, came %d", field, complaint.Want, complaint.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("field %q: expected at most %d characters, came %d", field, complaint.Want, complaint.Got)
	case *kind.MinItems:
		return fmt.Sprintf("field %q: expected at least %d entries, came %d", field, complaint.Want, complaint.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("field %q: expected at most %d entries, came %d", field, complaint.Want, complaint.Got)
	case *kind.Minimum:
		return fmt.Sprintf("field %q: expected at least %s, came %s", field, complaint.Want.RatString(), came)
	case *kind.Maximum:
		return fmt.Sprintf("field %q: expected at most %s, came %s", field, complaint.Want.RatString(), came)
	default:
		return fmt.Sprintf("field %q does not fit the schema (%s), came %s", field, strings.Join(complaint.KeywordPath(), "/"), came)
	}
}

func dotted(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func list(values []any) string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = fmt.Sprint(value)
	}
	return strings.Join(words, ", ")
}

// at gives the part of a JSON value that a path leads to; nil where it leads nowhere.
func at(value any, path []string) any {
	for _, step := range path {
		switch container := value.(type) {
		case map[string]any:
			value = container[step]
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index < 0 || index >= len(container) {
				return nil
			}
			value = container[index]
		}
	}
	return value
}

// shownBytes bounds how much of a refused value is echoed to its sender.
const shownBytes = 60

func shorten(value any) string {
	text, err := json.Marshal(value)
	if err != nil || len(text) > shownBytes {
		return fmt.Sprintf("%s of %d bytes", typeName(value), len(text))
	}
	return string(text)
}

func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "text"
	case bool:
		return "a boolean"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	default:
		return "a number"
	}
}

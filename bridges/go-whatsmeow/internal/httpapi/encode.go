package httpapi

import (
	"encoding/json"
	"reflect"
)

// encode writes JSON in which an empty list is [], never null: Go's types do not
// tell a list that is required from one that may be left out.
func encode(value any) ([]byte, error) {
	original := reflect.ValueOf(value)
	if !original.IsValid() {
		return json.Marshal(value)
	}
	filled := reflect.New(original.Type()).Elem()
	filled.Set(original)
	fillLists(filled)
	return json.Marshal(filled.Interface())
}

// fillLists replaces nil slices by empty ones, in a value that may be set.
func fillLists(value reflect.Value) {
	switch value.Kind() {
	case reflect.Slice:
		if value.IsNil() {
			value.Set(reflect.MakeSlice(value.Type(), 0, 0))
		}
		for i := range value.Len() {
			fillLists(value.Index(i))
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if field := value.Field(i); field.CanSet() {
				fillLists(field)
			}
		}
	case reflect.Pointer:
		if !value.IsNil() {
			copied := reflect.New(value.Type().Elem())
			copied.Elem().Set(value.Elem())
			fillLists(copied.Elem())
			value.Set(copied)
		}
	case reflect.Interface:
		if !value.IsNil() {
			copied := reflect.New(value.Elem().Type()).Elem()
			copied.Set(value.Elem())
			fillLists(copied)
			value.Set(copied)
		}
	default: // nothing inside
	}
}

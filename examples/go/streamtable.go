package main

/*
#include <stdlib.h>
#include <streamtable.h>
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"unsafe"
)

// Database is an open database. Any number of goroutines may use it; Close is the last use.
type Database struct {
	handle *C.streamtable_database
}

// Error is what the library answers instead of an output.
type Error struct {
	// Status is the number in streamtable.h, Code its name, such as "ConditionalCheckFailedException".
	Status  int
	Code    string
	Message string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Open opens a database in memory. Options are those of streamtable_open(), or nil.
func Open(options map[string]any) (*Database, error) {
	var text *C.char
	if options != nil {
		encoded, err := json.Marshal(options)
		if err != nil {
			return nil, err
		}
		text = C.CString(string(encoded))
		defer C.free(unsafe.Pointer(text))
	}
	database := &Database{}
	var out *C.streamtable_buffer
	status := C.streamtable_open(nil, text, &database.handle, &out)
	if _, err := answer(status, out); err != nil {
		return nil, err
	}
	return database, nil
}

// Close ends the database. Closing it again does nothing.
func (d *Database) Close() {
	C.streamtable_free(d.handle)
	d.handle = nil
}

// Call runs an operation: input is marshalled to JSON, and the output unmarshalled into output, unless that is nil.
func (d *Database) Call(operation string, input, output any) error {
	encoded, err := json.Marshal(input)
	if err != nil {
		return err
	}
	name := C.CString(operation)
	defer C.free(unsafe.Pointer(name))
	// The library borrows the bytes for the call alone, so Go's own memory will do.
	var out *C.streamtable_buffer
	status := C.streamtable_call(d.handle, name, (*C.char)(unsafe.Pointer(unsafe.SliceData(encoded))),
		C.size_t(len(encoded)), &out)
	text, err := answer(status, out)
	if err != nil || output == nil {
		return err
	}
	return json.Unmarshal(text, output)
}

// answer copies a buffer, frees it, and turns what is no output into an Error.
func answer(status C.streamtable_status, buffer *C.streamtable_buffer) ([]byte, error) {
	defer C.streamtable_buffer_free(buffer)
	text := C.GoBytes(unsafe.Pointer(C.streamtable_buffer_data(buffer)), C.int(C.streamtable_buffer_length(buffer)))
	if status == C.STREAMTABLE_STATUS_OK {
		return text, nil
	}
	var told struct {
		Message string `json:"message"`
	}
	failure := &Error{Status: int(status), Code: C.GoString(C.streamtable_status_name(C.int32_t(status)))}
	if err := json.Unmarshal(text, &told); err != nil {
		return nil, errors.Join(failure, err)
	}
	failure.Message = told.Message
	return nil, failure
}

//go:build !plain

package main

// #cgo pkg-config: streamtable
import "C"

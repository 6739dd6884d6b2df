// A Go program over the C library: it makes a table with a stream, puts and changes an item, and reads what the stream tells of it.
//
// With streamtable installed where pkg-config finds it:
//
//	go run .
//
// With plain flags, without pkg-config:
//
//	CGO_CFLAGS=-I<prefix>/include CGO_LDFLAGS="-L<prefix>/lib -lstreamtable" go run -tags plain .
package main

import (
	"errors"
	"fmt"
	"os"
)

type object = map[string]any

type record struct {
	EventName string `json:"eventName"`
	Dynamodb  struct {
		SequenceNumber string
		OldImage       map[string]map[string]string
		NewImage       map[string]map[string]string
	} `json:"dynamodb"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	db, err := Open(object{"clock": "manual", "seed": 1})
	if err != nil {
		return err
	}
	defer db.Close()

	stream, err := createOrders(db)
	if err != nil {
		return err
	}
	if err := change(db); err != nil {
		return err
	}
	records, err := read(db, stream)
	if err != nil {
		return err
	}
	for _, r := range records {
		fmt.Printf("%-6s total %s -> %s\n", r.EventName, total(r.Dynamodb.OldImage), total(r.Dynamodb.NewImage))
	}
	if len(records) != 3 {
		return fmt.Errorf("the stream tells of %d changes instead of 3", len(records))
	}
	return nil
}

// createOrders makes the table and gives the ARN of its stream.
func createOrders(db *Database) (string, error) {
	var created struct {
		TableDescription struct{ LatestStreamArn string }
	}
	err := db.Call("CreateTable", object{
		"TableName":            "Orders",
		"BillingMode":          "PAY_PER_REQUEST",
		"AttributeDefinitions": []object{{"AttributeName": "id", "AttributeType": "S"}},
		"KeySchema":            []object{{"AttributeName": "id", "KeyType": "HASH"}},
		"StreamSpecification":  object{"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
	}, &created)
	return created.TableDescription.LatestStreamArn, err
}

// change puts an item, changes it, is refused a change, and deletes it.
func change(db *Database) error {
	key := object{"id": object{"S": "order-1"}}
	put := object{
		"TableName":           "Orders",
		"Item":                object{"id": object{"S": "order-1"}, "total": object{"N": "9.90"}},
		"ConditionExpression": "attribute_not_exists(id)",
	}
	if err := db.Call("PutItem", put, nil); err != nil {
		return err
	}
	err := db.Call("UpdateItem", object{
		"TableName":                 "Orders",
		"Key":                       key,
		"UpdateExpression":          "SET #t = #t + :more",
		"ExpressionAttributeNames":  object{"#t": "total"},
		"ExpressionAttributeValues": object{":more": object{"N": "0.10"}},
	}, nil)
	if err != nil {
		return err
	}
	// A second put finds the item there.
	var refused *Error
	if err := db.Call("PutItem", put, nil); !errors.As(err, &refused) || refused.Code != "ConditionalCheckFailedException" {
		return fmt.Errorf("the second put was not refused: %w", err)
	}
	return db.Call("DeleteItem", object{"TableName": "Orders", "Key": key}, nil)
}

// read gives every record of a stream, shard by shard, from the oldest on.
func read(db *Database, stream string) ([]record, error) {
	var described struct {
		StreamDescription struct{ Shards []struct{ ShardId string } }
	}
	if err := db.Call("DescribeStream", object{"StreamArn": stream}, &described); err != nil {
		return nil, err
	}
	var all []record
	for _, shard := range described.StreamDescription.Shards {
		var at struct{ ShardIterator string }
		err := db.Call("GetShardIterator", object{
			"StreamArn": stream, "ShardId": shard.ShardId, "ShardIteratorType": "TRIM_HORIZON",
		}, &at)
		if err != nil {
			return nil, err
		}
		for iterator := at.ShardIterator; iterator != ""; {
			var page struct {
				Records           []record
				NextShardIterator string
			}
			if err := db.Call("GetRecords", object{"ShardIterator": iterator}, &page); err != nil {
				return nil, err
			}
			all = append(all, page.Records...)
			if len(page.Records) == 0 {
				// An open shard never ends; nothing more has been written.
				break
			}
			iterator = page.NextShardIterator
		}
	}
	return all, nil
}

func total(image map[string]map[string]string) string {
	if image == nil {
		return "nothing"
	}
	return image["total"]["N"]
}

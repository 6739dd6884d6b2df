/* Carrying out event source mappings. */
#include <stdio.h>
#include <string.h>

#include "check.h"

static void put(const streamtable_database *database, const char *key) {
    char input[128];
    snprintf(input, sizeof input, "{\"TableName\": \"Read\", \"Item\": {\"k\": {\"S\": \"%s\"}}}", key);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "PutItem", input));
}

/* A table with a stream, and a mapping of it to the function "f"; the mapping's UUID goes to `uuid`. */
static streamtable_database *open_with_mapping(char *uuid, size_t size) {
    char arn[256], input[512];
    streamtable_database *database = check_open();
    streamtable_buffer *out =
        EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable",
               "{\"TableName\": \"Read\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
               " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\","
               " \"StreamSpecification\": {\"StreamEnabled\": true, \"StreamViewType\": \"KEYS_ONLY\"}}");
    check_member(out, "LatestStreamArn", arn, sizeof arn);
    streamtable_buffer_free(out);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "RegisterFunction", "{\"FunctionName\": \"f\"}"));
    snprintf(input, sizeof input, "{\"EventSourceArn\": \"%s\", \"FunctionName\": \"f\", \"StartingPosition\": \"TRIM_HORIZON\"}", arn);
    out = EXPECT(STREAMTABLE_STATUS_OK, database, "CreateEventSourceMapping", input);
    check_member(out, "UUID", uuid, size);
    streamtable_buffer_free(out);
    return database;
}

static void next_has(const streamtable_worker *worker, const char *mapping, const char *part) {
    streamtable_buffer *out = NULL;
    CHECK(streamtable_worker_next(worker, mapping, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, part);
}

static void tell_has(const streamtable_worker *worker, const char *told, const char *part) {
    streamtable_buffer *out = NULL;
    CHECK(streamtable_worker_tell(worker, told, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, part);
}

static void batches(void) {
    char uuid[64];
    streamtable_database *database = open_with_mapping(uuid, sizeof uuid);
    streamtable_worker *worker = NULL;
    uint64_t count;

    CHECK(streamtable_worker_open(database, 1, &worker, NULL) == STREAMTABLE_STATUS_OK);
    next_has(worker, NULL, "\"Idle\"");
    count = streamtable_worker_wait(worker, 0, 0);
    put(database, "one");
    CHECK(streamtable_worker_wait(worker, count, 60000) > count);
    next_has(worker, uuid, "\"one\"");
    tell_has(worker, "{\"Do\": \"Complete\", \"Ticket\": 1, \"Outcome\": \"Success\"}", "true");
    tell_has(worker, "{\"Do\": \"Complete\", \"Ticket\": 1, \"Outcome\": \"Error\"}", "false");
    next_has(worker, NULL, "\"Idle\"");
    streamtable_worker_close(worker);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    streamtable_free(database);
}

/* What a function wants to be written is written with the place, or its function has failed. */
static void writes(void) {
    static const char told[] = "{\"Do\": \"Complete\", \"Ticket\": %d, \"Outcome\": \"Success\", \"TransactItems\": [{\"Put\":"
                               " {\"TableName\": \"%s\", \"Item\": {\"k\": {\"S\": \"effect\"}}}}]}";
    char uuid[64], text[256];
    streamtable_database *database = open_with_mapping(uuid, sizeof uuid);
    streamtable_worker *worker = NULL;

    CHECK(streamtable_worker_open(database, 1, &worker, NULL) == STREAMTABLE_STATUS_OK);
    put(database, "one");
    next_has(worker, uuid, "\"one\"");
    snprintf(text, sizeof text, told, 1, "Nothing");
    tell_has(worker, text, "\"Code\":\"ResourceNotFoundException\"");
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "AdvanceClock", "{\"Milliseconds\": 1000}"));
    next_has(worker, uuid, "\"one\"");
    snprintf(text, sizeof text, told, 2, "Read");
    tell_has(worker, text, "{\"Known\":true}");
    next_has(worker, uuid, "\"effect\"");
    streamtable_worker_close(worker);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    streamtable_free(database);
}

static void mistakes(void) {
    char uuid[64];
    streamtable_database *database = open_with_mapping(uuid, sizeof uuid);
    streamtable_worker *worker = NULL;
    streamtable_buffer *out = NULL;

    CHECK(streamtable_worker_open(NULL, 1, &worker, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(worker == NULL);
    streamtable_buffer_free(out);
    CHECK(streamtable_worker_open(database, 1, &worker, &out) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_worker_tell(worker, "{}", &out) == STREAMTABLE_STATUS_VALIDATION);
    streamtable_buffer_free(out);
    CHECK(streamtable_worker_tell(worker, NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_buffer_free(out);
    CHECK(streamtable_worker_wait(NULL, 0, 60000) == 0);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_worker_next(worker, NULL, &out) == STREAMTABLE_STATUS_CLOSED);
    streamtable_buffer_free(out);
    streamtable_worker_close(worker);
    streamtable_worker_close(NULL);
    streamtable_free(database);
}

void test_worker(void) {
    batches();
    writes();
    mistakes();
}

/* Reading streams along their shards. */
#include <stdio.h>
#include <string.h>

#include "check.h"

static void put(const streamtable_database *database, const char *key) {
    char input[128];
    snprintf(input, sizeof input, "{\"TableName\": \"Read\", \"Item\": {\"k\": {\"S\": \"%s\"}}}", key);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "PutItem", input));
}

/* A table with a stream; its ARN goes to `arn`. */
static streamtable_database *open_with_stream(char *arn, size_t size) {
    streamtable_database *database = check_open();
    streamtable_buffer *out =
        EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable",
               "{\"TableName\": \"Read\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
               " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\","
               " \"StreamSpecification\": {\"StreamEnabled\": true, \"StreamViewType\": \"KEYS_ONLY\"}}");
    check_member(out, "LatestStreamArn", arn, size);
    streamtable_buffer_free(out);
    return database;
}

/* Reads one page and checks that it has `part`. */
static void next_has(const streamtable_reader *reader, size_t max, const char *part) {
    streamtable_buffer *out = NULL;
    CHECK(streamtable_reader_next(reader, max, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, part);
}

static void pages_and_checkpoints(void) {
    char arn[256], options[2048];
    streamtable_database *database = open_with_stream(arn, sizeof arn);
    streamtable_reader *reader = NULL, *resumed = NULL;
    streamtable_buffer *out = NULL;

    put(database, "one");
    put(database, "two");
    CHECK(streamtable_reader_open(database, arn, NULL, &reader, &out) == STREAMTABLE_STATUS_OK);
    CHECK(out == NULL);
    next_has(reader, 1, "\"one\"");
    CHECK(streamtable_reader_checkpoint(reader, &out) == STREAMTABLE_STATUS_OK);
    snprintf(options, sizeof options, "{\"checkpoint\": %s}", streamtable_buffer_data(out));
    HAS(out, "\"version\":1");

    CHECK(streamtable_shard_roll(database, "Read", NULL, &out) == STREAMTABLE_STATUS_OK);
    streamtable_buffer_free(out);
    put(database, "three");
    next_has(reader, 1000, "\"two\"");
    next_has(reader, 1000, "\"three\"");
    next_has(reader, 1000, "{\"Records\":[]}");
    put(database, "four");
    next_has(reader, 1000, "\"four\"");

    CHECK(streamtable_reader_open(database, arn, options, &resumed, NULL) == STREAMTABLE_STATUS_OK);
    next_has(resumed, 1000, "\"two\"");
    next_has(resumed, 1, "\"three\"");
    streamtable_reader_close(resumed);

    /* A day later what was not read is gone. */
    CHECK(streamtable_clock_advance(database, 25 * 3600 * (int64_t)1000, NULL, NULL) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_reader_open(database, arn, options, &resumed, &out) == STREAMTABLE_STATUS_TRIMMED_DATA_ACCESS);
    CHECK(resumed == NULL);
    HAS(out, "TrimmedDataAccessException");
    strcpy(options + strlen(options) - 1, ", \"trimmed\": \"skip\"}");
    CHECK(streamtable_reader_open(database, arn, options, &resumed, NULL) == STREAMTABLE_STATUS_OK);
    next_has(resumed, 1000, "\"Gap\":true");
    /* In the child, too. */
    next_has(resumed, 1000, "\"Gap\":true");
    next_has(resumed, 1000, "{\"Records\":[]}");
    streamtable_reader_close(resumed);

    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    streamtable_free(database);
    CHECK(streamtable_reader_next(reader, 1, &out) == STREAMTABLE_STATUS_CLOSED);
    streamtable_buffer_free(out);
    streamtable_reader_close(reader);
    streamtable_reader_close(NULL);
}

static void mistakes(void) {
    char arn[256];
    streamtable_database *database = open_with_stream(arn, sizeof arn);
    streamtable_reader *reader = NULL;
    streamtable_buffer *out = NULL;
    CHECK(streamtable_reader_open(database, NULL, NULL, &reader, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "stream_arn");
    CHECK(streamtable_reader_open(NULL, arn, NULL, &reader, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_reader_open(database, arn, NULL, NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_reader_open(database, arn, "{\"colour\": 1}", &reader, &out) == STREAMTABLE_STATUS_SERIALIZATION);
    HAS(out, "colour");
    CHECK(streamtable_reader_open(database, "no arn", NULL, &reader, NULL) == STREAMTABLE_STATUS_VALIDATION);
    CHECK(streamtable_reader_open(database, arn, "{\"iterator_type\": \"SOON\"}", &reader, NULL) == STREAMTABLE_STATUS_VALIDATION);
    CHECK(reader == NULL);
    CHECK(streamtable_reader_next(NULL, 1, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_buffer_free(out);
    CHECK(streamtable_reader_checkpoint(NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_buffer_free(out);
    streamtable_free(database);
}

void test_reader(void) {
    pages_and_checkpoints();
    mistakes();
}

/* Every NULL, text that is no text, JSON that is no JSON, operations that are none, and use after close. */
#include <string.h>

#include "check.h"

static void open_refuses(const char *path, const char *options, streamtable_status status, const char *part) {
    /* Not NULL: a function must not leave what was there. */
    static char other;
    streamtable_database *database = (streamtable_database *)(void *)&other;
    streamtable_buffer *error = NULL;
    CHECK(streamtable_open(path, options, &database, &error) == status);
    CHECK(database == NULL);
    HAS(error, part);
    CHECK(streamtable_open(path, options, &database, NULL) == status);
}

static void opening(void) {
    streamtable_buffer *error = NULL;
    open_refuses("/dev/null/place", NULL, STREAMTABLE_STATUS_OPEN, "OpenException");
    open_refuses("\xff", NULL, STREAMTABLE_STATUS_INVALID_UTF8, "path is not UTF-8");
    open_refuses(NULL, "\xc3\x28", STREAMTABLE_STATUS_INVALID_UTF8, "options is not UTF-8");
    open_refuses(NULL, " ", STREAMTABLE_STATUS_OPEN, "Options");
    open_refuses(NULL, "{", STREAMTABLE_STATUS_OPEN, "Options");
    open_refuses(NULL, "[]", STREAMTABLE_STATUS_OPEN, "Options");
    open_refuses(NULL, "{\"colour\": \"red\"}", STREAMTABLE_STATUS_OPEN, "colour");
    open_refuses(NULL, "{\"clock\": \"sundial\"}", STREAMTABLE_STATUS_OPEN, "OpenException");
    open_refuses(NULL, "{\"seed\": \"seven\"}", STREAMTABLE_STATUS_OPEN, "OpenException");
    open_refuses("", NULL, STREAMTABLE_STATUS_OPEN, "OpenException");
    open_refuses(NULL, "{\"durability\": \"perhaps\"}", STREAMTABLE_STATUS_OPEN, "perhaps");
    open_refuses(NULL, "{\"sync_every\": 0}", STREAMTABLE_STATUS_OPEN, "sync_every");
    open_refuses(NULL, "{\"partitions\": 0}", STREAMTABLE_STATUS_OPEN, "OpenException");
    CHECK(streamtable_open(NULL, NULL, NULL, &error) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(error, "out_database is NULL");
    CHECK(streamtable_open(NULL, NULL, NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
}

/* Calls, checks the status and a part of the text. */
static void refused(const streamtable_database *database,
                    const char *operation,
                    const char *input,
                    size_t length,
                    streamtable_status status,
                    const char *part) {
    streamtable_buffer *out = NULL;
    CHECK(streamtable_call(database, operation, input, length, &out) == status);
    HAS(out, part);
}

static void nulls(const streamtable_database *database) {
    streamtable_buffer *out = NULL;
    int64_t now = 0;
    refused(NULL, "ListTables", "{}", 2, STREAMTABLE_STATUS_NULL_ARGUMENT, "database is NULL");
    refused(database, NULL, "{}", 2, STREAMTABLE_STATUS_NULL_ARGUMENT, "operation is NULL");
    refused(database, "ListTables", NULL, 2, STREAMTABLE_STATUS_NULL_ARGUMENT, "input is NULL");
    refused(database, "ListTables", NULL, 0, STREAMTABLE_STATUS_NULL_ARGUMENT, "input is NULL");
    CHECK(streamtable_call(database, "ListTables", "{}", 2, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_call(NULL, NULL, NULL, 0, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);

    CHECK(streamtable_close(NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_free(NULL);
    streamtable_buffer_free(NULL);
    CHECK(streamtable_buffer_data(NULL) == NULL);
    CHECK(streamtable_buffer_length(NULL) == 0);

    CHECK(streamtable_clock_now(NULL, &now, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "database is NULL");
    CHECK(streamtable_clock_now(database, NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "out_now is NULL");
    CHECK(streamtable_clock_advance(NULL, 1, &now, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "database is NULL");
    CHECK(streamtable_clock_advance(NULL, 1, NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);

    CHECK(streamtable_shard_split(NULL, "T", NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "database is NULL");
    CHECK(streamtable_shard_split(database, NULL, NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "table_name is NULL");
    CHECK(streamtable_shard_split(database, "T", NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_shard_roll(NULL, "T", NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "database is NULL");
    CHECK(streamtable_shard_roll(database, NULL, NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "table_name is NULL");
    CHECK(streamtable_shard_roll(database, "T", NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_maintain(NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "database is NULL");
    CHECK(streamtable_maintain(database, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
}

static void no_text(const streamtable_database *database) {
    streamtable_buffer *out = NULL;
    refused(database, "List\xffTables", "{}", 2, STREAMTABLE_STATUS_INVALID_UTF8, "operation is not UTF-8");
    CHECK(streamtable_shard_split(database, "\xff", NULL, &out) == STREAMTABLE_STATUS_INVALID_UTF8);
    HAS(out, "table_name is not UTF-8");
    CHECK(streamtable_shard_roll(database, "T", "\xff", &out) == STREAMTABLE_STATUS_INVALID_UTF8);
    HAS(out, "shard_id is not UTF-8");
    /* In the input, bad UTF-8 is bad JSON, as it is to the service. */
    refused(database, "DescribeTable", "{\"TableName\": \"\xff\xfe\"}", 20, STREAMTABLE_STATUS_SERIALIZATION,
            "SerializationException");
}

static void no_json(const streamtable_database *database) {
    static const char *const inputs[] = {"", " ", "{", "}", "hi", "{\"TableName\"}", "{} {}", "{\"TableName\": \"Music\",}",
                                         "\"", "nul", "{\"a\":1e}", "[", "{\"\\ud800\": 1}"};
    size_t i;
    for (i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        refused(database, "DescribeTable", inputs[i], strlen(inputs[i]), STREAMTABLE_STATUS_SERIALIZATION,
                "com.amazon.coral.service#SerializationException");
    }
    /* The length counts, not a NUL. */
    refused(database, "DescribeTable", "{\"TableName\": \"Music\"}", 5, STREAMTABLE_STATUS_SERIALIZATION, "Serialization");
    refused(database, "DescribeTable", "{}\0", 3, STREAMTABLE_STATUS_SERIALIZATION, "Serialization");
    refused(database, "DescribeTable", "{\"TableName\": 5}", 16, STREAMTABLE_STATUS_SERIALIZATION, "Serialization");
    refused(database, "DescribeTable", "{}", (size_t)-1, STREAMTABLE_STATUS_SERIALIZATION, "negative");
}

static void no_operation(const streamtable_database *database) {
    static const char *const names[] = {"", "putItem", "PutItem ", "DynamoDB_20120810.PutItem", "TransactWriteItem"};
    size_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        refused(database, names[i], "{}", 2, STREAMTABLE_STATUS_UNKNOWN_OPERATION,
                "com.amazon.coral.service#UnknownOperationException");
    }
}

static void after_close(void) {
    streamtable_database *database = check_open();
    streamtable_buffer *out = NULL;
    int64_t now = 0;
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    refused(database, "ListTables", "{}", 2, STREAMTABLE_STATUS_CLOSED, "streamtable#DatabaseClosedException");
    CHECK(streamtable_clock_now(database, &now, &out) == STREAMTABLE_STATUS_CLOSED);
    HAS(out, "DatabaseClosedException");
    CHECK(streamtable_clock_advance(database, 1, &now, NULL) == STREAMTABLE_STATUS_CLOSED);
    CHECK(streamtable_shard_split(database, "T", NULL, &out) == STREAMTABLE_STATUS_CLOSED);
    streamtable_buffer_free(out);
    CHECK(streamtable_shard_roll(database, "T", NULL, &out) == STREAMTABLE_STATUS_CLOSED);
    streamtable_buffer_free(out);
    CHECK(streamtable_maintain(database, &out) == STREAMTABLE_STATUS_CLOSED);
    streamtable_buffer_free(out);
    streamtable_free(database);
}

/* Only with a library built for it; otherwise the operation does not exist. */
static void panics(const streamtable_database *database) {
#ifdef STREAMTABLE_PANIC_TEST
    refused(database, "__panic", "{}", 2, STREAMTABLE_STATUS_PANIC, "asked to panic");
    /* And the database goes on. */
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "ListTables", "{}"));
#else
    refused(database, "__panic", "{}", 2, STREAMTABLE_STATUS_UNKNOWN_OPERATION, "UnknownOperationException");
#endif
}

void test_misuse(void) {
    streamtable_database *database = check_open();
    opening();
    nulls(database);
    no_text(database);
    no_json(database);
    no_operation(database);
    panics(database);
    streamtable_free(database);
    after_close();
}

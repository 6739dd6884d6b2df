/* Big input: the largest item, one byte more, deep nesting, and a body of many megabytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* Size of an item, names and values, that is just allowed. */
#define ITEM_MAX_BYTES 409600

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (memory == NULL) {
        fprintf(stderr, "no memory for the test\n");
        exit(2);
    }
    return memory;
}

/* PutItem of {"k": "1", "v": <length letters>}. */
static char *put(size_t length) {
    static const char head[] = "{\"TableName\": \"Large\", \"Item\": {\"k\": {\"S\": \"1\"}, \"v\": {\"S\": \"";
    static const char tail[] = "\"}}}";
    char *input = (char *)allocate(sizeof head + length + sizeof tail);
    memcpy(input, head, sizeof head - 1);
    memset(input + sizeof head - 1, 'x', length);
    memcpy(input + sizeof head - 1 + length, tail, sizeof tail);
    return input;
}

/* `depth` lists, one in the other, as an attribute. */
static char *nested(size_t depth) {
    static const char head[] = "{\"TableName\": \"Large\", \"Item\": {\"k\": {\"S\": \"1\"}, \"v\": ";
    static const char open[] = "{\"L\":[";
    static const char shut[] = "]}";
    static const char tail[] = "}}";
    const size_t size = sizeof head + sizeof tail + depth * (sizeof open + sizeof shut);
    char *input = (char *)allocate(size);
    char *at = input;
    size_t i;
    memcpy(at, head, sizeof head - 1);
    at += sizeof head - 1;
    for (i = 0; i < depth; i++, at += sizeof open - 1) {
        memcpy(at, open, sizeof open - 1);
    }
    for (i = 0; i < depth; i++, at += sizeof shut - 1) {
        memcpy(at, shut, sizeof shut - 1);
    }
    memcpy(at, tail, sizeof tail);
    return input;
}

void test_large(void) {
    streamtable_database *database = check_open();
    streamtable_buffer *out;
    char *input;
    streamtable_status status;
    streamtable_buffer_free(
        EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable",
               "{\"TableName\": \"Large\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
               " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\"}"));

    /* Names "k" and "v" and the key "1" are three bytes. */
    input = put(ITEM_MAX_BYTES - 3);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "PutItem", input));
    free(input);
    out = EXPECT(STREAMTABLE_STATUS_OK, database, "GetItem", "{\"TableName\": \"Large\", \"Key\": {\"k\": {\"S\": \"1\"}}}");
    CHECK(streamtable_buffer_length(out) > ITEM_MAX_BYTES - 3);
    streamtable_buffer_free(out);

    input = put(ITEM_MAX_BYTES - 2);
    HAS(EXPECT(STREAMTABLE_STATUS_VALIDATION, database, "PutItem", input),
        "Item size has exceeded the maximum allowed size");
    free(input);

    input = put((size_t)20 * 1024 * 1024);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_VALIDATION, database, "PutItem", input));
    free(input);

    input = nested(100000);
    out = NULL;
    status = streamtable_call(database, "PutItem", input, strlen(input), &out);
    CHECK(status == STREAMTABLE_STATUS_VALIDATION || status == STREAMTABLE_STATUS_SERIALIZATION);
    streamtable_buffer_free(out);
    free(input);

    /* Nothing of what was refused was written. */
    out = EXPECT(STREAMTABLE_STATUS_OK, database, "GetItem", "{\"TableName\": \"Large\", \"Key\": {\"k\": {\"S\": \"1\"}}}");
    CHECK(streamtable_buffer_length(out) < ITEM_MAX_BYTES + 100);
    streamtable_buffer_free(out);
    streamtable_free(database);
}

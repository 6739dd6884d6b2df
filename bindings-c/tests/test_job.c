/* The main job: a table with a stream, writes, the stream read, a failed condition. */
#include <stdio.h>
#include <string.h>

#include "check.h"

#define CREATE                                                                                     \
    "{\"TableName\": \"Music\","                                                                   \
    " \"AttributeDefinitions\": [{\"AttributeName\": \"Artist\", \"AttributeType\": \"S\"}],"      \
    " \"KeySchema\": [{\"AttributeName\": \"Artist\", \"KeyType\": \"HASH\"}],"                    \
    " \"BillingMode\": \"PAY_PER_REQUEST\","                                                       \
    " \"StreamSpecification\": {\"StreamEnabled\": true, \"StreamViewType\": \"NEW_AND_OLD_IMAGES\"}}"

/* The first page of a table's stream from its beginning. */
static streamtable_buffer *records(const streamtable_database *database, const char *stream) {
    char input[2048];
    char shard[128];
    char iterator[1024];
    streamtable_buffer *out;
    snprintf(input, sizeof input, "{\"StreamArn\": \"%s\"}", stream);
    out = EXPECT(STREAMTABLE_STATUS_OK, database, "DescribeStream", input);
    check_member(out, "ShardId", shard, sizeof shard);
    streamtable_buffer_free(out);
    snprintf(input, sizeof input,
             "{\"StreamArn\": \"%s\", \"ShardId\": \"%s\", \"ShardIteratorType\": \"TRIM_HORIZON\"}", stream, shard);
    out = EXPECT(STREAMTABLE_STATUS_OK, database, "GetShardIterator", input);
    check_member(out, "ShardIterator", iterator, sizeof iterator);
    streamtable_buffer_free(out);
    snprintf(input, sizeof input, "{\"ShardIterator\": \"%s\"}", iterator);
    return EXPECT(STREAMTABLE_STATUS_OK, database, "GetRecords", input);
}

/* How often a part occurs in a text. */
static int count(const streamtable_buffer *buffer, const char *part) {
    const char *at = streamtable_buffer_data(buffer);
    int found = 0;
    while ((at = strstr(at, part)) != NULL) {
        found++;
        at += strlen(part);
    }
    return found;
}

void test_job(void) {
    streamtable_database *database = check_open();
    char stream[256];
    streamtable_buffer *out = EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE);
    check_member(out, "LatestStreamArn", stream, sizeof stream);
    streamtable_buffer_free(out);

    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "PutItem",
               "{\"TableName\": \"Music\", \"Item\": {\"Artist\": {\"S\": \"Arturia\"}, \"Plays\": {\"N\": \"1\"}}}"),
        "{}");
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "UpdateItem",
               "{\"TableName\": \"Music\", \"Key\": {\"Artist\": {\"S\": \"Arturia\"}},"
               " \"UpdateExpression\": \"ADD Plays :one\", \"ExpressionAttributeValues\": {\":one\": {\"N\": \"1\"}},"
               " \"ReturnValues\": \"UPDATED_NEW\"}"),
        "\"Plays\":{\"N\":\"2\"}");
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "GetItem",
               "{\"TableName\": \"Music\", \"Key\": {\"Artist\": {\"S\": \"Arturia\"}}}"),
        "\"Artist\":{\"S\":\"Arturia\"}");
    HAS(EXPECT(STREAMTABLE_STATUS_CONDITIONAL_CHECK_FAILED, database, "PutItem",
               "{\"TableName\": \"Music\", \"Item\": {\"Artist\": {\"S\": \"Arturia\"}},"
               " \"ConditionExpression\": \"attribute_not_exists(Artist)\","
               " \"ReturnValuesOnConditionCheckFailure\": \"ALL_OLD\"}"),
        "\"Item\":{");
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "DeleteItem",
               "{\"TableName\": \"Music\", \"Key\": {\"Artist\": {\"S\": \"Arturia\"}}}"),
        "{}");

    out = records(database, stream);
    CHECK(count(out, "\"eventName\":") == 3);
    CHECK(count(out, "\"eventName\":\"INSERT\"") == 1);
    CHECK(count(out, "\"eventName\":\"MODIFY\"") == 1);
    CHECK(count(out, "\"eventName\":\"REMOVE\"") == 1);
    CHECK(count(out, "\"NewImage\":") == 2);
    CHECK(count(out, "\"OldImage\":") == 2);

    /* A buffer outlives its database. */
    streamtable_free(database);
    CHECK(count(out, "\"Plays\":{\"N\":\"2\"}") == 2);
    streamtable_buffer_free(out);
}

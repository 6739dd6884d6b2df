/* Plain values, differences, patches, events. */
#include <string.h>

#include "check.h"

static void tool(streamtable_status expected, const char *name, const char *input, const char *part) {
    streamtable_buffer *out = NULL;
    CHECK(streamtable_tool(name, input, strlen(input), &out) == expected);
    HAS(out, part);
}

static void replay(void) {
    static const char CREATE[] =
        "{\"TableName\": \"Replayed\", \"AttributeDefinitions\": [{\"AttributeName\": \"id\", \"AttributeType\": \"S\"}],"
        " \"KeySchema\": [{\"AttributeName\": \"id\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\"}";
    static const char INPUT[] =
        "{\"TableName\": \"Replayed\", \"Records\": [{\"eventID\": \"0a\", \"eventName\": \"INSERT\", \"awsRegion\": \"us-east-1\","
        " \"dynamodb\": {\"ApproximateCreationDateTime\": 1, \"Keys\": {\"id\": {\"S\": \"1\"}}, \"NewImage\": {\"id\": {\"S\": \"1\"}},"
        " \"SequenceNumber\": \"100000000000000000001\", \"StreamViewType\": \"NEW_IMAGE\"}}]}";
    streamtable_database *database = check_open();
    streamtable_buffer *out = NULL;
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE));
    CHECK(streamtable_apply(database, INPUT, strlen(INPUT), &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "{\"Applied\":1,\"Skipped\":0}");
    CHECK(streamtable_apply(database, INPUT, strlen(INPUT), &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "{\"Applied\":0,\"Skipped\":1}");
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "Scan", "{\"TableName\": \"Replayed\"}"), "\"Count\":1");
    CHECK(streamtable_apply(database, "{}", 2, &out) == STREAMTABLE_STATUS_SERIALIZATION);
    HAS(out, "SerializationException");
    streamtable_free(database);
}

void test_tool(void) {
    static const char IMAGES[] =
        "{\"Old\": {\"id\": {\"S\": \"1\"}, \"n\": {\"N\": \"1\"}}, \"New\": {\"id\": {\"S\": \"1\"}, \"n\": {\"N\": \"2\"}}}";
    const streamtable_status ok = STREAMTABLE_STATUS_OK;
    tool(ok, "plain", "{\"Item\": {\"n\": {\"N\": \"1.50\"}, \"b\": {\"B\": \"AA==\"}}}", "{\"b\":\"AA==\",\"n\":\"1.5\"}");
    tool(ok, "plain", "{\"Item\": {\"n\": {\"N\": \"1.50\"}}, \"Numbers\": \"native\"}", "{\"n\":1.5}");
    tool(ok, "differences", IMAGES, "[{\"Path\":\"/n\",\"From\":{\"N\":\"1\"},\"To\":{\"N\":\"2\"}}]");
    tool(ok, "patch", IMAGES, "[{\"op\":\"replace\",\"path\":\"/n\",\"value\":2}]");
    tool(ok, "make_event", "{\"Keys\": [\"id\"], \"Changes\": [{\"New\": {\"id\": {\"S\": \"1\"}}}]}", "\"eventName\":\"INSERT\"");
    tool(STREAMTABLE_STATUS_VALIDATION, "make_event", "{\"Keys\": [\"id\"], \"Changes\": [{}]}", "ValidationException");
    tool(STREAMTABLE_STATUS_SERIALIZATION, "plain", "{}", "SerializationException");
    tool(STREAMTABLE_STATUS_UNKNOWN_OPERATION, "none", "{}", "UnknownOperationException");
    replay();
    CHECK(streamtable_tool(NULL, "{}", 2, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
}

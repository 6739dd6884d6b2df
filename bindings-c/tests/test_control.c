/* Clock, shards, maintenance. */
#include <stdio.h>
#include <string.h>

#include "check.h"

#define HOUR 3600000

static void manual_clock(void) {
    streamtable_database *database = NULL;
    streamtable_buffer *error = NULL;
    int64_t now = 0;
    CHECK(streamtable_open(NULL, "{\"clock\": \"manual\", \"now\": 1000}", &database, &error) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_clock_now(database, &now, &error) == STREAMTABLE_STATUS_OK);
    CHECK(now == 1000);
    CHECK(streamtable_clock_advance(database, 24 * HOUR, &now, &error) == STREAMTABLE_STATUS_OK);
    CHECK(now == 1000 + 24 * HOUR);
    CHECK(error == NULL);
    /* Nobody need want the new time. */
    CHECK(streamtable_clock_advance(database, 0, NULL, NULL) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_clock_advance(database, -1, &now, &error) == STREAMTABLE_STATUS_VALIDATION);
    HAS(error, "milliseconds");
    CHECK(streamtable_clock_advance(database, INT64_MAX, &now, NULL) == STREAMTABLE_STATUS_VALIDATION);
    CHECK(streamtable_clock_now(database, &now, NULL) == STREAMTABLE_STATUS_OK);
    CHECK(now == 1000 + 24 * HOUR);
    streamtable_free(database);
}

static void system_clock(void) {
    streamtable_database *database = NULL;
    streamtable_buffer *error = NULL;
    int64_t now = 0;
    CHECK(streamtable_open(NULL, NULL, &database, NULL) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_clock_now(database, &now, &error) == STREAMTABLE_STATUS_OK);
    CHECK(now > 1700000000000);
    CHECK(streamtable_clock_advance(database, 1, &now, &error) == STREAMTABLE_STATUS_VALIDATION);
    HAS(error, "ValidationException");
    streamtable_free(database);
}

static void shards(void) {
    streamtable_database *database = check_open();
    streamtable_buffer *out = NULL;
    char parent[128];
    streamtable_buffer_free(
        EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable",
               "{\"TableName\": \"Split\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
               " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\","
               " \"StreamSpecification\": {\"StreamEnabled\": true, \"StreamViewType\": \"KEYS_ONLY\"}}"));

    CHECK(streamtable_shard_split(database, "Split", NULL, &out) == STREAMTABLE_STATUS_OK);
    check_member(out, "ParentShardId", parent, sizeof parent);
    HAS(out, "\"ChildShardIds\":[\"shardId-");
    /* The parent is closed now. */
    CHECK(streamtable_shard_split(database, "Split", parent, &out) == STREAMTABLE_STATUS_VALIDATION);
    HAS(out, "__type");
    CHECK(streamtable_shard_roll(database, "Split", NULL, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "\"ParentShardId\":\"shardId-");
    CHECK(streamtable_shard_roll(database, "Missing", NULL, &out) == STREAMTABLE_STATUS_RESOURCE_NOT_FOUND);
    HAS(out, "ResourceNotFoundException");
    CHECK(streamtable_maintain(database, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "ShardsRolled");
    streamtable_free(database);
}

void test_control(void) {
    manual_clock();
    system_clock();
    shards();
}

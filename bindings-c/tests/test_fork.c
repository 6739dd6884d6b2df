/* Forks, snapshots, and the way back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static const char CREATE[] =
    "{\"TableName\": \"Forked\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
    " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\"}";

static void put(const streamtable_database *database, const char *key) {
    char input[128];
    snprintf(input, sizeof input, "{\"TableName\": \"Forked\", \"Item\": {\"k\": {\"S\": \"%s\"}}}", key);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "PutItem", input));
}

static void count(const streamtable_database *database, const char *expected) {
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "Scan", "{\"TableName\": \"Forked\"}"), expected);
}

static void in_memory(void) {
    streamtable_database *database = check_open();
    streamtable_database *fork = NULL;
    streamtable_snapshot *snapshot = NULL;
    streamtable_buffer *error = NULL;
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE));
    put(database, "a");
    CHECK(streamtable_snapshot_take(database, &snapshot, &error) == STREAMTABLE_STATUS_OK);
    CHECK(error == NULL);
    CHECK(streamtable_fork(database, NULL, &fork, &error) == STREAMTABLE_STATUS_OK);
    put(database, "b");
    put(fork, "c");
    put(fork, "d");
    count(database, "\"Count\":2");
    count(fork, "\"Count\":3");
    CHECK(streamtable_restore(database, snapshot, &error) == STREAMTABLE_STATUS_OK);
    count(database, "\"Count\":1");
    CHECK(streamtable_restore(fork, snapshot, NULL) == STREAMTABLE_STATUS_OK);
    count(fork, "\"Count\":1");
    CHECK(streamtable_reset(database, &error) == STREAMTABLE_STATUS_OK);
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "ListTables", "{}"), "\"TableNames\":[]");
    streamtable_free(fork);
    streamtable_free(database);
    CHECK(streamtable_snapshot_fork(snapshot, &fork, &error) == STREAMTABLE_STATUS_OK);
    count(fork, "\"Count\":1");
    CHECK(streamtable_close(fork) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_restore(fork, snapshot, &error) == STREAMTABLE_STATUS_CLOSED);
    HAS(error, "DatabaseClosedException");
    CHECK(streamtable_reset(fork, NULL) == STREAMTABLE_STATUS_CLOSED);
    CHECK(streamtable_restore(fork, NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_free(fork);
    CHECK(streamtable_snapshot_fork(NULL, &fork, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(fork == NULL);
    streamtable_snapshot_free(snapshot);
    streamtable_snapshot_free(NULL);
}

static void in_regions(void) {
    streamtable_database *database = check_open();
    streamtable_database *away = NULL;
    streamtable_database *again = NULL;
    streamtable_buffer *error = NULL;
    CHECK(streamtable_in_region(database, "eu-west-1", &away, &error) == STREAMTABLE_STATUS_OK);
    CHECK(error == NULL);
    HAS(EXPECT(STREAMTABLE_STATUS_OK, away, "CreateTable", CREATE), "arn:aws:dynamodb:eu-west-1:");
    put(away, "a");
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "ListTables", "{}"), "\"TableNames\":[]");
    CHECK(streamtable_in_region(database, "eu-west-1", &again, NULL) == STREAMTABLE_STATUS_OK);
    count(again, "\"Count\":1");
    streamtable_free(again);
    CHECK(streamtable_in_region(database, "eu/west", &again, &error) == STREAMTABLE_STATUS_OPEN);
    HAS(error, "OpenException");
    CHECK(again == NULL);
    CHECK(streamtable_in_region(database, NULL, &again, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    /* All regions close with the database. */
    count(away, "\"Count\":1");
    streamtable_free(database);
    HAS(EXPECT(STREAMTABLE_STATUS_CLOSED, away, "ListTables", "{}"), "DatabaseClosedException");
    streamtable_free(away);
}

static void in_a_directory(void) {
    const char *folder = getenv("STREAMTABLE_TEST_FOLDER");
    streamtable_database *database = NULL;
    streamtable_database *fork = NULL;
    streamtable_snapshot *snapshot = NULL;
    streamtable_buffer *error = NULL;
    char path[1024];
    char other[1024];
    CHECK(folder != NULL);
    if (folder == NULL || strlen(folder) > 900) {
        return;
    }
    snprintf(path, sizeof path, "%s/original", folder);
    snprintf(other, sizeof other, "%s/fork", folder);
    CHECK(streamtable_open(path, "{\"clock\": \"manual\"}", &database, &error) == STREAMTABLE_STATUS_OK);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE));
    put(database, "a");
    CHECK(streamtable_fork(database, other, &fork, &error) == STREAMTABLE_STATUS_OK);
    put(fork, "b");
    count(database, "\"Count\":1");
    count(fork, "\"Count\":2");
    streamtable_free(fork);
    CHECK(streamtable_fork(database, other, &fork, &error) == STREAMTABLE_STATUS_VALIDATION);
    CHECK(fork == NULL);
    HAS(error, "holds something already");
    CHECK(streamtable_fork(database, NULL, &fork, NULL) == STREAMTABLE_STATUS_VALIDATION);
    CHECK(streamtable_snapshot_take(database, &snapshot, &error) == STREAMTABLE_STATUS_VALIDATION);
    CHECK(snapshot == NULL);
    HAS(error, "into another directory");
    CHECK(streamtable_reset(database, NULL) == STREAMTABLE_STATUS_VALIDATION);
    streamtable_free(database);
}

void test_fork(void) {
    in_memory();
    in_regions();
    in_a_directory();
}

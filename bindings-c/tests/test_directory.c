/* A database in a directory: kept across closing, open once at a time, backed up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static const char OPTIONS[] = "{\"clock\": \"manual\", \"durability\": \"sync\", \"sync_every\": 20, \"cache_bytes\": 0}";

static streamtable_database *opened(const char *path) {
    streamtable_database *database = NULL;
    streamtable_buffer *error = NULL;
    const streamtable_status status = streamtable_open(path, OPTIONS, &database, &error);
    CHECK(status == STREAMTABLE_STATUS_OK);
    if (database == NULL) {
        fprintf(stderr, "no database in %s: %s\n", path, streamtable_buffer_data(error));
        exit(2);
    }
    return database;
}

static void call(const streamtable_database *database, const char *operation, const char *input, const char *part) {
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, operation, input), part);
}

void test_directory(void) {
    const char *folder = getenv("STREAMTABLE_TEST_FOLDER");
    char path[1024];
    char copy[1024];
    char backup[1200];
    streamtable_database *other = NULL;
    streamtable_buffer *error = NULL;
    CHECK(folder != NULL);
    if (folder == NULL || strlen(folder) > 900) {
        return;
    }
    snprintf(path, sizeof path, "%s/data", folder);
    snprintf(copy, sizeof copy, "%s/copy", folder);
    snprintf(backup, sizeof backup, "{\"Directory\": \"%s\"}", copy);

    streamtable_database *database = opened(path);
    call(database, "CreateTable",
         "{\"TableName\": \"Orders\", \"BillingMode\": \"PAY_PER_REQUEST\","
         " \"AttributeDefinitions\": [{\"AttributeName\": \"id\", \"AttributeType\": \"S\"}],"
         " \"KeySchema\": [{\"AttributeName\": \"id\", \"KeyType\": \"HASH\"}]}",
         "Orders");
    call(database, "PutItem", "{\"TableName\": \"Orders\", \"Item\": {\"id\": {\"S\": \"1\"}}}", "{}");
    CHECK(streamtable_open(path, OPTIONS, &other, &error) == STREAMTABLE_STATUS_OPEN);
    CHECK(other == NULL);
    HAS(error, "pid ");
    call(database, "Backup", backup, "\"Bytes\"");
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);

    other = opened(path);
    call(other, "GetItem", "{\"TableName\": \"Orders\", \"Key\": {\"id\": {\"S\": \"1\"}}}", "\"Item\"");
    call(other, "Compact", "{}", "\"BytesAfter\"");
    streamtable_free(other);
    streamtable_free(database);

    database = opened(copy);
    call(database, "GetItem", "{\"TableName\": \"Orders\", \"Key\": {\"id\": {\"S\": \"1\"}}}", "\"Item\"");
    streamtable_free(database);
}

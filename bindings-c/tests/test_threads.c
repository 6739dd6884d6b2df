/* One database, several threads: every write counts once; closing under them ends them with a status. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

#define THREADS 8
#define WRITES 200

typedef struct worker {
    pthread_t thread;
    const streamtable_database *database;
    int number;
    /* Counted by the thread, read after it ended. */
    int done;
    int wrong;
} worker;

static const char ADD[] = "{\"TableName\": \"Shared\", \"Key\": {\"k\": {\"S\": \"counter\"}},"
                          " \"UpdateExpression\": \"ADD n :one\", \"ExpressionAttributeValues\": {\":one\": {\"N\": \"1\"}}}";

/* Adds to one counter that all share, and writes an item of its own. */
static void *write_items(void *argument) {
    worker *self = (worker *)argument;
    int i;
    for (i = 0; i < WRITES; i++) {
        char put[256];
        streamtable_buffer *out = NULL;
        if (streamtable_call(self->database, "UpdateItem", ADD, sizeof ADD - 1, &out) != STREAMTABLE_STATUS_OK) {
            self->wrong++;
        }
        streamtable_buffer_free(out);
        snprintf(put, sizeof put, "{\"TableName\": \"Shared\", \"Item\": {\"k\": {\"S\": \"%d-%d\"}}}", self->number, i);
        if (streamtable_call(self->database, "PutItem", put, strlen(put), &out) != STREAMTABLE_STATUS_OK) {
            self->wrong++;
        }
        streamtable_buffer_free(out);
        self->done++;
    }
    return NULL;
}

/* Reads until the database is closed. */
static void *read_until_closed(void *argument) {
    worker *self = (worker *)argument;
    streamtable_status status;
    do {
        streamtable_buffer *out = NULL;
        status = streamtable_call(self->database, "ListTables", "{}", 2, &out);
        streamtable_buffer_free(out);
        self->done++;
    } while (status == STREAMTABLE_STATUS_OK);
    self->wrong = status != STREAMTABLE_STATUS_CLOSED;
    return NULL;
}

static void start(worker *workers, const streamtable_database *database, void *(*work)(void *)) {
    int i;
    for (i = 0; i < THREADS; i++) {
        memset(&workers[i], 0, sizeof workers[i]);
        workers[i].database = database;
        workers[i].number = i;
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
}

static void join(worker *workers) {
    int i;
    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
        CHECK(workers[i].wrong == 0);
    }
}

void test_threads(void) {
    streamtable_database *database = check_open();
    worker workers[THREADS];
    char total[64];
    streamtable_buffer_free(
        EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable",
               "{\"TableName\": \"Shared\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
               " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\","
               " \"StreamSpecification\": {\"StreamEnabled\": true, \"StreamViewType\": \"NEW_AND_OLD_IMAGES\"}}"));
    /* The table is ACTIVE for whoever asks next. */
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "DescribeTable", "{\"TableName\": \"Shared\"}"));

    start(workers, database, write_items);
    join(workers);
    snprintf(total, sizeof total, "\"n\":{\"N\":\"%d\"}", THREADS * WRITES);
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "GetItem",
               "{\"TableName\": \"Shared\", \"Key\": {\"k\": {\"S\": \"counter\"}}}"),
        total);
    snprintf(total, sizeof total, "\"Count\":%d", THREADS * WRITES + 1);
    HAS(EXPECT(STREAMTABLE_STATUS_OK, database, "Scan", "{\"TableName\": \"Shared\", \"Select\": \"COUNT\"}"), total);

    start(workers, database, read_until_closed);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    join(workers);
    streamtable_free(database);
}

/* Operations that are started and answered later; readers that wait. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "streamtable_operations.h"

static const char CREATE[] =
    "{\"TableName\": \"Later\", \"AttributeDefinitions\": [{\"AttributeName\": \"k\", \"AttributeType\": \"S\"}],"
    " \"KeySchema\": [{\"AttributeName\": \"k\", \"KeyType\": \"HASH\"}], \"BillingMode\": \"PAY_PER_REQUEST\","
    " \"StreamSpecification\": {\"StreamEnabled\": true, \"StreamViewType\": \"KEYS_ONLY\"}}";

static const char PUT[] = "{\"TableName\": \"Later\", \"Item\": {\"k\": {\"S\": \"a\"}}}";

/* How often it was woken, and who waits for that. */
typedef struct bell {
    pthread_mutex_t lock;
    pthread_cond_t rung;
    int times;
} bell;

static void hang_up(bell *self) {
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->rung, NULL);
    self->times = 0;
}

static void ring(void *context) {
    bell *self = (bell *)context;
    pthread_mutex_lock(&self->lock);
    self->times++;
    pthread_cond_signal(&self->rung);
    pthread_mutex_unlock(&self->lock);
}

static void wait_for_bell(bell *self) {
    pthread_mutex_lock(&self->lock);
    while (self->times == 0) {
        pthread_cond_wait(&self->rung, &self->lock);
    }
    pthread_mutex_unlock(&self->lock);
}

static streamtable_pending *start(const streamtable_database *database, const char *operation, const char *input) {
    streamtable_pending *pending = NULL;
    streamtable_buffer *error = NULL;
    CHECK(streamtable_start(database, operation, input, strlen(input), &pending, &error) == STREAMTABLE_STATUS_OK);
    CHECK(pending != NULL && error == NULL);
    return pending;
}

static void in_memory_answers_are_there(void) {
    streamtable_database *database = check_open();
    streamtable_buffer *out = NULL;
    streamtable_pending *pending;
    bell woken;

    hang_up(&woken);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE));
    pending = start(database, "PutItem", PUT);
    CHECK(streamtable_pending_is_ready(pending) == 1);
    CHECK(streamtable_pending_notify(pending, ring, &woken) == STREAMTABLE_STATUS_OK);
    CHECK(woken.times == 1);
    CHECK(streamtable_pending_is_ready(pending) == 1);
    CHECK(streamtable_pending_finish(pending, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "{}");

    /* What an operation refuses is its answer, like any other. */
    pending = start(database, "GetItem", "{\"TableName\": \"Nowhere\", \"Key\": {\"k\": {\"S\": \"a\"}}}");
    CHECK(streamtable_pending_finish(pending, &out) == STREAMTABLE_STATUS_RESOURCE_NOT_FOUND);
    HAS(out, "ResourceNotFoundException");
    CHECK(streamtable_pending_finish(start(database, "ListTables", "{}"), NULL) == STREAMTABLE_STATUS_OK);

    /* What is no call is refused at once. */
    CHECK(streamtable_start(database, "GetItem", "{\"TableName\" \"T\"}", 17, &pending, &out) == STREAMTABLE_STATUS_SERIALIZATION);
    CHECK(pending == NULL);
    HAS(out, "at byte 13");
    CHECK(streamtable_start(database, "Nothing", "{}", 2, &pending, &out) == STREAMTABLE_STATUS_UNKNOWN_OPERATION);
    HAS(out, "UnknownOperationException");
    CHECK(streamtable_start(database, "ListTables", "{}", 2, NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_pending_is_ready(NULL) == 0);
    CHECK(streamtable_pending_notify(NULL, ring, &woken) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    CHECK(streamtable_pending_finish(NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_buffer_free(out);
    pending = start(database, "ListTables", "{}");
    CHECK(streamtable_pending_notify(pending, NULL, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    streamtable_free(database);
    /* What was started outlives the handle. */
    CHECK(streamtable_pending_finish(pending, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "Later");
}

static void a_loop_is_woken_when_the_disk_has_it(void) {
    enum { WRITES = 50 };
    char folder[1024];
    streamtable_database *database = NULL;
    streamtable_buffer *out = NULL;
    streamtable_pending *pending[WRITES];
    bell woken[WRITES];
    int i;

    check_folder("later", folder, sizeof folder);
    CHECK(streamtable_open(folder, "{\"clock\": \"manual\"}", &database, NULL) == STREAMTABLE_STATUS_OK);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE));
    for (i = 0; i < WRITES; i++) {
        hang_up(&woken[i]);
        pending[i] = start(database, "PutItem", PUT);
        CHECK(streamtable_pending_notify(pending[i], ring, &woken[i]) == STREAMTABLE_STATUS_OK);
    }
    for (i = 0; i < WRITES; i++) {
        wait_for_bell(&woken[i]);
        CHECK(streamtable_pending_is_ready(pending[i]) == 1);
        CHECK(streamtable_pending_finish(pending[i], &out) == STREAMTABLE_STATUS_OK);
        HAS(out, "{}");
        CHECK(woken[i].times == 1);
    }
    streamtable_free(database);
}

/* Puts an item once somebody may be waiting for it. */
static void *put_later(void *argument) {
    const streamtable_database *database = (const streamtable_database *)argument;
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "PutItem", PUT));
    return NULL;
}

static void a_reader_waits_for_records(void) {
    char arn[256];
    streamtable_database *database = check_open();
    streamtable_reader *reader = NULL;
    streamtable_buffer *out = EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE);
    pthread_t thread;
    int found = 0;

    check_member(out, "LatestStreamArn", arn, sizeof arn);
    streamtable_buffer_free(out);
    CHECK(streamtable_reader_open(database, arn, NULL, &reader, NULL) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_reader_wait(NULL, 0) == 0);
    CHECK(streamtable_reader_wait(reader, 0) == 1);
    CHECK(streamtable_reader_next(reader, 10, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "{\"Records\":[]}");
    CHECK(streamtable_reader_wait(reader, 0) == 0);
    CHECK(pthread_create(&thread, NULL, put_later, database) == 0);
    while (!found) {
        /* So long that a test that waited for it would be noticed. */
        CHECK(streamtable_reader_wait(reader, 3600 * 1000) == 1);
        CHECK(streamtable_reader_next(reader, 10, &out) == STREAMTABLE_STATUS_OK);
        found = strstr(streamtable_buffer_data(out), "INSERT") != NULL;
        streamtable_buffer_free(out);
    }
    pthread_join(thread, NULL);
    streamtable_reader_close(reader);
    streamtable_free(database);
}

static void versions_are_numbers_and_a_text(void) {
    char version[64];
    snprintf(version, sizeof version, "%d.%d.%d", STREAMTABLE_VERSION_MAJOR, STREAMTABLE_VERSION_MINOR,
             STREAMTABLE_VERSION_PATCH);
    CHECK(strcmp(version, STREAMTABLE_VERSION) == 0);
    CHECK(strcmp(streamtable_version(), STREAMTABLE_VERSION) == 0);
}

static void files_are_looked_after_by_name(void) {
    char folder[1024], copy[1024], input[1200];
    streamtable_database *database = NULL;
    streamtable_buffer *out = NULL;

    check_folder("kept", folder, sizeof folder);
    check_folder("kept-copy", copy, sizeof copy);
    CHECK(streamtable_open(folder, "{\"clock\": \"manual\"}", &database, NULL) == STREAMTABLE_STATUS_OK);
    streamtable_buffer_free(EXPECT(STREAMTABLE_STATUS_OK, database, "CreateTable", CREATE));
    snprintf(input, sizeof input, "{\"Directory\": \"%s\"}", copy);
    CHECK(streamtable_backup(database, input, &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "\"Bytes\":");
    CHECK(streamtable_compact(database, "{}", &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "\"BytesAfter\":");
    streamtable_free(database);
    CHECK(streamtable_open(copy, "{\"clock\": \"manual\"}", &database, NULL) == STREAMTABLE_STATUS_OK);
    out = EXPECT(STREAMTABLE_STATUS_OK, database, "ListTables", "{}");
    HAS(out, "Later");
    streamtable_free(database);
}

void test_start(void) {
    in_memory_answers_are_there();
    a_loop_is_woken_when_the_disk_has_it();
    a_reader_waits_for_records();
    versions_are_numbers_and_a_text();
    files_are_looked_after_by_name();
}

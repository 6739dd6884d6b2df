/* Databases elsewhere: what is told of one that cannot be reached, and what is refused by its name. The cases of tests/cases run on one that can be. */
#include <stddef.h>

#include "check.h"

/* Nobody listens on this port: it needs a privilege, and has no service. */
static const char NOWHERE[] = "http://127.0.0.1:1?attempts=1";

static void refused(const char *address, const char *options, const char *why) {
    streamtable_database *database = NULL;
    streamtable_buffer *error = NULL;
    CHECK(streamtable_open(address, options, &database, &error) == STREAMTABLE_STATUS_OPEN);
    CHECK(database == NULL);
    HAS(error, why);
}

void test_remote(void) {
    streamtable_database *database = NULL;
    streamtable_database *other = NULL;
    streamtable_snapshot *snapshot = NULL;
    streamtable_worker *worker = NULL;
    streamtable_pending *pending = NULL;
    streamtable_buffer *out = NULL;
    int64_t now = 0;

    refused("http://127.0.0.1:1?colour=red", NULL, "no setting");
    refused("ftp://127.0.0.1", NULL, "none of dynamodb");
    refused(NOWHERE, "{\"seed\": 1}", "settings of its own");

    CHECK(streamtable_open(NOWHERE, "{}", &database, &out) == STREAMTABLE_STATUS_OK);
    CHECK(out == NULL);
    HAS(EXPECT(STREAMTABLE_STATUS_UNREACHABLE, database, "ListTables", "{}"), "cannot be reached");
    CHECK(streamtable_start(database, "ListTables", "{}", 2, &pending, &out) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_pending_finish(pending, &out) == STREAMTABLE_STATUS_UNREACHABLE);
    HAS(out, "EndpointUnreachableException");
    CHECK(streamtable_clock_now(database, &now, &out) == STREAMTABLE_STATUS_UNREACHABLE);
    HAS(out, "cannot be reached");
    CHECK(streamtable_fork(database, NULL, &other, &out) == STREAMTABLE_STATUS_VALIDATION);
    HAS(out, "streamtable_fork() is of a database in this process");
    CHECK(streamtable_snapshot_take(database, &snapshot, &out) == STREAMTABLE_STATUS_VALIDATION);
    HAS(out, "streamtable_snapshot_take()");
    CHECK(streamtable_in_region(database, "eu-west-1", &other, &out) == STREAMTABLE_STATUS_VALIDATION);
    HAS(out, "streamtable_in_region()");
    CHECK(streamtable_reset(database, &out) == STREAMTABLE_STATUS_VALIDATION);
    HAS(out, "streamtable_reset()");
    CHECK(streamtable_worker_open(database, 1, &worker, &out) == STREAMTABLE_STATUS_OK);
    CHECK(streamtable_worker_next(worker, NULL, &out) == STREAMTABLE_STATUS_UNREACHABLE);
    HAS(out, "cannot be reached");
    streamtable_worker_close(worker);
    CHECK(streamtable_close(database) == STREAMTABLE_STATUS_OK);
    HAS(EXPECT(STREAMTABLE_STATUS_CLOSED, database, "ListTables", "{}"), "DatabaseClosedException");
    streamtable_free(database);
}

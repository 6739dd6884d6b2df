/* Versions, names, and the list of operations. */
#include <limits.h>
#include <string.h>

#include "check.h"
#include "streamtable_operations.h"

static int listed(const char *operation) {
    size_t i;
    for (i = 0; streamtable_operation_name(i) != NULL; i++) {
        if (strcmp(streamtable_operation_name(i), operation) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Every listed operation can be called: none is unknown to streamtable_call(). */
static void operations_are_known(void) {
    streamtable_database *database = check_open();
    size_t i;
    for (i = 0; streamtable_operation_name(i) != NULL; i++) {
        streamtable_buffer *out = NULL;
        const streamtable_status status = streamtable_call(database, streamtable_operation_name(i), "{}", 2, &out);
        /* The last is how the service of data streams refuses a request that names no stream. */
        CHECK(status == STREAMTABLE_STATUS_OK || status == STREAMTABLE_STATUS_VALIDATION
              || status == STREAMTABLE_STATUS_INVALID_ARGUMENT);
        streamtable_buffer_free(out);
    }
    CHECK(i >= 15);
    CHECK(streamtable_operation_name(i + 1) == NULL);
    CHECK(streamtable_operation_name((size_t)-1) == NULL);
    streamtable_free(database);
}

static void wrappers_call_their_operation(void) {
    streamtable_database *database = check_open();
    streamtable_buffer *out = NULL;
    CHECK(streamtable_list_tables(database, "{}", &out) == STREAMTABLE_STATUS_OK);
    HAS(out, "\"TableNames\":[]");
    CHECK(streamtable_describe_table(database, "{\"TableName\": \"Missing\"}", &out)
          == STREAMTABLE_STATUS_RESOURCE_NOT_FOUND);
    streamtable_buffer_free(out);
    CHECK(streamtable_get_records(database, NULL, &out) == STREAMTABLE_STATUS_NULL_ARGUMENT);
    HAS(out, "input is NULL");
    streamtable_free(database);
}

void test_about(void) {
    CHECK(streamtable_abi_version() == STREAMTABLE_ABI_VERSION);
    CHECK(strchr(streamtable_version(), '.') != NULL);
    CHECK(strcmp(streamtable_status_name(STREAMTABLE_STATUS_OK), "OK") == 0);
    CHECK(strcmp(streamtable_status_name(STREAMTABLE_STATUS_CONDITIONAL_CHECK_FAILED), "ConditionalCheckFailedException")
          == 0);
    CHECK(strcmp(streamtable_status_name(INT_MIN), "Unknown") == 0);
    CHECK(strcmp(streamtable_status_name(99), "Unknown") == 0);
    CHECK(listed("PutItem"));
    CHECK(listed("GetRecords"));
    CHECK(listed("AdvanceClock"));
    CHECK(!listed("putitem"));
    operations_are_known();
    wrappers_call_their_operation();
}

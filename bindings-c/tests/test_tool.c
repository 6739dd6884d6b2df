/* Plain values, differences, patches, events. */
#include <string.h>

#include "check.h"

static void tool(streamtable_status expected, const char *name, const char *input, const char *part) {
    streamtable_buffer *out = NULL;
    CHECK(streamtable_tool(name, input, strlen(input), &out) == expected);
    HAS(out, part);
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
    CHECK(streamtable_tool(NULL, "{}", 2, NULL) == STREAMTABLE_STATUS_NULL_ARGUMENT);
}

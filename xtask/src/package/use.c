/* Uses an installed library: puts an item and gets it. */
#include <stdio.h>
#include <streamtable.h>
#include <string.h>

static int call(streamtable_database *db, const char *operation, const char *input, const char *expected)
{
    streamtable_buffer *out = NULL;
    int good = streamtable_call(db, operation, input, strlen(input), &out) == STREAMTABLE_STATUS_OK
        && strstr(streamtable_buffer_data(out), expected) != NULL;
    if (!good) fprintf(stderr, "%s: %s\n", operation, out ? streamtable_buffer_data(out) : "no answer");
    streamtable_buffer_free(out);
    return good;
}

int main(void)
{
    streamtable_database *db = NULL;
    streamtable_buffer *error = NULL;
    int good = streamtable_open(NULL, NULL, &db, &error) == STREAMTABLE_STATUS_OK
        && call(db, "CreateTable", "{\"TableName\":\"abc\",\"BillingMode\":\"PAY_PER_REQUEST\","
                "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
                "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}", "CREATING")
        && call(db, "PutItem", "{\"TableName\":\"abc\",\"Item\":{\"id\":{\"S\":\"a\"}}}", "{}")
        && call(db, "GetItem", "{\"TableName\":\"abc\",\"Key\":{\"id\":{\"S\":\"a\"}}}", "{\"id\":{\"S\":\"a\"}}");
    streamtable_buffer_free(error);
    streamtable_free(db);
    return good ? 0 : 1;
}

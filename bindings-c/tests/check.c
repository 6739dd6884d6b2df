#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

void check_that(int holds, const char *what, const char *file, int line) {
    if (!holds) {
        failures++;
        fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    }
}

int check_failures(void) {
    return failures;
}

streamtable_database *check_open(void) {
    streamtable_database *database = NULL;
    streamtable_buffer *error = NULL;
    if (streamtable_open(NULL, "{\"clock\": \"manual\", \"seed\": 7}", &database, &error) != STREAMTABLE_STATUS_OK) {
        fprintf(stderr, "no database: %s\n", streamtable_buffer_data(error));
        exit(2);
    }
    CHECK(database != NULL);
    CHECK(error == NULL);
    return database;
}

streamtable_buffer *check_call(streamtable_status status,
                               const streamtable_database *database,
                               const char *operation,
                               const char *input,
                               const char *file,
                               int line) {
    streamtable_buffer *out = NULL;
    const streamtable_status answered = streamtable_call(database, operation, input, strlen(input), &out);
    if (answered != status) {
        fprintf(stderr, "%s:%d: %s answered %d %s, expected %d: %s\n", file, line, operation, (int)answered,
                streamtable_status_name(answered), (int)status, streamtable_buffer_data(out));
        failures++;
    }
    check_that(out != NULL, "every call gives out a buffer", file, line);
    check_that(streamtable_buffer_length(out) == strlen(streamtable_buffer_data(out)), "the length is that of the text",
               file, line);
    return out;
}

void check_has(streamtable_buffer *buffer, const char *part, const char *file, int line) {
    const char *text = streamtable_buffer_data(buffer);
    if (text == NULL || strstr(text, part) == NULL) {
        failures++;
        fprintf(stderr, "%s:%d: no %s in %s\n", file, line, part, text == NULL ? "NULL" : text);
    }
    streamtable_buffer_free(buffer);
}

void check_folder(const char *name, char *out, size_t size) {
    const char *folder = getenv("STREAMTABLE_TEST_FOLDER");
    if (folder == NULL || strlen(folder) + strlen(name) + 2 > size) {
        fputs("STREAMTABLE_TEST_FOLDER names no folder, or one with a very long name\n", stderr);
        exit(2);
    }
    snprintf(out, size, "%s/%s", folder, name);
}

void check_member(const streamtable_buffer *buffer, const char *name, char *out, size_t size) {
    const char *text = streamtable_buffer_data(buffer);
    char quoted[64];
    const char *begin;
    const char *end;
    snprintf(quoted, sizeof quoted, "\"%s\":\"", name);
    begin = text == NULL ? NULL : strstr(text, quoted);
    end = begin == NULL ? NULL : strchr(begin + strlen(quoted), '"');
    if (end == NULL || (size_t)(end - begin) - strlen(quoted) >= size) {
        fprintf(stderr, "no text %s in %s\n", name, text == NULL ? "NULL" : text);
        exit(2);
    }
    begin += strlen(quoted);
    memcpy(out, begin, (size_t)(end - begin));
    out[end - begin] = '\0';
}

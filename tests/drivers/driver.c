/* Conformance driver of the C library (protocol: ../FORMAT.md). A verb comes first and JSON after, so no JSON is read here; only the text
 * of a `raw` request, a JSON string, has its escapes undone. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "streamtable.h"

/* Answers with what is in the buffer, "{}" if there is none, and frees it. Errors are passed on as the library gives them. */
static void answer(streamtable_status status, streamtable_buffer *buffer) {
    const char *text = buffer != NULL ? streamtable_buffer_data(buffer) : "{}";
    printf("%s %s\n", status == STREAMTABLE_STATUS_OK ? "ok" : "error", text);
    streamtable_buffer_free(buffer);
}

static void fault(const char *message) { printf("error {\"code\":\"Driver\",\"message\":\"%s\"}\n", message); }

static unsigned long code_unit(const char *digits) {
    char four[5] = {0};
    memcpy(four, digits, 4);
    return strtoul(four, NULL, 16);
}

static char *put_utf8(char *out, unsigned long c) {
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

/* Undoes the escapes of a JSON string in place (no escape is shorter than what it stands for) and returns the length. The runner writes
 * the string, so its form is sound; a lone surrogate cannot be in it. `*end` becomes what follows the string. */
static size_t unescape(char *text, char **end) {
    const char *in = text + 1;
    char *out = text;
    while (*in != '"' && *in != '\0') {
        if (*in != '\\') {
            *out++ = *in++;
            continue;
        }
        const char *found = strchr("b\bf\fn\nr\rt\t", in[1]);
        if (in[1] != 'u') {
            *out++ = found != NULL && in[1] != '\0' ? found[1] : in[1];
            in += 2;
            continue;
        }
        unsigned long c = code_unit(in + 2);
        in += 6;
        if (c >= 0xD800 && c < 0xDC00) {
            c = 0x10000 + ((c - 0xD800) << 10) + (code_unit(in + 2) - 0xDC00);
            in += 6;
        }
        out = put_utf8(out, c);
    }
    *end = text + (in - text) + (*in == '"');
    return (size_t)(out - text);
}

/* Takes a path that stands first in the options out of them: what is left is the options again. */
static char *cut_path(char **options) {
    static const char first[] = "{\"path\":";
    if (strncmp(*options, first, sizeof first - 1) != 0) {
        return NULL;
    }
    char *path = *options + sizeof first - 1;
    char *rest = NULL;
    size_t length = unescape(path, &rest);
    if (*rest == ',') {
        *rest = '{';
        *options = rest;
    } else {
        *options = NULL;
    }
    path[length] = '\0';
    return path;
}

/* Cuts a text at its first space; what follows is the result, an empty text if there is none. */
static char *cut(char *text) {
    char *space = strchr(text, ' ');
    if (space == NULL) {
        return text + strlen(text);
    }
    *space = '\0';
    return space + 1;
}

/* Asks or tells the worker of a database, which is made when it is first asked. */
static void work(const streamtable_database *database, streamtable_worker **worker, const char *what, const char *members) {
    streamtable_buffer *buffer = NULL;
    if (*worker == NULL && streamtable_worker_open(database, 0, worker, &buffer) != STREAMTABLE_STATUS_OK) {
        answer(STREAMTABLE_STATUS_CLOSED, buffer);
        return;
    }
    if (strcmp(what, "Next") == 0) {
        streamtable_status status = streamtable_worker_next(*worker, NULL, &buffer);
        answer(status, buffer);
        return;
    }
    size_t size = strlen(what) + strlen(members) + 16;
    char *told = malloc(size);
    if (told == NULL) {
        fault("no memory");
        return;
    }
    snprintf(told, size, "{\"Do\":\"%s\"%s%s", what, members[1] == '}' ? "" : ",", members + 1);
    streamtable_status status = streamtable_worker_tell(*worker, told, &buffer);
    free(told);
    answer(status, buffer);
}

static void serve(char *line, streamtable_database **database, streamtable_worker **worker) {
    streamtable_buffer *buffer = NULL;
    char *rest = cut(line);
    if (strcmp(line, "open") == 0) {
        streamtable_worker_close(*worker);
        *worker = NULL;
        streamtable_free(*database);
        *database = NULL;
        char *path = cut_path(&rest);
        streamtable_status status = streamtable_open(path, rest, database, &buffer);
        answer(status, buffer);
    } else if (strcmp(line, "call") == 0) {
        char *input = cut(rest);
        streamtable_status status = streamtable_call(*database, rest, input, strlen(input), &buffer);
        answer(status, buffer);
    } else if (strcmp(line, "raw") == 0) {
        char *input = cut(rest);
        char *end = NULL;
        size_t length = unescape(input, &end);
        streamtable_status status = streamtable_call(*database, rest, input, length, &buffer);
        answer(status, buffer);
    } else if (strcmp(line, "tool") == 0) {
        char *input = cut(rest);
        streamtable_status status = streamtable_tool(rest, input, strlen(input), &buffer);
        answer(status, buffer);
    } else if (strcmp(line, "worker") == 0) {
        char *members = cut(rest);
        work(*database, worker, rest, members);
    } else if (strcmp(line, "advance") == 0) {
        streamtable_status status = streamtable_clock_advance(*database, strtoll(rest, NULL, 10), NULL, &buffer);
        answer(status, buffer);
    } else if (strcmp(line, "close") == 0) {
        streamtable_status status = streamtable_close(*database);
        answer(status, NULL);
    } else {
        fault("unknown verb");
    }
}

int main(void) {
    streamtable_database *database = NULL;
    streamtable_worker *worker = NULL;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    puts("ready {\"target\":\"c\",\"protocol\":1,\"doors\":[\"json\",\"tool\",\"worker\"]}");
    fflush(stdout);
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        serve(line, &database, &worker);
        fflush(stdout);
    }
    free(line);
    streamtable_worker_close(worker);
    streamtable_free(database);
    return 0;
}

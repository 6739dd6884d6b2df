/*
 * Loads a real data set into a table and reads what its change stream says.
 *
 *     demo gapminder.csv
 *
 * Each row is one country in one year. The first year of a country becomes an item, each later year changes it. The
 * library takes and gives JSON text; this program writes it with snprintf and finds its way in answers with a few
 * lines at the end of this file, so that it needs no JSON parser. A program with one would use it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <streamtable.h>

#include "sha256.h"

#define LAST_YEAR "2007"

typedef struct {
    char country[64], continent[32], year[8], life[32], people[32], income[32];
} row;

/* A piece of a JSON text: not terminated. */
typedef struct {
    const char *text;
    size_t length;
} slice;

static streamtable_database *db;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* Calls an operation with an input made like printf does. The caller frees the answer. */
static streamtable_buffer *call(const char *operation, const char *format, ...)
{
    char input[2048];
    streamtable_buffer *out = NULL;
    va_list arguments;
    int length;
    va_start(arguments, format);
    length = vsnprintf(input, sizeof input, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof input) die(operation, "the input is too long for this program");
    if (streamtable_call(db, operation, input, (size_t)length, &out) != STREAMTABLE_STATUS_OK)
        die(operation, streamtable_buffer_data(out));
    return out;
}

static slice whole(const streamtable_buffer *buffer)
{
    slice all = {streamtable_buffer_data(buffer), streamtable_buffer_length(buffer)};
    return all;
}

/* The JSON finders, at the end of the file. */
static slice member(slice object, const char *name);
static slice element(slice array, size_t index);
static slice text_of(slice string);
static slice number_of(slice image, const char *attribute);

/* One field of a line of CSV, which may be quoted. Gives the start of the next. */
static char *field(char *at, char *out, size_t size)
{
    size_t n = 0;
    int quoted = *at == '"';
    if (quoted) at++;
    while (*at != '\0' && *at != '\n' && *at != '\r' && *at != (quoted ? '"' : ',')) {
        if (n + 1 == size || *at == '"' || *at == '\\') die("data", "a field this program does not expect");
        out[n++] = *at++;
    }
    out[n] = '\0';
    if (quoted && *at == '"') at++;
    return *at == ',' ? at + 1 : at;
}

static int read_row(FILE *file, row *r)
{
    char line[256], *at = line;
    if (fgets(line, sizeof line, file) == NULL) return 0;
    at = field(at, r->country, sizeof r->country);
    at = field(at, r->continent, sizeof r->continent);
    at = field(at, r->year, sizeof r->year);
    at = field(at, r->life, sizeof r->life);
    at = field(at, r->people, sizeof r->people);
    field(at, r->income, sizeof r->income);
    return 1;
}

/* The rows of the last year, or those before it. */
static size_t load(const char *path, int last)
{
    FILE *file = fopen(path, "r");
    row r;
    char known[64] = "";
    size_t changes = 0;
    if (file == NULL) die(path, "cannot be read");
    read_row(file, &r); /* the names of the columns */
    while (read_row(file, &r)) {
        if ((strcmp(r.year, LAST_YEAR) == 0) != last) continue;
        if (!last && strcmp(r.country, known) != 0) {
            strcpy(known, r.country);
            streamtable_buffer_free(call("PutItem",
                "{\"TableName\":\"Countries\",\"Item\":{\"country\":{\"S\":\"%s\"},\"continent\":{\"S\":\"%s\"},"
                "\"year\":{\"N\":\"%s\"},\"life_expectancy\":{\"N\":\"%s\"},\"population\":{\"N\":\"%s\"},"
                "\"income\":{\"N\":\"%s\"}}}",
                r.country, r.continent, r.year, r.life, r.people, r.income));
        } else {
            streamtable_buffer_free(call("UpdateItem",
                "{\"TableName\":\"Countries\",\"Key\":{\"country\":{\"S\":\"%s\"}},"
                "\"UpdateExpression\":\"SET #y = :y, life_expectancy = :l, population = :p, income = :i\","
                "\"ExpressionAttributeNames\":{\"#y\":\"year\"},"
                "\"ExpressionAttributeValues\":{\":y\":{\"N\":\"%s\"},\":l\":{\"N\":\"%s\"},\":p\":{\"N\":\"%s\"},"
                "\":i\":{\"N\":\"%s\"}}}",
                r.country, r.year, r.life, r.people, r.income));
        }
        changes++;
    }
    fclose(file);
    return changes;
}

static void iterator_of(const char *arn, const char *shard, const char *type, const char *sequence, char *out)
{
    char position[96] = "";
    streamtable_buffer *answer;
    slice iterator;
    if (sequence != NULL) sprintf(position, ",\"SequenceNumber\":\"%s\"", sequence);
    answer = call("GetShardIterator", "{\"StreamArn\":\"%s\",\"ShardId\":\"%s\",\"ShardIteratorType\":\"%s\"%s}", arn,
        shard, type, position);
    iterator = text_of(member(whole(answer), "ShardIterator"));
    sprintf(out, "%.*s", (int)iterator.length, iterator.text);
    streamtable_buffer_free(answer);
}

static void show(slice record)
{
    slice change = member(record, "dynamodb"), old = member(change, "OldImage"), new = member(change, "NewImage");
    slice country = text_of(member(member(member(change, "Keys"), "country"), "S"));
    slice kind = text_of(member(record, "eventName")), life = number_of(new, "life_expectancy");
    slice people = number_of(new, "population"), year = number_of(new, "year");
    printf("  %.*s %.*s, %.*s: ", (int)kind.length, kind.text, (int)country.length, country.text, (int)year.length,
        year.text);
    if (old.text == NULL) {
        printf("life expectancy %.*s, population %.*s\n", (int)life.length, life.text, (int)people.length, people.text);
    } else {
        slice life0 = number_of(old, "life_expectancy"), people0 = number_of(old, "population");
        printf("life expectancy %.*s -> %.*s, population %.*s -> %.*s\n", (int)life0.length, life0.text,
            (int)life.length, life.text, (int)people0.length, people0.text, (int)people.length, people.text);
    }
}

/* What the digest is taken of: one line per record, whose parts are separated by a blank. The library writes JSON
   without spaces and with sorted attribute names, so its text is canonical as it stands. */
static void digest(sha256 *hash, slice record)
{
    slice change = member(record, "dynamodb"), kind = text_of(member(record, "eventName"));
    const char *parts[] = {"Keys", "OldImage", "NewImage", "SizeBytes"};
    size_t i;
    sha256_add(hash, kind.text, kind.length);
    for (i = 0; i < sizeof parts / sizeof *parts; i++) {
        slice part = member(change, parts[i]);
        sha256_add(hash, " ", 1);
        if (part.text == NULL) {
            sha256_add(hash, "null", 4);
        } else {
            sha256_add(hash, part.text, part.length);
        }
    }
    sha256_add(hash, "\n", 1);
}

/* Reads to the end of what is there. Counts, and passes each record on; keeps the sequence number of one. */
static size_t read_all(char *iterator, size_t shown, sha256 *hash, size_t wanted, char *sequence)
{
    size_t total = 0, here;
    do {
        streamtable_buffer *answer = call("GetRecords", "{\"ShardIterator\":\"%s\"}", iterator);
        slice records = member(whole(answer), "Records"), next = text_of(member(whole(answer), "NextShardIterator"));
        slice record;
        for (here = 0; (record = element(records, here)).text != NULL; here++, total++) {
            if (total < shown) show(record);
            if (hash != NULL) digest(hash, record);
            if (sequence != NULL && total == wanted) {
                slice number = text_of(member(member(record, "dynamodb"), "SequenceNumber"));
                sprintf(sequence, "%.*s", (int)number.length, number.text);
            }
        }
        sprintf(iterator, "%.*s", (int)next.length, next.text);
        streamtable_buffer_free(answer);
    } while (here > 0);
    return total;
}

int main(int argc, char **argv)
{
    streamtable_buffer *answer = NULL;
    char arn[256], shard[128], latest[2049], iterator[2049], sequence[41] = "", hex[65];
    slice found;
    sha256 hash;
    size_t total, middle;
    if (argc != 2) die("usage", "demo gapminder.csv");
    if (streamtable_open(NULL, NULL, &db, &answer) != STREAMTABLE_STATUS_OK)
        die("open", streamtable_buffer_data(answer));
    streamtable_buffer_free(answer);

    answer = call("CreateTable",
        "{\"TableName\":\"Countries\",\"BillingMode\":\"PAY_PER_REQUEST\","
        "\"AttributeDefinitions\":[{\"AttributeName\":\"country\",\"AttributeType\":\"S\"}],"
        "\"KeySchema\":[{\"AttributeName\":\"country\",\"KeyType\":\"HASH\"}],"
        "\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}");
    found = text_of(member(member(whole(answer), "TableDescription"), "LatestStreamArn"));
    sprintf(arn, "%.*s", (int)found.length, found.text);
    streamtable_buffer_free(answer);

    total = load(argv[1], 0);
    answer = call("DescribeStream", "{\"StreamArn\":\"%s\"}", arn);
    found = text_of(member(element(member(member(whole(answer), "StreamDescription"), "Shards"), 0), "ShardId"));
    sprintf(shard, "%.*s", (int)found.length, found.text);
    streamtable_buffer_free(answer);
    iterator_of(arn, shard, "LATEST", NULL, latest);
    total += load(argv[1], 1);
    middle = total / 2;

    printf("TRIM_HORIZON: everything from the beginning, such as\n");
    sha256_begin(&hash);
    iterator_of(arn, shard, "TRIM_HORIZON", NULL, iterator);
    if (read_all(iterator, 3, &hash, middle, sequence) != total) die("TRIM_HORIZON", "not one record for each change");
    printf("AT_SEQUENCE_NUMBER: from one record on, such as\n");
    iterator_of(arn, shard, "AT_SEQUENCE_NUMBER", sequence, iterator);
    if (read_all(iterator, 1, NULL, 0, NULL) != total - middle) die("AT_SEQUENCE_NUMBER", "another number of records");
    printf("AFTER_SEQUENCE_NUMBER: from the one after it, such as\n");
    iterator_of(arn, shard, "AFTER_SEQUENCE_NUMBER", sequence, iterator);
    if (read_all(iterator, 1, NULL, 0, NULL) != total - middle - 1) die("AFTER_SEQUENCE_NUMBER", "another number");
    printf("LATEST: only what came later, here the year " LAST_YEAR ", such as\n");
    if (read_all(latest, 2, NULL, 0, NULL) != 142) die("LATEST", "not one record for each country");
    sha256_end(&hash, hex);
    printf("stream: %lu records, sha256 %s\n", (unsigned long)total, hex);
    streamtable_free(db);
    return 0;
}

/* The end of the JSON value that begins at `at`. */
static const char *skip(const char *at, const char *end)
{
    int depth = 0, quoted = 0;
    for (; at < end; at++) {
        if (quoted) {
            if (*at == '\\') {
                at++;
            } else if (*at == '"') {
                quoted = 0;
            }
        } else if (*at == '"') {
            quoted = 1;
        } else if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            if (depth == 0) return at;
            depth--;
        } else if (*at == ',' && depth == 0) {
            return at;
        }
    }
    return end;
}

static slice member(slice object, const char *name)
{
    slice none = {NULL, 0};
    size_t length = strlen(name);
    const char *at, *end;
    if (object.text == NULL || object.length < 2) return none;
    end = object.text + object.length;
    for (at = object.text + 1; at < end && *at == '"';) {
        const char *colon = strchr(at + 1, '"') + 1, *stop = skip(colon + 1, end);
        if ((size_t)(colon - at) == length + 2 && memcmp(at + 1, name, length) == 0) {
            slice value = {NULL, 0};
            value.text = colon + 1;
            value.length = (size_t)(stop - colon - 1);
            return value;
        }
        at = stop + 1;
    }
    return none;
}

static slice element(slice array, size_t index)
{
    slice none = {NULL, 0}, value;
    const char *at, *end;
    if (array.text == NULL || array.length < 3) return none;
    end = array.text + array.length;
    for (at = array.text + 1; at < end;) {
        const char *stop = skip(at, end);
        if (index-- == 0) {
            value.text = at;
            value.length = (size_t)(stop - at);
            return value;
        }
        at = stop + 1;
    }
    return none;
}

/* A string without its quotes. None of the strings this program looks into has an escape. */
static slice text_of(slice string)
{
    if (string.text != NULL && string.length >= 2) {
        string.text++;
        string.length -= 2;
    }
    return string;
}

static slice number_of(slice image, const char *attribute)
{
    return text_of(member(member(image, attribute), "N"));
}

/* What the tests of the C library check with. Compiles as C99 and as C++11. */
#ifndef CHECK_H
#define CHECK_H

#include "streamtable.h"

/* Counts a failure, and tells of it, unless `condition` holds. The test goes on. */
#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

void check_that(int holds, const char *what, const char *file, int line);

/* Failures so far. */
int check_failures(void);

/* A database on a manual clock, with a seed. Ends the program if there is none. */
streamtable_database *check_open(void);

/* Runs an operation and checks its status. The caller frees the buffer. */
#define EXPECT(status, database, operation, input) \
    check_call((status), (database), (operation), (input), __FILE__, __LINE__)

streamtable_buffer *check_call(streamtable_status status,
                               const streamtable_database *database,
                               const char *operation,
                               const char *input,
                               const char *file,
                               int line);

/* Checks that a text has a part, and frees its buffer. */
#define HAS(buffer, part) check_has((buffer), (part), __FILE__, __LINE__)

void check_has(streamtable_buffer *buffer, const char *part, const char *file, int line);

/* The path of something new in the folder of the tests; ends the program if there is none or no room. */
void check_folder(const char *name, char *out, size_t size);

/* Copies the text of the first member `name` into `out`; ends the program if there is none or no room. */
void check_member(const streamtable_buffer *buffer, const char *name, char *out, size_t size);

/* The tests. */
void test_job(void);
void test_control(void);
void test_fork(void);
void test_remote(void);
void test_tool(void);
void test_reader(void);
void test_start(void);
void test_worker(void);
void test_misuse(void);
void test_about(void);
void test_large(void);
void test_directory(void);
void test_threads(void);

#endif

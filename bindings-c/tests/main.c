/* The tests of the C library: every one runs, each failure is told, the number of failures decides the exit status. */
#include <stdio.h>

#include "check.h"

int main(void) {
    test_about();
    test_job();
    test_control();
    test_fork();
    test_remote();
    test_tool();
    test_reader();
    test_start();
    test_worker();
    test_misuse();
    test_large();
    test_directory();
    test_threads();
    if (check_failures() > 0) {
        fprintf(stderr, "%d failed\n", check_failures());
        return 1;
    }
    puts("C library: all checks hold");
    return 0;
}

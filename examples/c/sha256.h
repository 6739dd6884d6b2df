/* SHA-256 (FIPS 180-4), so that the demo needs no other library. */
#ifndef DEMO_SHA256_H
#define DEMO_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t state[8];
    uint64_t length;
    unsigned char block[64];
} sha256;

void sha256_begin(sha256 *hash);
void sha256_add(sha256 *hash, const void *data, size_t length);
/* Writes 64 hexadecimal digits and a NUL. */
void sha256_end(sha256 *hash, char hex[65]);

#endif

/* Text -> lower-cased code points with their classes -> the keys of its n-grams.
 *
 * The n-grams are those of scikit-learn's CountVectorizer, to the letter: `\w\w+` words joined by one space, or
 * the windows of each whitespace-separated chunk padded with one space on either side (char_wb).
 *
 * A key is a polynomial of the code points modulo 2^64: key(s) = seed * P^n + s[0] * P^(n-1) + ... + s[n-1].
 * Windows extend by one multiplication, and the key of "two words" follows from those of its words.
 * tagger/flat.py holds the same arithmetic in Python; the two must agree bit for bit.
 */
#ifndef TAGGER_TEXT_H
#define TAGGER_TEXT_H

#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#define FACTOR UINT64_C(0x9E3779B97F4A7C15)

/* Spread a key over all 64 bits (the finisher of MurmurHash3, a bijection): the low bits choose the slot of a
 * table, the high ones are its fingerprint. */
INLINE uint64_t mixed(uint64_t key) {
    key ^= key >> 33;
    key *= UINT64_C(0xFF51AFD7ED558CCD);
    key ^= key >> 33;
    key *= UINT64_C(0xC4CEB9FE1A85EC53);
    return key ^ (key >> 33);
}

/* ---- Unicode: what str.lower, str.isalnum and str.isspace of the Python that wrote the tables say. */

enum {
    IS_WORD = 1,
    IS_SPACE = 2,
    IS_SPECIAL = 4,
    IS_UPPER = 8,
    IS_LOWER = 16,
    IS_UNSPACED = 32,
    IS_CHANGES = 64,
    IS_TONE = 128,
    CLASS_BITS = 8 /* tagger/characters.py says what they mean */
};
#define UNICODE_PAGES 4352 /* 0x110000 code points, 256 a page */

typedef struct {
    const uint16_t *page_of; /* (UNICODE_PAGES) */
    const uint32_t *entries; /* (pages, 256): (lower case - code point) * 256 + classes, modulo 2^32 */
} Unicode;

/* Read the tables; every page number is checked, since they may come from a hostile file. Entries need no check:
 * a false one gives a number that is only ever hashed. */
INLINE int unicode_take(Unicode *u, const void *memory, int64_t size) {
    const int64_t head = UNICODE_PAGES * 2, page = 256 * 4;
    if (size < head + page || (size - head) % page || (uintptr_t)memory % 4) return 0;
    u->page_of = memory;
    u->entries = (const uint32_t *)((const char *)memory + head);
    const int64_t pages = (size - head) / page;
    for (int k = 0; k < UNICODE_PAGES; k++)
        if (u->page_of[k] >= pages) return 0;
    return 1;
}

/* Lower-case code point << CLASS_BITS | classes. `code` is at most 0x10FFFF. */
INLINE uint32_t unicode_entry(const Unicode *u, uint32_t code) {
    return (code << CLASS_BITS) + u->entries[((uint32_t)u->page_of[code >> 8] << 8) | (code & 255)];
}

/* ---- A batch of texts, copied while the GIL is held, so that the rest runs without it. */

typedef struct {
    int64_t at, length;             /* the lower-cased text, in chars */
    int64_t plain_at, plain_length; /* the same without change of length: what terms are looked for in */
} Piece;

#define BEHIND 64 /* numbers that may be read behind a text: anything, and of no effect */

typedef struct {
    uint32_t *chars; /* code points, then what unicode_entry makes of them; BEHIND more may be read */
    int64_t used, room;
    Piece *pieces; /* (count) */
    int64_t count, pieces_room;
} Batch;

void batch_free(Batch *b);
/* Copy texts[from:to] until `limit` characters are full (at least one text). `analyse` is called for a text that
 * may not be its own analysed form; NULL where texts are analysed already. Texts with a character whose lower
 * case hangs on its neighbours or is longer than itself go through str.lower. Returns the number of texts, or -1
 * with an exception set. */
int64_t batch_read(Batch *b, PyObject *texts, Py_ssize_t from, Py_ssize_t to, int64_t limit, const Unicode *u,
                   PyObject *analyse);

/* ---- n-grams */

typedef struct {
    uint64_t *keys; /* (count) */
    int32_t *spans; /* (count, 2): start in the text, length, or NULL where nobody asks. A char_wb gram that
                       begins or ends with padding starts one character before its chunk, or ends one after. */
    int64_t count, room;
    int with_spans;
} Grams;

typedef struct {
    int is_char; /* char_wb instead of words */
    int least, most;
    uint64_t seed;
} NgramRule;

#define MOST_N 64 /* refuse n-grams longer than this: the fixed arrays below */

int ngram_rule(NgramRule *rule, int is_char, int least, int most, uint64_t seed);
void grams_free(Grams *g);
/* All n-grams of one text (of unicode_entry's numbers). 0 when memory runs out. Needs no GIL. */
int grams_read(Grams *g, const NgramRule *rule, const uint32_t *text, int64_t length);

#endif

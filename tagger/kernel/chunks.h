/* The chunks of texts (what stands between spaces) that were met before, and the rows of their n-grams.
 *
 * N-grams of characters stay within a chunk, and most chunks are words that return in text after text. What is kept
 * is exact, chunks are compared by their characters, and what was met in one text only is forgotten when the table is
 * full: scores do not hang on it, only the time they take.
 */
#ifndef TAGGER_CHUNKS_H
#define TAGGER_CHUNKS_H

#include "text.h"

#define CHUNK_BITS 17
#define CHUNK_SLOTS (1 << CHUNK_BITS) /* found by the high bits of a hash */
#define MOST_CHUNKS (CHUNK_SLOTS / 2)
#define CHUNK_CHARS 28 /* a longer chunk is not kept */
#define CHUNKS_READ 64 /* chunks of a text read at once, so that none waits for another's place in memory */
#define CHUNKS_AHEAD 8 /* of them, whose memory is asked for before they are looked for */

/* Two cache lines, where the table begins with one. */
typedef struct {
    uint32_t chars[CHUNK_CHARS];
    uint32_t rows_at; /* where its rows stand in `rows` of the table */
    uint32_t times;   /* how often it stands in the present text; 0 between texts */
    uint32_t texts;   /* that held it, the older ones counting less */
    uint16_t count;   /* of its rows: at most CHUNK_CHARS + 2 of each of MOST_N sizes */
    uint16_t length;  /* of its characters */
} Chunk;

typedef struct {
    void *memory;
    int32_t *slots;  /* (CHUNK_SLOTS): number of a chunk, plus one; 0 is free */
    Chunk *chunks;   /* (MOST_CHUNKS): as they were met, so that frequent ones lie together */
    int32_t *listed; /* (MOST_CHUNKS): chunks of the present text, each once, in the order of the text */
    int32_t *rows;
    int64_t count, listed_count, rows_used, rows_room;
    uint64_t factors[CHUNK_CHARS];   /* of the characters in a hash */
    uint32_t masks[2 * CHUNK_CHARS]; /* as many ones as zeros: all bits of the first `length` from the middle less it */
} Chunks;

/* A chunk of a text. */
typedef struct {
    int64_t at, length;
    uint64_t hash; /* of no meaning where it is longer than CHUNK_CHARS */
} Span;

/* A text on its way. It begins with `at`, `count` and `next` 0. */
typedef struct {
    int64_t at; /* up to where it is read */
    int count, next;
    Span spans[CHUNKS_READ];
} Reading;

void chunks_free(Chunks *c);
int chunks_begin(Chunks *c); /* 0 when memory runs out; a table that has begun stays as it is */
/* Make room: keep the chunks of several texts, as long as they are less than half of all. None may be listed. */
void chunks_forget(Chunks *c);
/* Where the rows of the next chunk are to be written, at most `most`; NULL when memory runs out. */
int32_t *chunks_room(Chunks *c, int64_t most);
/* Keep a chunk (not yet known) with `count` rows written to chunks_room, and list it. */
void chunks_add(Chunks *c, const uint32_t *text, Span span, int64_t count);

INLINE uint64_t chunks_slot(uint64_t hash) {
    return hash >> (64 - CHUNK_BITS);
}

/* Read the next chunks of a text, at most CHUNKS_READ. */
INLINE void chunks_read(const Chunks *c, const uint32_t *text, int64_t length, Reading *r) {
    int count = 0;
    int64_t at = r->at;
    while (at < length && count < CHUNKS_READ) {
        if (text[at] & IS_SPACE) {
            at++;
            continue;
        }
        const int64_t from = at, end = length - from < CHUNK_CHARS ? length : from + CHUNK_CHARS;
        uint64_t hash = 0; /* a sum: no multiplication waits for another */
        for (; at < end && !(text[at] & IS_SPACE); at++) hash += (text[at] >> CLASS_BITS) * c->factors[at - from];
        while (at < length && !(text[at] & IS_SPACE)) at++;
        PREFETCH(c->slots + chunks_slot(hash));
        r->spans[count++] = (Span){from, at - from, hash};
    }
    r->at = at;
    r->count = count;
    r->next = 0;
}

/* Ask for the memory of a chunk ahead. */
INLINE void chunks_prefetch(const Chunks *c, Span span) {
    const int32_t number = c->slots[chunks_slot(span.hash)];
    PREFETCH(c->chunks + number - (number > 0));
    PREFETCH((const char *)(c->chunks + number - (number > 0)) + 64);
}

/* The number of a chunk of at most CHUNK_CHARS, or -1. All characters are compared (there are as many to read behind
 * any text), so that there is no branch to guess. */
INLINE int32_t chunks_find(const Chunks *c, const uint32_t *text, Span span) {
    const uint32_t *mask = c->masks + CHUNK_CHARS - span.length;
    text += span.at;
    for (uint64_t slot = chunks_slot(span.hash);; slot++) {
        const int32_t number = c->slots[slot & (CHUNK_SLOTS - 1)] - 1;
        if (number < 0) return -1;
        const Chunk *chunk = c->chunks + number;
        uint32_t differ = chunk->length ^ (uint32_t)span.length;
        for (int k = 0; k < CHUNK_CHARS; k++) differ |= (chunk->chars[k] ^ text[k] >> CLASS_BITS) & mask[k];
        if (!differ) return number;
    }
}

INLINE void chunks_list(Chunks *c, int32_t number) {
    Chunk *chunk = c->chunks + number;
    if (chunk->times++) return;
    chunk->texts++;
    c->listed[c->listed_count++] = number;
}

/* List the chunks of a text up to one that is not known: 1, and *unknown gets it. 0 at the end of the text. */
INLINE int chunks_next(Chunks *c, const uint32_t *text, int64_t length, Reading *r, Span *unknown) {
    for (;;) {
        while (r->next < r->count) {
            const int j = r->next++;
            if (j + CHUNKS_AHEAD < r->count) chunks_prefetch(c, r->spans[j + CHUNKS_AHEAD]);
            const int32_t number = r->spans[j].length <= CHUNK_CHARS ? chunks_find(c, text, r->spans[j]) : -1;
            if (number < 0) {
                *unknown = r->spans[j];
                return 1;
            }
            chunks_list(c, number);
        }
        if (r->at >= length) return 0;
        chunks_read(c, text, length, r);
    }
}

#endif

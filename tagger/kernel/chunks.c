/* What is known of chunks met before; see chunks.h. */
#include "chunks.h"

#define LINE 64

void chunks_free(Chunks *c) {
    free(c->memory);
    free(c->slots);
    free(c->listed);
    free(c->rows);
    memset(c, 0, sizeof *c);
}

int chunks_begin(Chunks *c) {
    if (c->chunks) return 1;
    c->memory = malloc((MOST_CHUNKS + 1) * sizeof *c->chunks); /* pages that are not touched cost nothing */
    c->slots = calloc(CHUNK_SLOTS, sizeof *c->slots);
    c->listed = malloc(MOST_CHUNKS * sizeof *c->listed);
    if (!c->memory || !c->slots || !c->listed) {
        chunks_free(c);
        return 0;
    }
    c->chunks = (Chunk *)(((uintptr_t)c->memory + LINE - 1) / LINE * LINE);
    c->factors[0] = FACTOR;
    for (int k = 1; k < CHUNK_CHARS; k++) c->factors[k] = c->factors[k - 1] * FACTOR;
    for (int k = 0; k < CHUNK_CHARS; k++) c->masks[k] = UINT32_MAX;
    return 1;
}

static void take_slot(Chunks *c, uint64_t hash, int32_t number) {
    uint64_t slot = chunks_slot(hash);
    while (c->slots[slot]) slot = (slot + 1) & (CHUNK_SLOTS - 1);
    c->slots[slot] = number + 1;
}

void chunks_forget(Chunks *c) {
    const int64_t before = c->count;
    int64_t worth = 0;
    for (int64_t k = 0; k < before; k++) worth += c->chunks[k].texts > 1;
    if (worth > before / 2) worth = 0;
    memset(c->slots, 0, CHUNK_SLOTS * sizeof *c->slots);
    c->count = c->rows_used = 0;
    for (int64_t k = 0; worth && k < before; k++) {
        Chunk chunk = c->chunks[k];
        if (chunk.texts < 2) continue;
        memmove(c->rows + c->rows_used, c->rows + chunk.rows_at, chunk.count * sizeof *c->rows);
        chunk.rows_at = (uint32_t)c->rows_used;
        chunk.texts /= 2;
        c->rows_used += chunk.count;
        uint64_t hash = 0;
        for (int j = 0; j < chunk.length; j++) hash += chunk.chars[j] * c->factors[j];
        take_slot(c, hash, (int32_t)c->count);
        c->chunks[c->count++] = chunk;
    }
}

int32_t *chunks_room(Chunks *c, int64_t most) {
    if (c->rows_used + most + 1 > c->rows_room) {
        const int64_t room = (c->rows_used + most + 1) * 3 / 2 + 16384;
        int32_t *rows = realloc(c->rows, (size_t)room * sizeof *rows);
        if (!rows) return NULL;
        c->rows = rows;
        c->rows_room = room;
    }
    return c->rows + c->rows_used;
}

void chunks_add(Chunks *c, const uint32_t *text, Span span, int64_t count) {
    const int32_t number = (int32_t)c->count++;
    take_slot(c, span.hash, number);
    Chunk *chunk = c->chunks + number;
    memset(chunk, 0, sizeof *chunk);
    for (int64_t k = 0; k < span.length; k++) chunk->chars[k] = text[span.at + k] >> CLASS_BITS;
    chunk->rows_at = (uint32_t)c->rows_used;
    chunk->count = (uint16_t)count;
    chunk->length = (uint16_t)span.length;
    c->rows_used += count;
    chunks_list(c, number);
}

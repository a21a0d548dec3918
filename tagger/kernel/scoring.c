/* Texts -> margins with a stored model: n-grams, their rows, the taxonomy's terms.
 *
 * A scorer holds buffers of the model's file (usually a memory map) and scratch. The file may be hostile: sizes
 * are checked against each other when the scorer is made, what a buffer's content points at when it is used.
 * tagger/flat.py writes these arrays and says what they mean; tagger/engine/ has the twins of this code.
 */
#include "chunks.h"

#include <math.h>

/* A slot holds 40 bits of the spread key and the row + 1: a strange n-gram passes for a known one with a chance
 * of 2^-40 a look. */
#define SPREAD UINT64_C(0xD6E8FEB86659FD93)
#define ROW_MASK UINT64_C(0xFFFFFF)
#define LOOKS 32 /* n-grams of a text asked for ahead */

typedef struct {
    Py_buffer slots_view, rows_view;
    const uint64_t *slots; /* (size) */
    uint64_t size;
    const float *rows; /* (count, stride): idf, weights of the labels, zeros */
    int64_t count, stride;
    int probes; /* no feature lies further from its place than this */
    NgramRule rule;
} Block;

typedef struct {
    Py_buffer views[6];
    const uint64_t *keys;  /* (size): surfaces */
    const int32_t *values; /* (size): -1 free, else (term + 1) << 2 | capitals << 1 | unspaced; term 0: stop */
    uint64_t size;
    int probes;
    uint64_t seed;
    const int32_t *starts; /* (terms + 1): where a term's labels stand in `labels` */
    const int32_t *labels;
    const float *trust;    /* (terms): what a hit counts */
    const float *weights;   /* (L, L): column of label m -> margin of label l */
    int64_t terms;
    int longest_words, longest_chars;
} Concepts;

typedef struct {
    int64_t start, end;
    uint64_t sum, power;
} Token;

#define MOST_BLOCKS 8

typedef struct Scratch {
    Batch batch;
    Grams grams;
    Chunks chunks[MOST_BLOCKS]; /* of the blocks of characters: what is known of a chunk met before */
    uint32_t *tally;            /* (greatest count): how often a row was met; all 0 between texts */
    int32_t *rows;              /* (rows_room): those met */
    uint32_t *counts;           /* (rows_room): their tallies, one after another */
    int64_t rows_room;
    double *sum;     /* (stride) */
    double *columns; /* (L): concepts */
    Token *tokens;
    int64_t tokens_room;
    struct Scratch *next; /* among the spare ones */
} Scratch;

#define TABLE_OF_LOGS 1024

typedef struct {
    Py_buffer characters_view, intercept_view;
    Unicode unicode;
    Block blocks[MOST_BLOCKS];
    int block_count, has_words;
    Concepts concepts;
    int has_concepts;
    const double *intercept; /* (L) */
    int64_t L;
    double logs[TABLE_OF_LOGS]; /* 1 + ln tf */
    Scratch *spare; /* a list; taken and put back while the GIL is held (a free-threaded build is refused one) */
} Scorer;

static const char *const NAME = "tagger._kernel.Scorer";

/* ---- one text */

INLINE uint64_t slot_of(uint64_t spread, uint64_t size) {
    return (spread >> 32) * size >> 32;
}

/* The row of a key, or -1. */
INLINE int64_t row_of(const Block *b, uint64_t key) {
    const uint64_t spread = key * SPREAD;
    uint64_t slot = slot_of(spread, b->size);
    for (int look = 0; look <= b->probes; look++) {
        const uint64_t found = b->slots[slot];
        if (!found) return -1;
        if (!((found ^ (spread << 24)) & ~ROW_MASK)) {
            const int64_t row = (int64_t)(found & ROW_MASK) - 1;
            return row < b->count ? row : -1;
        }
        if (++slot == b->size) slot = 0;
    }
    return -1;
}

/* What a row's features weigh: (1 + ln tf) * idf. */
INLINE double value_of(const Scorer *s, uint32_t tf, const float *weights) {
    return (tf < TABLE_OF_LOGS ? s->logs[tf] : 1.0 + log((double)tf)) * (double)weights[0];
}

/* Add the rows met, each times its value; returns the squared length of the block's vector. Four rows are added
 * in single precision before the sum is, in double: their error is one of 1e-7 of themselves, and does not grow
 * with the text. */
CLONES static double add_rows(const Block *b, const Scorer *s, Scratch *x, int64_t touched) {
    double *restrict sum = x->sum;
    const int64_t stride = b->stride;
    const int32_t *rows = x->rows;
    const uint32_t *tf = x->counts;
    double square = 0.0;
    int64_t k = 0;
    for (; k + 4 <= touched; k += 4) {
        for (int64_t ahead = k + 8; ahead < k + 12 && ahead < touched; ahead++)
            for (int64_t l = 0; l < stride; l += 16) PREFETCH(b->rows + rows[ahead] * stride + l);
        const float *restrict w0 = b->rows + rows[k] * stride, *restrict w1 = b->rows + rows[k + 1] * stride;
        const float *restrict w2 = b->rows + rows[k + 2] * stride, *restrict w3 = b->rows + rows[k + 3] * stride;
        const double v0 = value_of(s, tf[k], w0), v1 = value_of(s, tf[k + 1], w1);
        const double v2 = value_of(s, tf[k + 2], w2), v3 = value_of(s, tf[k + 3], w3);
        square += v0 * v0 + v1 * v1 + v2 * v2 + v3 * v3;
        const float f0 = (float)v0, f1 = (float)v1, f2 = (float)v2, f3 = (float)v3;
        for (int64_t l = 0; l < stride; l++)
            sum[l] += (double)(f0 * w0[l] + f1 * w1[l] + f2 * w2[l] + f3 * w3[l]);
    }
    for (; k < touched; k++) {
        const float *restrict weights = b->rows + rows[k] * stride;
        const double value = value_of(s, tf[k], weights);
        square += value * value;
        for (int64_t l = 0; l < stride; l++) sum[l] += value * (double)weights[l];
    }
    return square;
}

/* The same with the eight floats of a small model's row in registers. */
CLONES static double add_rows_8(const Block *b, const Scorer *s, Scratch *x, int64_t touched) {
    double sum[8] = {0}, square = 0.0;
    for (int64_t k = 0; k < touched; k++) {
        if (k + LOOKS < touched) PREFETCH(b->rows + (int64_t)x->rows[k + LOOKS] * 8);
        const float *weights = b->rows + (int64_t)x->rows[k] * 8;
        const double value = value_of(s, x->counts[k], weights);
        square += value * value;
        for (int l = 0; l < 8; l++) sum[l] += value * (double)weights[l];
    }
    memcpy(x->sum, sum, sizeof sum);
    return square;
}

/* Room for `wanted` rows met. */
static int rows_room(Scratch *x, int64_t wanted) {
    if (wanted <= x->rows_room) return 1;
    const int64_t room = wanted * 3 / 2;
    int32_t *rows = realloc(x->rows, (size_t)room * sizeof *rows);
    if (!rows) return 0;
    x->rows = rows;
    uint32_t *counts = realloc(x->counts, (size_t)room * sizeof *counts);
    if (!counts) return 0;
    x->counts = counts;
    x->rows_room = room;
    return 1;
}

/* Write the rows of the n-grams just read to `rows`, those that are known; returns their number. One more than that
 * may be written, and not stay. */
static int64_t look_up(const Block *b, const Grams *grams, int32_t *rows) {
    const int64_t count = grams->count;
    const uint64_t *keys = grams->keys;
    int64_t known = 0;
    for (int64_t k = 0; k < count && k < LOOKS; k++) PREFETCH(b->slots + slot_of(keys[k] * SPREAD, b->size));
    for (int64_t k = 0; k < count; k++) {
        if (k + LOOKS < count) PREFETCH(b->slots + slot_of(keys[k + LOOKS] * SPREAD, b->size));
        const int64_t row = row_of(b, keys[k]);
        rows[known] = (int32_t)row;
        known += row >= 0;
    }
    return known;
}

/* Tally the n-grams of a text one by one. Returns the number known (with repeats), or -1; x->rows gets those that
 * differ, in the order in which they are met. */
static int64_t tally_grams(const Block *b, Scratch *x, const uint32_t *text, int64_t length, int64_t *touched) {
    if (!grams_read(&x->grams, &b->rule, text, length) || !rows_room(x, x->grams.count + 1)) return -1;
    /* Loops of their own, so that none waits for another's misses. `touched` never passes k: only what was read is
     * overwritten. */
    int32_t *rows = x->rows;
    const int64_t known = look_up(b, &x->grams, rows);
    int64_t differ = 0;
    for (int64_t k = 0; k < known; k++) {
        if (k + LOOKS < known) PREFETCH(x->tally + rows[k + LOOKS]);
        const int32_t row = rows[k];
        rows[differ] = row;
        differ += !x->tally[row]++;
    }
    *touched = differ;
    return known;
}

/* Tally rows that stand `times` times in a text. 0 when memory runs out. */
static int tally_rows(Scratch *x, const int32_t *list, int64_t count, uint32_t times, int64_t *touched) {
    int64_t differ = *touched;
    if (!rows_room(x, differ + count + 1)) return 0;
    int32_t *restrict rows = x->rows;
    uint32_t *restrict tally = x->tally;
    for (int64_t j = 0; j < count; j++) {
        const int32_t row = list[j];
        rows[differ] = row;
        differ += !tally[row];
        tally[row] += times;
    }
    *touched = differ;
    return 1;
}

/* Tally what the chunks listed so far hold, each as often as it stood in the text: rows are met in the same order as
 * one by one, whatever was known before the text. */
static int tally_listed(Chunks *c, Scratch *x, int64_t *touched, int64_t *known) {
    for (int64_t k = 0; k < c->listed_count; k++) {
        if (k + 4 < c->listed_count) PREFETCH(c->rows + c->chunks[c->listed[k + 4]].rows_at);
        Chunk *chunk = c->chunks + c->listed[k];
        if (!tally_rows(x, c->rows + chunk->rows_at, chunk->count, chunk->times, touched)) return 0;
        *known += (int64_t)chunk->times * chunk->count;
        chunk->times = 0;
    }
    c->listed_count = 0;
    return 1;
}

/* Tally a chunk that is not known, and keep it where it is short enough. 0 when memory runs out. */
static int tally_new(const Block *b, Chunks *c, Scratch *x, const uint32_t *text, Span span, int64_t *touched,
                     int64_t *known) {
    const int kept = span.length <= CHUNK_CHARS;
    if ((!kept || c->count == MOST_CHUNKS) && !tally_listed(c, x, touched, known)) return 0;
    if (c->count == MOST_CHUNKS) chunks_forget(c);
    if (!grams_read(&x->grams, &b->rule, text + span.at, span.length)) return 0;
    int32_t *rows = chunks_room(c, x->grams.count);
    if (!rows) return 0;
    const int64_t count = look_up(b, &x->grams, rows);
    if (kept) {
        chunks_add(c, text, span, count);
        return 1;
    }
    *known += count;
    return tally_rows(x, rows, count, 1, touched);
}

/* The same as tally_grams for char_wb, whose n-grams do not pass the bounds of a chunk: most chunks of a text are
 * words that stood in an earlier one, and their rows are kept. */
static int64_t tally_chunks(const Block *b, Chunks *c, Scratch *x, const uint32_t *text, int64_t length,
                            int64_t *touched) {
    Reading reading;
    Span unknown;
    int64_t known = 0;
    reading.at = reading.count = reading.next = 0;
    *touched = 0;
    if (!chunks_begin(c)) return -1;
    while (chunks_next(c, text, length, &reading, &unknown))
        if (!tally_new(b, c, x, text, unknown, touched, &known)) return -1;
    return tally_listed(c, x, touched, &known) ? known : -1;
}

/* One block's share of the margins. Returns the number of n-grams known (with repeats), or -1. */
static int64_t score_block(const Block *b, const Scorer *s, Chunks *chunks, Scratch *x, const uint32_t *text,
                           int64_t length, double *margins) {
    int64_t touched = 0;
    const int64_t known = b->rule.is_char ? tally_chunks(b, chunks, x, text, length, &touched)
                                          : tally_grams(b, x, text, length, &touched);
    if (known < 0) return -1;
    for (int64_t k = 0; k < touched; k++) {
        x->counts[k] = x->tally[x->rows[k]];
        x->tally[x->rows[k]] = 0;
    }
    if (!touched) return 0;
    memset(x->sum, 0, (size_t)b->stride * sizeof *x->sum);
    const double square = b->stride == 8 ? add_rows_8(b, s, x, touched) : add_rows(b, s, x, touched);
    if (square > 0.0) {
        const double scale = 1.0 / sqrt(square);
        for (int64_t l = 0; l < s->L; l++) margins[l] += x->sum[l + 1] * scale;
    }
    return known;
}

/* ---- terms: tagger/terms.py `hits`, on the text's plain form */

/* The value of a surface, or -1. */
static int32_t surface(const Concepts *c, uint64_t key) {
    uint64_t slot = slot_of(key * SPREAD, c->size);
    for (int look = 0; look <= c->probes; look++) {
        const int32_t value = c->values[slot];
        if (value < 0) return -1;
        if (c->keys[slot] == key) return value;
        if (++slot == c->size) slot = 0;
    }
    return -1;
}

/* str.isupper: cased characters, and all of them capitals. */
static int in_capitals(const uint32_t *text, int64_t start, int64_t end) {
    uint32_t upper = 0;
    for (int64_t k = start; k < end; k++) {
        if (text[k] & IS_LOWER) return 0;
        upper |= text[k] & IS_UPPER;
    }
    return upper != 0;
}

static int counts_here(int32_t value, const uint32_t *text, int64_t start, int64_t end) {
    return value >= 0 && (!(value & 2) || in_capitals(text, start, end));
}

/* The longest surface at `start`: its end, or 0; *value gets what it stands for. `token` is the word that begins
 * here, or NULL. */
static int64_t longest(const Concepts *c, const uint32_t *text, int64_t length, const Token *token,
                       const Token *last, int64_t start, int reach, int32_t *value) {
    int64_t best = 0;
    uint64_t sum = 0, power = 1;
    for (int n = 0; token && n < c->longest_words && token + n < last; n++) {
        const Token *t = token + n;
        sum = n ? (sum * FACTOR + ' ') * t->power + t->sum : t->sum;
        power *= n ? FACTOR * t->power : t->power;
        const int32_t found = surface(c, sum + c->seed * power);
        if (counts_here(found, text, start, t->end)) {
            best = t->end;
            *value = found;
        }
    }
    uint64_t key = c->seed;
    for (int64_t end = start + 1; end <= length && end <= start + reach; end++) {
        key = key * FACTOR + (text[end - 1] >> CLASS_BITS);
        if (end <= best) continue;
        const int32_t found = surface(c, key);
        if ((found & 1) && counts_here(found, text, start, end)) {
            best = end;
            *value = found;
        }
    }
    return best;
}

static int64_t read_tokens(Scratch *x, const uint32_t *text, int64_t length) {
    if (length / 2 + 1 > x->tokens_room) {
        const int64_t room = length + 64;
        Token *tokens = realloc(x->tokens, (size_t)room * sizeof *tokens);
        if (!tokens) return -1;
        x->tokens = tokens;
        x->tokens_room = room;
    }
    int64_t count = 0, k = 0;
    while (k < length) {
        if (!(text[k] & IS_WORD)) {
            k++;
            continue;
        }
        Token t = {k, k, 0, 1};
        for (; k < length && (text[k] & IS_WORD); k++) {
            t.sum = t.sum * FACTOR + (text[k] >> CLASS_BITS);
            t.power *= FACTOR;
        }
        t.end = k;
        x->tokens[count++] = t;
    }
    return count;
}

/* The concepts' share of the margins. Returns the number of hits, or -1. */
static int64_t score_concepts(const Concepts *c, int64_t L, Scratch *x, const uint32_t *text, int64_t length,
                              double *margins) {
    const int64_t tokens = read_tokens(x, text, length);
    if (tokens < 0) return -1;
    uint32_t classes = 0;
    for (int64_t k = 0; c->longest_chars && k < length; k++) classes |= text[k];
    const int reach = (classes & IS_UNSPACED) ? c->longest_chars : 0;
    memset(x->columns, 0, (size_t)L * sizeof *x->columns);
    int64_t hits = 0, free_from = 0, next = 0;
    const Token *last = x->tokens + tokens;
    for (int64_t k = 0; k < length; k++) {
        if (!reach) { /* only words can begin a surface */
            if (next == tokens) break;
            k = x->tokens[next].start;
        }
        const Token *token = NULL;
        if (next < tokens && x->tokens[next].start == k) token = x->tokens + next++;
        else if (!(text[k] & IS_UNSPACED)) continue;
        if (k < free_from) continue;
        int32_t value = -1;
        const int64_t end = longest(c, text, length, token, last, k, reach, &value);
        if (!end) continue;
        free_from = end;
        const int64_t term = (value >> 2) - 1;
        if (term < 0 || term >= c->terms) continue; /* a stop term; or a hostile file */
        hits++;
        for (int32_t p = c->starts[term]; p < c->starts[term + 1]; p++)
            x->columns[c->labels[p]] += (double)c->trust[term];
    }
    for (int64_t m = 0; hits && m < L; m++) {
        if (x->columns[m] == 0.0) continue;
        const double value = log1p(x->columns[m]);
        for (int64_t l = 0; l < L; l++) margins[l] += value * (double)c->weights[m * L + l];
    }
    return hits;
}

/* Margins (L) of one text; returns how much of it the model knows, or -1. */
static int64_t score(const Scorer *s, Scratch *x, const Piece *piece, double *margins) {
    const uint32_t *text = x->batch.chars + piece->at;
    int64_t known = 0;
    memcpy(margins, s->intercept, (size_t)s->L * sizeof *margins);
    for (int k = 0; k < s->block_count; k++) {
        const int64_t found = score_block(&s->blocks[k], s, x->chunks + k, x, text, piece->length, margins);
        if (found < 0) return -1;
        /* n-grams of characters are known in any language that shares the script: they tell nothing. */
        if (!s->has_words || !s->blocks[k].rule.is_char) known += found;
    }
    if (s->has_concepts) {
        const uint32_t *plain = x->batch.chars + piece->plain_at;
        const int64_t hits = score_concepts(&s->concepts, s->L, x, plain, piece->plain_length, margins);
        if (hits < 0) return -1;
        known += hits;
    }
    return known < INT32_MAX ? known : INT32_MAX;
}

/* ---- making and freeing */

static void scratch_free(Scratch *x) {
    if (!x) return;
    batch_free(&x->batch);
    grams_free(&x->grams);
    for (int k = 0; k < MOST_BLOCKS; k++) chunks_free(x->chunks + k);
    free(x->tally);
    free(x->rows);
    free(x->counts);
    free(x->sum);
    free(x->columns);
    free(x->tokens);
    free(x);
}

static Scratch *scratch_new(const Scorer *s) {
    int64_t count = 1, stride = 8;
    for (int k = 0; k < s->block_count; k++) {
        if (s->blocks[k].count > count) count = s->blocks[k].count;
        if (s->blocks[k].stride > stride) stride = s->blocks[k].stride;
    }
    Scratch *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    x->tally = calloc((size_t)count, sizeof *x->tally);
    x->sum = calloc((size_t)stride, sizeof *x->sum);
    x->columns = calloc((size_t)s->L, sizeof *x->columns);
    if (x->tally && x->sum && x->columns) return x;
    scratch_free(x);
    return NULL;
}

static void scorer_free(Scorer *s) {
    for (Scratch *x = s->spare, *next; x; x = next) {
        next = x->next;
        scratch_free(x);
    }
    if (s->characters_view.obj) PyBuffer_Release(&s->characters_view);
    if (s->intercept_view.obj) PyBuffer_Release(&s->intercept_view);
    for (int k = 0; k < MOST_BLOCKS; k++) {
        if (s->blocks[k].slots_view.obj) PyBuffer_Release(&s->blocks[k].slots_view);
        if (s->blocks[k].rows_view.obj) PyBuffer_Release(&s->blocks[k].rows_view);
    }
    for (int k = 0; k < 6; k++)
        if (s->concepts.views[k].obj) PyBuffer_Release(&s->concepts.views[k]);
    free(s);
}

static void scorer_delete(PyObject *capsule) {
    scorer_free(PyCapsule_GetPointer(capsule, NAME));
}

/* A table's size in slots of 8 bytes, or 0 where it is not one. */
static uint64_t table_size(const Py_buffer *view) {
    const uint64_t size = (uint64_t)view->len / 8;
    return view->len % 8 || (uintptr_t)view->buf % 8 || size > UINT64_C(1) << 31 ? 0 : size;
}

static int take_block(Block *b, PyObject *parts, int64_t L) {
    int is_char, least, most;
    unsigned long long seed;
    long long stride;
    if (!PyArg_ParseTuple(parts, "y*y*piiKLi", &b->slots_view, &b->rows_view, &is_char, &least, &most, &seed,
                          &stride, &b->probes))
        return 0;
    b->slots = b->slots_view.buf;
    b->rows = b->rows_view.buf;
    b->size = table_size(&b->slots_view);
    b->stride = stride;
    if (stride < L + 1 || stride > INT32_MAX || b->rows_view.len % (stride * 4) || (uintptr_t)b->rows % 4) return 0;
    b->count = b->rows_view.len / (stride * 4);
    return b->size && b->count < (int64_t)ROW_MASK && b->probes >= 0
           && ngram_rule(&b->rule, is_char, least, most, seed);
}

static int take_concepts(Concepts *c, PyObject *parts, int64_t L) {
    unsigned long long seed;
    Py_buffer *v = c->views;
    if (!PyArg_ParseTuple(parts, "y*y*y*y*y*y*Kiii", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &seed, &c->probes,
                          &c->longest_words, &c->longest_chars))
        return 0;
    c->keys = v[0].buf;
    c->values = v[1].buf;
    c->starts = v[2].buf;
    c->labels = v[3].buf;
    c->trust = v[4].buf;
    c->weights = v[5].buf;
    c->seed = seed;
    c->size = table_size(&v[0]);
    c->terms = v[2].len / 4 - 1;
    for (int k = 1; k < 6; k++)
        if (v[k].len % 4 || (uintptr_t)v[k].buf % 4) return 0;
    if (!c->size || v[1].len != v[0].len / 2 || c->terms < 0 || v[4].len != c->terms * 4 || v[5].len != L * L * 4
        || c->probes < 0 || c->longest_words < 0 || c->longest_chars < 0)
        return 0;
    const int64_t pairs = v[3].len / 4;
    if (c->starts[0] != 0 || c->starts[c->terms] != pairs) return 0;
    for (int64_t k = 0; k < c->terms; k++)
        if (c->starts[k] > c->starts[k + 1]) return 0;
    for (int64_t k = 0; k < pairs; k++)
        if (c->labels[k] < 0 || c->labels[k] >= L) return 0;
    return 1;
}

/* scorer(characters, intercept, blocks, concepts or None) */
PyObject *tagger_scorer(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *blocks, *concepts;
    Scorer *s = calloc(1, sizeof *s);
    if (!s) return PyErr_NoMemory();
    if (!PyArg_ParseTuple(args, "y*y*OO", &s->characters_view, &s->intercept_view, &blocks, &concepts)) {
        scorer_free(s);
        return NULL;
    }
    s->intercept = s->intercept_view.buf;
    s->L = s->intercept_view.len / 8;
    const Py_ssize_t count = PyTuple_Size(blocks);
    int fine = count >= 0 && count <= MOST_BLOCKS && s->intercept_view.len % 8 == 0
               && (uintptr_t)s->intercept % 8 == 0 && s->L < 1 << 24
               && unicode_take(&s->unicode, s->characters_view.buf, s->characters_view.len);
    for (Py_ssize_t k = 0; fine && k < count; k++) {
        fine = take_block(&s->blocks[k], PyTuple_GetItem(blocks, k), s->L);
        s->block_count = (int)k + 1;
        if (fine && !s->blocks[k].rule.is_char) s->has_words = 1;
    }
    if (fine && concepts != Py_None) fine = s->has_concepts = take_concepts(&s->concepts, concepts, s->L);
    if (!fine) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        scorer_free(s);
        return NULL;
    }
    for (int tf = 1; tf < TABLE_OF_LOGS; tf++) s->logs[tf] = 1.0 + log((double)tf);
    return PyCapsule_New(s, NAME, scorer_delete);
}

/* score(scorer, texts, analyse, margins, known): fill margins (n, L) of double and known (n) of int32. */
PyObject *tagger_score(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsule, *texts, *analyse;
    Py_buffer out, known;
    if (!PyArg_ParseTuple(args, "OOOw*w*", &capsule, &texts, &analyse, &out, &known)) return NULL;
    Scorer *s = PyCapsule_GetPointer(capsule, NAME);
    const Py_ssize_t total = s ? PySequence_Size(texts) : -1;
    Scratch *x = NULL;
    int fine = 0;
    if (total < 0) goto done;
    if (out.len != total * s->L * 8 || known.len != total * 4
        || (total && ((uintptr_t)out.buf % 8 || (uintptr_t)known.buf % 4))) {
        PyErr_SetString(PyExc_ValueError, "tagger._kernel: sizes do not fit");
        goto done;
    }
    x = s->spare;
    if (x) s->spare = x->next;
    if (!x && !(x = scratch_new(s))) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t at = 0; at < total;) {
        const int64_t read = batch_read(&x->batch, texts, at, total, 1 << 18, &s->unicode, analyse);
        if (read < 0) goto done;
        int memory = 1;
        Py_BEGIN_ALLOW_THREADS
        for (int64_t k = 0; memory && k < read; k++) {
            const int64_t found = score(s, x, x->batch.pieces + k, (double *)out.buf + (at + k) * s->L);
            ((int32_t *)known.buf)[at + k] = (int32_t)found;
            memory = found >= 0;
        }
        Py_END_ALLOW_THREADS
        if (!memory) {
            PyErr_NoMemory();
            goto done;
        }
        at += (Py_ssize_t)read;
    }
    fine = 1;
done:
    if (x && fine) {
        x->next = s->spare;
        s->spare = x;
    } else scratch_free(x);
    PyBuffer_Release(&out);
    PyBuffer_Release(&known);
    if (!fine) return NULL;
    Py_INCREF(Py_None);
    return Py_None;
}

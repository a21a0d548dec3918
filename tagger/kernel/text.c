/* Batches of texts and their n-grams; see text.h. */
#include "text.h"

void batch_free(Batch *b) {
    free(b->chars);
    free(b->pieces);
    memset(b, 0, sizeof *b);
}

/* Append one string, its characters as entries. Returns its length, or -1 with an exception set; `seen` gets the
 * classes that occur. */
static int64_t append(Batch *b, PyObject *text, const Unicode *u, uint32_t *seen) {
    const Py_ssize_t length = PyUnicode_GetLength(text);
    if (length < 0) return -1;
    if (length > INT32_MAX / 2) {
        PyErr_SetString(PyExc_OverflowError, "a text of more than 2**30 characters");
        return -1;
    }
    if (b->used + length + BEHIND > b->room) {
        const int64_t room = (b->used + length + BEHIND) * 3 / 2 + 1024;
        uint32_t *chars = realloc(b->chars, (size_t)room * sizeof *chars);
        if (!chars) {
            PyErr_NoMemory();
            return -1;
        }
        b->chars = chars;
        b->room = room;
    }
    uint32_t *chars = b->chars + b->used, classes = 0;
    if (length && !PyUnicode_AsUCS4(text, chars, length, 0)) return -1;
    const uint32_t *first_page = u->entries + ((uint32_t)u->page_of[0] << 8);
    for (int64_t k = 0; k < length; k++) {
        const uint32_t code = chars[k];
        chars[k] = LIKELY(code < 256) ? (code << CLASS_BITS) + first_page[code] : unicode_entry(u, code);
        classes |= chars[k];
    }
    *seen = classes;
    b->used += length;
    return length;
}

/* The vowel under a tone mark at the end of a syllable, and the vowel before it with that mark: `normalise.analysed`
 * writes "hoà" as "hòa". Grave, acute, hook, tilde, dot. */
static const uint16_t TONES[3][5] = {
    {0xE0, 0xE1, 0x1EA3, 0xE3, 0x1EA1}, {0xE8, 0xE9, 0x1EBB, 0x1EBD, 0x1EB9}, {0x1EF3, 0xFD, 0x1EF7, 0x1EF9, 0x1EF5}};
static const uint16_t PLACED_O[5] = {0xF2, 0xF3, 0x1ECF, 0xF5, 0x1ECD};
static const uint16_t PLACED_U[5] = {0xF9, 0xFA, 0x1EE7, 0x169, 0x1EE5};

/* Place one tone mark, if it stands on the second vowel and the rules move it. */
static void place_tone(uint32_t *first, uint32_t *second) {
    const uint32_t before = *first >> CLASS_BITS, marked = *second >> CLASS_BITS;
    for (int v = 0; v < 3; v++)
        for (int t = 0; t < 5; t++) {
            if (marked != TONES[v][t] || before != (v < 2 ? 'o' : 'u')) continue;
            const uint32_t classes = (1u << CLASS_BITS) - 1;
            *first = (uint32_t)(v < 2 ? PLACED_O : PLACED_U)[t] << CLASS_BITS | (*first & classes);
            *second = (uint32_t)"aey"[v] << CLASS_BITS | (*second & classes);
            return;
        }
}

#define TOGETHER 8 /* characters looked at together */

/* Place the tone marks of words that end in one. Only for texts that need nothing else of `analysed`. */
static void place_tones(uint32_t *chars, int64_t length) {
    for (int64_t from = 0; from < length; from += TOGETHER) {
        const int64_t to = from + TOGETHER < length ? from + TOGETHER : length;
        uint32_t seen = 0; /* most have none: a loop without branches tells */
        if (LIKELY(to - from == TOGETHER))
            for (int k = 0; k < TOGETHER; k++) seen |= chars[from + k];
        else
            for (int64_t k = from; k < to; k++) seen |= chars[k];
        if (!(seen & IS_TONE)) continue;
        for (int64_t k = from > 0 ? from : 1; k < to; k++) {
            const uint32_t before = chars[k - 1] >> CLASS_BITS;
            if (!(chars[k] & IS_TONE) || (before != 'o' && before != 'u')) continue;
            if (k + 1 < length && (chars[k + 1] & IS_WORD)) continue;
            /* In "quý" the u belongs to the consonant. */
            if (k > 1 && chars[k - 2] >> CLASS_BITS == 'q') continue;
            place_tone(chars + k - 1, chars + k);
        }
    }
}

/* A special text: append what str.lower makes of it, and give its plain form the lower-case letters too, where
 * they are as many; each keeps the classes of case of the letter as written. */
static int append_lowered(Batch *b, PyObject *text, const Unicode *u, Piece *piece) {
    uint32_t seen;
    PyObject *lower = PyObject_CallMethod(text, "lower", NULL);
    if (!lower) return 0;
    piece->at = b->used;
    piece->length = append(b, lower, u, &seen);
    Py_DECREF(lower);
    if (piece->length < 0) return 0;
    const uint32_t *from = b->chars + piece->at, written = IS_UPPER | IS_LOWER;
    uint32_t *to = b->chars + piece->plain_at;
    for (int64_t k = 0; k < piece->plain_length; k++) {
        if (piece->length == piece->plain_length) to[k] = (from[k] & ~written) | (to[k] & written);
        else if (to[k] >> CLASS_BITS == 0x3A3) to[k] += (0x3C3 - 0x3A3) << CLASS_BITS; /* a sigma alone */
    }
    return 1;
}

static int read_text(Batch *b, PyObject *text, const Unicode *u, PyObject *analyse) {
    if (b->count == b->pieces_room) {
        const int64_t room = b->pieces_room * 2 + 64;
        Piece *pieces = realloc(b->pieces, (size_t)room * sizeof *pieces);
        if (!pieces) {
            PyErr_NoMemory();
            return 0;
        }
        b->pieces = pieces;
        b->pieces_room = room;
    }
    const int64_t at = b->used;
    uint32_t seen;
    int64_t length = append(b, text, u, &seen);
    if (length < 0) return 0;
    PyObject *analysed = NULL;
    if (analyse && (seen & (IS_CHANGES | IS_TONE))) {
        if (seen & (IS_CHANGES | IS_SPECIAL)) {
            analysed = PyObject_CallFunctionObjArgs(analyse, text, NULL);
            if (!analysed) return 0;
            text = analysed;
            b->used = at;
            length = append(b, text, u, &seen);
        } else place_tones(b->chars + at, length);
    }
    Piece *piece = b->pieces + b->count++;
    *piece = (Piece){at, length, at, length};
    const int fine = length >= 0 && (!(seen & IS_SPECIAL) || append_lowered(b, text, u, piece));
    Py_XDECREF(analysed);
    return fine;
}

int64_t batch_read(Batch *b, PyObject *texts, Py_ssize_t from, Py_ssize_t to, int64_t limit, const Unicode *u,
                   PyObject *analyse) {
    b->count = b->used = 0;
    for (Py_ssize_t k = from; k < to; k++) {
        PyObject *text = PySequence_GetItem(texts, k);
        if (!text) return -1;
        const int string = PyUnicode_Check(text);
        if (!string) PyErr_SetString(PyExc_TypeError, "texts have to be strings");
        const int fine = string && read_text(b, text, u, analyse);
        Py_DECREF(text);
        if (!fine) return -1;
        if (b->used >= limit) break;
    }
    return b->count;
}

void grams_free(Grams *g) {
    free(g->keys);
    free(g->spans);
    memset(g, 0, sizeof *g);
}

int ngram_rule(NgramRule *rule, int is_char, int least, int most, uint64_t seed) {
    if (least < 1 || most < least || most > MOST_N) return 0;
    *rule = (NgramRule){is_char, least, most, seed};
    return 1;
}

static int grams_room(Grams *g, int64_t wanted) {
    if (wanted <= g->room) return 1;
    const int64_t room = wanted * 3 / 2;
    uint64_t *keys = realloc(g->keys, (size_t)room * sizeof *keys);
    if (!keys) return 0;
    g->keys = keys;
    if (g->with_spans) {
        int32_t *spans = realloc(g->spans, (size_t)room * 2 * sizeof *spans);
        if (!spans) return 0;
        g->spans = spans;
    }
    g->room = room;
    return 1;
}

INLINE void put(Grams *g, int64_t *count, uint64_t key, int64_t start, int64_t length, int with_spans) {
    g->keys[*count] = key;
    if (with_spans) {
        g->spans[2 * *count] = (int32_t)start;
        g->spans[2 * *count + 1] = (int32_t)length;
    }
    ++*count;
}

typedef struct {
    uint64_t sum, power; /* the polynomial of the word without the seed; P^length */
    int64_t start;
} Word;

INLINE int64_t words(Grams *g, const NgramRule *rule, const uint32_t *text, int64_t length, int with_spans) {
    Word last[MOST_N] = {{0, 0, 0}}; /* the words before this one, a ring */
    int64_t count = 0, seen = 0, k = 0;
    while (k < length) {
        if (!(text[k] & IS_WORD)) {
            k++;
            continue;
        }
        const int64_t start = k;
        uint64_t sum = 0, power = 1;
        for (; k < length && (text[k] & IS_WORD); k++) {
            sum = sum * FACTOR + (text[k] >> CLASS_BITS);
            power *= FACTOR;
        }
        if (k - start < 2) continue;
        last[seen % MOST_N] = (Word){sum, power, start};
        seen++;
        /* From this word back: the n-grams that end here. Sums join as strings do: a + " " + b. */
        uint64_t joined = sum, joined_power = power;
        for (int n = 1; n <= rule->most && n <= seen; n++) {
            const Word *first = &last[(seen - n) % MOST_N];
            if (n > 1) {
                joined += ' ' * joined_power + first->sum * joined_power * FACTOR;
                joined_power *= first->power * FACTOR;
            }
            if (n >= rule->least)
                put(g, &count, joined + rule->seed * joined_power, first->start, k - first->start, with_spans);
        }
    }
    return count;
}

#define SHORT 64 /* a chunk that is read at once, padding included */

INLINE int64_t windows(Grams *g, const NgramRule *rule, const uint32_t *text, int64_t length, int with_spans) {
    const int least = rule->least, most = rule->most;
    uint64_t powers[MOST_N + 1] = {1}; /* FACTOR^n */
    uint64_t sums[SHORT + 1 + MOST_N] = {0};
    for (int n = 1; n <= most; n++) powers[n] = powers[n - 1] * FACTOR;
    int64_t count = 0, k = 0;
    while (k < length) {
        if (text[k] & IS_SPACE) {
            k++;
            continue;
        }
        int64_t from = k;
        while (k < length && !(text[k] & IS_SPACE)) k++;
        const int64_t size = k - from + 2; /* padded */
        from--;                            /* the padding before the chunk: from may be -1 */
        if (!with_spans && size >= least && size <= SHORT) {
            /* Sums of the chunk from its start: a window's key is the difference of two. Every window of every size
             * is written, and stays if it ends within the chunk: no branch to guess. */
            sums[1] = ' ';
            for (int64_t j = 1; j < size - 1; j++) sums[j + 1] = sums[j] * FACTOR + (text[from + j] >> CLASS_BITS);
            sums[size] = sums[size - 1] * FACTOR + ' ';
            for (int64_t i = 0; i + least <= size; i++) {
                const uint64_t before = rule->seed - sums[i];
                for (int n = least; n <= most; n++) {
                    g->keys[count] = sums[i + n] + before * powers[n];
                    count += i + n <= size;
                }
            }
            continue;
        }
        const int64_t reach = size < least ? size : least; /* a chunk shorter than `least` counts once, whole */
        for (int64_t i = 0; i + reach <= size; i++) {
            uint64_t key = rule->seed;
            const int64_t end = i + most < size ? i + most : size;
            for (int64_t j = i; j < end; j++) {
                const uint32_t c = j == 0 || j == size - 1 ? ' ' : text[from + j] >> CLASS_BITS;
                key = key * FACTOR + c;
                if (j - i + 1 >= reach) put(g, &count, key, from + i, j - i + 1, with_spans);
            }
        }
    }
    return count;
}

int grams_read(Grams *g, const NgramRule *rule, const uint32_t *text, int64_t length) {
    /* At most one n-gram of each size begins at each character, padding included. */
    const int64_t sizes = rule->most - rule->least + 1;
    const int64_t starts = rule->is_char ? 2 * length + 2 : length / 2 + 1;
    g->count = 0;
    if (!grams_room(g, starts * sizes + 1)) return 0; /* one more may be written, and not stay */
    if (rule->is_char)
        g->count = g->with_spans ? windows(g, rule, text, length, 1) : windows(g, rule, text, length, 0);
    else
        g->count = g->with_spans ? words(g, rule, text, length, 1) : words(g, rule, text, length, 0);
    return 1;
}

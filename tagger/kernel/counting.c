/* n-gram counts of a collection of texts: what CountVectorizer does, without a string a gram.
 *
 * Two passes. The first gives every distinct key an id and its document frequency, total and first place; the
 * caller (tagger/counting.py) picks the features; the second writes the CSR rows, whose size is then known.
 * n-grams are told apart by their 64-bit keys: two of ten million collide with a chance of 3 in a million.
 */
#include "chunks.h"

typedef struct {
    int32_t frequency, seen_in; /* documents; the last of them */
    int64_t total;
    int32_t text, start, length; /* the first place, to spell the n-gram */
    int32_t column;              /* of the matrix, or -1 */
} Entry;

typedef struct {
    Unicode unicode;
    Py_buffer tables_view; /* keeps the memory of `unicode` */
    NgramRule rule;
    Batch batch;
    Grams grams;
    Chunks chunks; /* char_wb: their rows are ids in the first pass, columns in the second */
    uint64_t *slots_key;
    int32_t *slots_id; /* -1: free */
    uint64_t mask;
    Entry *entries;
    int64_t count, room;
    int64_t documents;
} Counter;

/* Not 0: a text may begin with NUL. */
#define SEED 1

static const char *const NAME = "tagger._kernel.Counter";

static void counter_free(Counter *c) {
    batch_free(&c->batch);
    grams_free(&c->grams);
    chunks_free(&c->chunks);
    free(c->slots_key);
    free(c->slots_id);
    free(c->entries);
    if (c->tables_view.obj) PyBuffer_Release(&c->tables_view);
    free(c);
}

static void counter_delete(PyObject *capsule) {
    counter_free(PyCapsule_GetPointer(capsule, NAME));
}

static int table_grow(Counter *c) {
    const uint64_t size = c->mask ? (c->mask + 1) * 2 : 1 << 12;
    uint64_t *keys = malloc(size * sizeof *keys);
    int32_t *ids = malloc(size * sizeof *ids);
    if (!keys || !ids) {
        free(keys);
        free(ids);
        return 0;
    }
    memset(ids, 0xFF, size * sizeof *ids);
    for (uint64_t old = 0; c->mask && old <= c->mask; old++) {
        if (c->slots_id[old] < 0) continue;
        uint64_t slot = mixed(c->slots_key[old]) & (size - 1);
        while (ids[slot] >= 0) slot = (slot + 1) & (size - 1);
        keys[slot] = c->slots_key[old];
        ids[slot] = c->slots_id[old];
    }
    free(c->slots_key);
    free(c->slots_id);
    c->slots_key = keys;
    c->slots_id = ids;
    c->mask = size - 1;
    return 1;
}

/* The id of a key; a new one if `add`, else -1. -2 when memory runs out. */
INLINE int32_t find(Counter *c, uint64_t key, int add) {
    uint64_t slot = mixed(key) & c->mask;
    while (c->slots_id[slot] >= 0) {
        if (c->slots_key[slot] == key) return c->slots_id[slot];
        slot = (slot + 1) & c->mask;
    }
    if (!add) return -1;
    if (c->count == c->room) {
        const int64_t room = c->room * 3 / 2 + 4096;
        Entry *entries = room < INT32_MAX ? realloc(c->entries, (size_t)room * sizeof *entries) : NULL;
        if (!entries) return -2;
        c->entries = entries;
        c->room = room;
    }
    if ((uint64_t)c->count * 2 > c->mask) {
        if (!table_grow(c)) return -2;
        slot = mixed(key) & c->mask;
        while (c->slots_id[slot] >= 0) slot = (slot + 1) & c->mask;
    }
    c->slots_key[slot] = key;
    c->slots_id[slot] = (int32_t)c->count;
    c->entries[c->count] = (Entry){0, -1, 0, 0, 0, 0, -1};
    return (int32_t)c->count++;
}

#define AHEAD 8
INLINE void ask(const Counter *c, int64_t k) {
    if (k + AHEAD < c->grams.count) {
        const uint64_t slot = mixed(c->grams.keys[k + AHEAD]) & c->mask;
        PREFETCH(c->slots_key + slot);
        PREFETCH(c->slots_id + slot);
    }
}

INLINE void met(Counter *c, int32_t id, int32_t document, int64_t times) {
    Entry *e = c->entries + id;
    e->frequency += e->seen_in != document;
    e->seen_in = document;
    e->total += times;
}

/* What a pass does with the rows of a text: ids are met, or columns tallied. */
typedef struct {
    int32_t document; /* of the first pass; -1 in the second */
    int32_t *tally, *touched;
    int64_t size; /* of touched */
} Pass;

/* Write the rows of the n-grams just read to `rows`: ids, new ones too, in the first pass; in the second the columns
 * of those that have one. The n-grams are those of a piece of the text that begins at `at`. Returns their number, or
 * -1 when memory runs out. One more than that may be written, and not stay. */
static int64_t look_up(Counter *c, const Pass *p, int64_t at, int32_t *rows) {
    int64_t count = 0;
    for (int64_t k = 0; k < c->grams.count; k++) {
        ask(c, k);
        const int64_t before = c->count;
        const int32_t id = find(c, c->grams.keys[k], p->document >= 0);
        if (p->document < 0) {
            rows[count] = id < 0 ? -1 : c->entries[id].column;
            count += rows[count] >= 0;
            continue;
        }
        if (id < 0) return -1;
        rows[count++] = id;
        if (c->count == before) continue;
        Entry *e = c->entries + id;
        e->text = p->document;
        e->start = (int32_t)at + c->grams.spans[2 * k];
        e->length = c->grams.spans[2 * k + 1];
    }
    return count;
}

INLINE void take_rows(Counter *c, Pass *p, const int32_t *rows, int64_t count, int32_t times) {
    if (p->document >= 0)
        for (int64_t k = 0; k < count; k++) met(c, rows[k], p->document, times);
    else
        for (int64_t k = 0; k < count; k++) {
            p->touched[p->size] = rows[k];
            p->size += !p->tally[rows[k]];
            p->tally[rows[k]] += times;
        }
}

/* Take the rows of the chunks listed, and begin a new list. */
static void take_listed(Counter *c, Pass *p) {
    Chunks *known = &c->chunks;
    for (int64_t k = 0; k < known->listed_count; k++) {
        Chunk *chunk = known->chunks + known->listed[k];
        take_rows(c, p, known->rows + chunk->rows_at, chunk->count, (int32_t)chunk->times);
        chunk->times = 0;
    }
    known->listed_count = 0;
}

/* Take a chunk that is not known, and keep it where it is short enough. 0 when memory runs out. */
static int take_new(Counter *c, Pass *p, const uint32_t *text, Span span) {
    Chunks *known = &c->chunks;
    if (known->count == MOST_CHUNKS) {
        take_listed(c, p);
        chunks_forget(known);
    }
    if (!grams_read(&c->grams, &c->rule, text + span.at, span.length)) return 0;
    int32_t *rows = chunks_room(known, c->grams.count);
    if (!rows) return 0;
    const int64_t count = look_up(c, p, span.at, rows);
    if (count < 0) return 0;
    if (span.length <= CHUNK_CHARS) chunks_add(known, text, span, count);
    else take_rows(c, p, rows, count, 1);
    return 1;
}

/* Take the n-grams of one text; those of characters are looked up where a chunk is first met, not in every text.
 * 0 when memory runs out. */
static int take_text(Counter *c, Pass *p, const uint32_t *text, int64_t length) {
    if (!c->rule.is_char) {
        if (!grams_read(&c->grams, &c->rule, text, length)) return 0;
        int32_t *rows = chunks_room(&c->chunks, c->grams.count);
        const int64_t count = rows ? look_up(c, p, 0, rows) : -1;
        if (count < 0) return 0;
        take_rows(c, p, rows, count, 1);
        return 1;
    }
    Reading reading;
    Span unknown;
    reading.at = reading.count = reading.next = 0;
    if (!chunks_begin(&c->chunks)) return 0;
    while (chunks_next(&c->chunks, text, length, &reading, &unknown))
        if (!take_new(c, p, text, unknown)) return 0;
    take_listed(c, p);
    return 1;
}

static int learn(Counter *c, const uint32_t *text, int64_t length) {
    Pass pass = {(int32_t)c->documents++, NULL, NULL, 0};
    return take_text(c, &pass, text, length);
}

PyObject *tagger_counter(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *tables;
    int is_char, least, most;
    if (!PyArg_ParseTuple(args, "Opii", &tables, &is_char, &least, &most)) return NULL;
    Counter *c = calloc(1, sizeof *c);
    if (!c) return PyErr_NoMemory();
    if (PyObject_GetBuffer(tables, &c->tables_view, PyBUF_SIMPLE) < 0) {
        counter_free(c);
        return NULL;
    }
    c->grams.with_spans = 1;
    if (!unicode_take(&c->unicode, c->tables_view.buf, c->tables_view.len)
        || !ngram_rule(&c->rule, is_char, least, most, SEED)) {
        counter_free(c);
        PyErr_SetString(PyExc_ValueError, "the Unicode tables or the range of n is not valid");
        return NULL;
    }
    if (!table_grow(c)) {
        counter_free(c);
        return PyErr_NoMemory();
    }
    return PyCapsule_New(c, NAME, counter_delete);
}

/* counter_learn(counter, texts): the first pass; returns the number of distinct n-grams. */
PyObject *tagger_counter_learn(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsule, *texts;
    if (!PyArg_ParseTuple(args, "OO", &capsule, &texts)) return NULL;
    Counter *c = PyCapsule_GetPointer(capsule, NAME);
    const Py_ssize_t total = c ? PySequence_Size(texts) : -1;
    if (total < 0) return NULL;
    chunks_free(&c->chunks);
    for (Py_ssize_t done = 0; done < total;) {
        const int64_t read = batch_read(&c->batch, texts, done, total, 1 << 20, &c->unicode, NULL);
        if (read < 0) return NULL;
        int fine = 1;
        Py_BEGIN_ALLOW_THREADS
        for (int64_t k = 0; fine && k < read; k++)
            fine = learn(c, c->batch.chars + c->batch.pieces[k].at, c->batch.pieces[k].length);
        Py_END_ALLOW_THREADS
        if (!fine) return PyErr_NoMemory();
        done += (Py_ssize_t)read;
    }
    return PyLong_FromLongLong(c->count);
}

/* counter_features(counter, features): know these n-grams, in this order, instead of a first pass. */
PyObject *tagger_counter_features(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsule, *features;
    if (!PyArg_ParseTuple(args, "OO", &capsule, &features)) return NULL;
    Counter *c = PyCapsule_GetPointer(capsule, NAME);
    const Py_ssize_t total = c ? PySequence_Size(features) : -1;
    if (total < 0) return NULL;
    for (Py_ssize_t k = 0; k < total; k++) {
        if (batch_read(&c->batch, features, k, k + 1, 1, &c->unicode, NULL) < 0) return NULL;
        uint64_t key = SEED;
        const Piece *piece = c->batch.pieces;
        for (int64_t j = 0; j < piece->length; j++)
            key = key * FACTOR + (c->batch.chars[piece->at + j] >> CLASS_BITS);
        const int32_t id = find(c, key, 1);
        if (id == -2) return PyErr_NoMemory();
        if (id != k) {
            PyErr_SetString(PyExc_ValueError, "features have to differ from each other");
            return NULL;
        }
    }
    return PyLong_FromLongLong(c->count);
}

/* counter_found(counter, out): (count, 5) of int32: document frequency, total, first text, start, length. */
PyObject *tagger_counter_found(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsule;
    Py_buffer out;
    if (!PyArg_ParseTuple(args, "Ow*", &capsule, &out)) return NULL;
    Counter *c = PyCapsule_GetPointer(capsule, NAME);
    const int fine = c && out.len == c->count * 20;
    if (fine) {
        int32_t *to = out.buf;
        for (int64_t k = 0; k < c->count; k++, to += 5) {
            const Entry *e = c->entries + k;
            to[0] = e->frequency;
            to[1] = (int32_t)(e->total < INT32_MAX ? e->total : INT32_MAX);
            to[2] = e->text;
            to[3] = e->start;
            to[4] = e->length;
        }
    }
    PyBuffer_Release(&out);
    if (!fine) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "out has the wrong size");
        return NULL;
    }
    Py_INCREF(Py_None);
    return Py_None;
}

/* Sort what a row touched: three rounds of eleven bits. `room` is of the same size. */
static void sorted(int32_t *values, int32_t *room, int64_t count) {
    for (int shift = 0; shift < 33; shift += 11) {
        int64_t place[2049] = {0};
        for (int64_t k = 0; k < count; k++) place[((uint32_t)values[k] >> shift & 2047) + 1]++;
        if (place[1] == count) continue; /* all in the first bucket: nothing to move */
        for (int b = 0; b < 2048; b++) place[b + 1] += place[b];
        for (int64_t k = 0; k < count; k++) room[place[(uint32_t)values[k] >> shift & 2047]++] = values[k];
        memcpy(values, room, (size_t)count * sizeof *values);
    }
}

/* Write one row at `used`; returns its size, or -1 where it does not fit, -2 when memory runs out. */
static int64_t write_row(Counter *c, const uint32_t *text, int64_t length, int32_t *tally, int32_t *touched,
                         int32_t *room, int32_t *indices, float *data, int64_t left) {
    Pass pass = {-1, tally, touched, 0};
    if (!take_text(c, &pass, text, length)) return -2;
    const int64_t size = pass.size;
    sorted(touched, room, size);
    for (int64_t k = 0; k < size; k++) {
        if (k < left) {
            indices[k] = touched[k];
            data[k] = (float)tally[touched[k]];
        }
        tally[touched[k]] = 0;
    }
    return size <= left ? size : -1;
}

/* counter_rows(counter, texts, columns, width, indptr, indices, data): the second pass. columns: int32, the
 * column of each id or -1. Fills indptr (int64), indices (int32) and data (float32); returns nnz. */
PyObject *tagger_counter_rows(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsule, *texts;
    Py_buffer columns, indptr, indices, data;
    long long width;
    if (!PyArg_ParseTuple(args, "OOy*Lw*w*w*", &capsule, &texts, &columns, &width, &indptr, &indices, &data))
        return NULL;
    Counter *c = PyCapsule_GetPointer(capsule, NAME);
    const Py_ssize_t total = c ? PySequence_Size(texts) : -1;
    const int64_t room = indices.len / 4;
    int32_t *scratch = NULL;
    int64_t used = -1;
    if (total < 0) goto done;
    if (columns.len != c->count * 4 || indptr.len != (total + 1) * 8 || data.len != indices.len || width < 0
        || width > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "tagger._kernel: sizes do not fit");
        goto done;
    }
    for (int64_t k = 0; k < c->count; k++) {
        const int32_t column = ((const int32_t *)columns.buf)[k];
        if (column < -1 || column >= width) {
            PyErr_SetString(PyExc_ValueError, "tagger._kernel: a column is out of range");
            goto done;
        }
        c->entries[k].column = column;
    }
    chunks_free(&c->chunks);
    scratch = calloc((size_t)width * 3 + 3, sizeof *scratch); /* one more may be written behind what is touched */
    if (!scratch) {
        PyErr_NoMemory();
        goto done;
    }
    int64_t *ends = indptr.buf, at = 0, row = 0;
    ends[0] = 0;
    for (Py_ssize_t read_so_far = 0; read_so_far < total;) {
        const int64_t read = batch_read(&c->batch, texts, read_so_far, total, 1 << 20, &c->unicode, NULL);
        if (read < 0) goto done;
        int64_t size = 0;
        Py_BEGIN_ALLOW_THREADS
        for (int64_t k = 0; k < read && size >= 0; k++) {
            const Piece *piece = c->batch.pieces + k;
            size = write_row(c, c->batch.chars + piece->at, piece->length, scratch, scratch + width,
                             scratch + 2 * width + 1, (int32_t *)indices.buf + at, (float *)data.buf + at, room - at);
            if (size >= 0) ends[++row] = at += size;
        }
        Py_END_ALLOW_THREADS
        if (size == -2) PyErr_NoMemory();
        else if (size < 0) PyErr_SetString(PyExc_ValueError, "tagger._kernel: the rows do not fit");
        if (size < 0) goto done;
        read_so_far += (Py_ssize_t)read;
    }
    used = at;
done:
    free(scratch);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&indptr);
    PyBuffer_Release(&indices);
    PyBuffer_Release(&data);
    return used < 0 ? NULL : PyLong_FromLongLong(used);
}

/* ---- tokens, for tagger/near_duplicates.py: runs of word characters, and single characters of unspaced scripts */

typedef struct {
    uint64_t *sums; /* (count): polynomials of the tokens' code points */
    int64_t count, room;
} Sums;

/* Append the tokens of one text; returns how many, or -1 when memory runs out. */
static int64_t add_tokens(Sums *s, const uint32_t *text, int64_t length) {
    if (s->count + length > s->room) { /* a token has a character at least */
        const int64_t room = (s->count + length) * 3 / 2 + 1024;
        uint64_t *sums = realloc(s->sums, (size_t)room * sizeof *sums);
        if (!sums) return -1;
        s->sums = sums;
        s->room = room;
    }
    const int64_t before = s->count;
    for (int64_t k = 0; k < length;) {
        if (text[k] & IS_UNSPACED) s->sums[s->count++] = text[k++] >> CLASS_BITS;
        else if (!(text[k] & IS_WORD)) k++;
        else {
            uint64_t sum = 0;
            for (; k < length && (text[k] & (IS_WORD | IS_UNSPACED)) == IS_WORD; k++)
                sum = sum * FACTOR + (text[k] >> CLASS_BITS);
            s->sums[s->count++] = sum;
        }
    }
    return s->count - before;
}

/* tokens(tables, texts, lengths): lengths, int64 (n), gets the number of tokens of each text; returns the sums. */
PyObject *tagger_tokens(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *texts, *result = NULL;
    Py_buffer tables, lengths;
    Unicode unicode;
    Batch batch = {0};
    Sums sums = {0};
    if (!PyArg_ParseTuple(args, "y*Ow*", &tables, &texts, &lengths)) return NULL;
    const Py_ssize_t total = PySequence_Size(texts);
    if (total < 0) goto done;
    if (!unicode_take(&unicode, tables.buf, tables.len) || lengths.len != total * 8 || (uintptr_t)lengths.buf % 8) {
        PyErr_SetString(PyExc_ValueError, "tagger._kernel: the tables or the lengths do not fit");
        goto done;
    }
    for (Py_ssize_t at = 0; at < total;) {
        const int64_t read = batch_read(&batch, texts, at, total, 1 << 20, &unicode, NULL);
        if (read < 0) goto done;
        int fine = 1;
        Py_BEGIN_ALLOW_THREADS
        for (int64_t k = 0; fine && k < read; k++) {
            const int64_t found = add_tokens(&sums, batch.chars + batch.pieces[k].at, batch.pieces[k].length);
            ((int64_t *)lengths.buf)[at + k] = found;
            fine = found >= 0;
        }
        Py_END_ALLOW_THREADS
        if (!fine) {
            PyErr_NoMemory();
            goto done;
        }
        at += (Py_ssize_t)read;
    }
    result = PyBytes_FromStringAndSize((const char *)sums.sums, (Py_ssize_t)(sums.count * 8));
done:
    batch_free(&batch);
    free(sums.sums);
    PyBuffer_Release(&tables);
    PyBuffer_Release(&lengths);
    return result;
}

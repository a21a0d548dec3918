/* Dual coordinate descent for L2-regularised squared-hinge SVMs, a block of labels at a time.
 *
 * Hsieh, Chang, Lin, Keerthi & Sundararajan (2008), "A dual coordinate descent method for large-scale linear
 * SVM", algorithm 1, for the labels of a block together: they share the rows of X, so each row is read once.
 * The weights stand label-contiguous, u[(feature, label)], WIDTH labels a row: one or two cache lines, and
 * the running margins stay in registers. A block of 16 also keeps the weights that one text touches inside
 * the second-level cache between the reading and the writing pass, which a row of all labels would not.
 *
 * The caller (tagger/coordinate.py) has checked indptr, indices and order; sizes are checked here.
 */
#include "kernel.h"

#include <math.h>
#include <string.h>

typedef struct {
    const int64_t *indptr;  /* (n + 1) */
    const int32_t *indices; /* (nnz) */
    const float *data;      /* (nnz) */
    const int32_t *order;   /* (visits): rows in the order of their updates */
    int64_t visits;
    const int8_t *y;    /* (n, width): +1, -1, or 0 where the pair is to be left alone */
    float *alpha;       /* (n, width) */
    const float *q;     /* (n, width) or (n, 1): squared norms, the constant feature included */
    int64_t q_stride;   /* width or 1 */
    const float *ridge; /* (2, width): 1 / (2 C) for negatives, for positives */
    float *u;           /* (d + 1, width): effective weights; the last row is the intercept */
    const float *scale; /* (d, width) or NULL: the squared multipliers of features */
    int64_t d;
    float *range; /* (2, width): greatest and least projected gradient met */
    float skip;   /* pairs with a smaller projected gradient are left alone */
} Descent;

/* WIDTH floats in registers. gcc and clang get them as vectors, since their loop vectorizers make a poor job of
 * accumulators in arrays; other compilers get the same thing as loops. */
#if defined(__GNUC__) || defined(__clang__)
#define DEFINE_LANES(WIDTH)                                                                                  \
    typedef float Lanes##WIDTH __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));                 \
    INLINE void add_##WIDTH(Lanes##WIDTH *sum, float x, const float *u) {                                    \
        *sum += x * *(const Lanes##WIDTH *)u;                                                                \
    }                                                                                                        \
    INLINE void put_##WIDTH(float *u, float x, const Lanes##WIDTH *step) {                                   \
        *(Lanes##WIDTH *)u += x * *step;                                                                     \
    }                                                                                                        \
    INLINE void put_scaled_##WIDTH(float *u, float x, const Lanes##WIDTH *step, const float *r) {            \
        *(Lanes##WIDTH *)u += x * *step * *(const Lanes##WIDTH *)r;                                          \
    }
#else
#define DEFINE_LANES(WIDTH)                                                                                  \
    typedef struct {                                                                                         \
        float lane[WIDTH];                                                                                   \
    } Lanes##WIDTH;                                                                                          \
    INLINE void add_##WIDTH(Lanes##WIDTH *sum, float x, const float *u) {                                    \
        for (int l = 0; l < WIDTH; l++) sum->lane[l] += x * u[l];                                            \
    }                                                                                                        \
    INLINE void put_##WIDTH(float *u, float x, const Lanes##WIDTH *step) {                                   \
        for (int l = 0; l < WIDTH; l++) u[l] += x * step->lane[l];                                           \
    }                                                                                                        \
    INLINE void put_scaled_##WIDTH(float *u, float x, const Lanes##WIDTH *step, const float *r) {            \
        for (int l = 0; l < WIDTH; l++) u[l] += x * step->lane[l] * r[l];                                    \
    }
#endif

/* How far ahead rows are asked for: they lie anywhere in memory, and the reads overlap. */
#define AHEAD 24

#define DEFINE_DESCENT(WIDTH)                                                                                \
    CLONES static void descend_##WIDTH(const Descent *s) {                                                   \
        float *restrict u = s->u;                                                                            \
        float *restrict bias = u + s->d * WIDTH;                                                             \
        const float *data = s->data;                                                                         \
        const int32_t *indices = s->indices;                                                                 \
        const float skip = s->skip;                                                                          \
        float for_negative[WIDTH], for_positive[WIDTH], most[WIDTH], least[WIDTH];                           \
        memcpy(for_negative, s->ridge, sizeof for_negative);                                                 \
        memcpy(for_positive, s->ridge + WIDTH, sizeof for_positive);                                         \
        memcpy(most, s->range, sizeof most);                                                                 \
        memcpy(least, s->range + WIDTH, sizeof least);                                                       \
        for (int64_t v = 0; v < s->visits; v++) {                                                            \
            const int64_t i = s->order[v], from = s->indptr[i], to = s->indptr[i + 1];                       \
            /* Two sums, so that one addition need not wait for the other. */                                \
            Lanes##WIDTH even, odd;                                                                          \
            memcpy(&even, bias, sizeof even);                                                                \
            memset(&odd, 0, sizeof odd);                                                                     \
            int64_t p = from;                                                                                \
            for (; p + AHEAD + 1 < to; p += 2) {                                                             \
                PREFETCH(u + (int64_t)indices[p + AHEAD] * WIDTH);                                           \
                PREFETCH(u + (int64_t)indices[p + AHEAD + 1] * WIDTH);                                       \
                add_##WIDTH(&even, data[p], u + (int64_t)indices[p] * WIDTH);                                \
                add_##WIDTH(&odd, data[p + 1], u + (int64_t)indices[p + 1] * WIDTH);                         \
            }                                                                                                \
            for (; p < to; p++) add_##WIDTH(&even, data[p], u + (int64_t)indices[p] * WIDTH);                \
            /* The next text's first rows arrive while this one's labels are worked out. */                  \
            if (v + 1 < s->visits) {                                                                         \
                const int64_t next = s->indptr[s->order[v + 1]], end = s->indptr[s->order[v + 1] + 1];       \
                for (int64_t k = next; k < end && k < next + AHEAD; k++)                                     \
                    PREFETCH(u + (int64_t)indices[k] * WIDTH);                                               \
            }                                                                                                \
            float first[WIDTH], second[WIDTH], sign[WIDTH], curve[WIDTH], step[WIDTH];                       \
            memcpy(first, &even, sizeof first);                                                              \
            memcpy(second, &odd, sizeof second);                                                             \
            float *restrict a = s->alpha + i * WIDTH;                                                        \
            const int8_t *y = s->y + i * WIDTH;                                                              \
            for (int l = 0; l < WIDTH; l++) sign[l] = (float)y[l];                                           \
            if (s->q_stride == 1)                                                                            \
                for (int l = 0; l < WIDTH; l++) curve[l] = s->q[i];                                          \
            else                                                                                             \
                memcpy(curve, s->q + i * WIDTH, sizeof curve);                                               \
            float moved = 0.0f;                                                                              \
            for (int l = 0; l < WIDTH; l++) {                                                                \
                const float slack = sign[l] > 0.0f ? for_positive[l] : for_negative[l];                      \
                const float old = a[l];                                                                      \
                const float gradient = sign[l] * (first[l] + second[l]) - 1.0f + old * slack;                \
                /* At the bound only a fall of the gradient counts; a pair without a label never moves. */   \
                const float down = gradient < 0.0f ? gradient : 0.0f;                                        \
                const float bounded = old > 0.0f ? gradient : down;                                          \
                const float projected = bounded * sign[l] * sign[l];                                         \
                most[l] = projected > most[l] ? projected : most[l];                                         \
                least[l] = projected < least[l] ? projected : least[l];                                      \
                const float target = old - gradient / (curve[l] + slack);                                    \
                const float next = target > 0.0f ? target : 0.0f;                                            \
                const float moves = fabsf(projected) > skip ? 1.0f : 0.0f;                                   \
                const float by = (next - old) * moves;                                                       \
                moved += moves;                                                                              \
                step[l] = by * sign[l];                                                                      \
                a[l] = old + by;                                                                             \
            }                                                                                                \
            if (moved == 0.0f) continue;                                                                      \
            for (int l = 0; l < WIDTH; l++) bias[l] += step[l];                                              \
            add_row_##WIDTH(s, from, to, step);                                                              \
        }                                                                                                    \
        memcpy(s->range, most, sizeof most);                                                                 \
        memcpy(s->range + WIDTH, least, sizeof least);                                                       \
    }

#define DEFINE_ADD_ROW(WIDTH)                                                                                \
    INLINE void add_row_##WIDTH(const Descent *s, int64_t from, int64_t to, const float *step) {             \
        Lanes##WIDTH lanes;                                                                                  \
        memcpy(&lanes, step, sizeof lanes);                                                                  \
        const int32_t *indices = s->indices;                                                                 \
        if (s->scale) {                                                                                      \
            for (int64_t p = from; p < to; p++) {                                                            \
                if (p + AHEAD < to) PREFETCH(s->scale + (int64_t)indices[p + AHEAD] * WIDTH);                \
                const int64_t at = (int64_t)indices[p] * WIDTH;                                              \
                put_scaled_##WIDTH(s->u + at, s->data[p], &lanes, s->scale + at);                            \
            }                                                                                                \
        } else {                                                                                             \
            for (int64_t p = from; p < to; p++)                                                              \
                put_##WIDTH(s->u + (int64_t)indices[p] * WIDTH, s->data[p], &lanes);                         \
        }                                                                                                    \
    }

/* u += sum over the given rows of x[i] * a[i] * y[i] * scale: the weights that dual variables stand for. */
#define DEFINE_ACCUMULATE(WIDTH)                                                                             \
    CLONES static void accumulate_##WIDTH(const Descent *s) {                                                \
        float *bias = s->u + s->d * WIDTH;                                                                   \
        for (int64_t v = 0; v < s->visits; v++) {                                                            \
            const int64_t i = s->order[v];                                                                   \
            float step[WIDTH];                                                                               \
            int any = 0;                                                                                     \
            for (int l = 0; l < WIDTH; l++) {                                                                \
                step[l] = s->alpha[i * WIDTH + l] * (float)s->y[i * WIDTH + l];                              \
                any |= step[l] != 0.0f;                                                                      \
                bias[l] += step[l];                                                                          \
            }                                                                                                \
            if (any) add_row_##WIDTH(s, s->indptr[i], s->indptr[i + 1], step);                               \
        }                                                                                                    \
    }

/* q[i] = 1 + sum over j of x[i, j]^2 * scale[j]: what a step in alpha[i] changes the margin of text i by. */
#define DEFINE_DIAGONAL(WIDTH)                                                                               \
    CLONES static void diagonal_##WIDTH(const Descent *s, float *q) {                                        \
        for (int64_t v = 0; v < s->visits; v++) {                                                            \
            const int64_t i = s->order[v], to = s->indptr[i + 1];                                            \
            Lanes##WIDTH sum;                                                                                \
            memset(&sum, 0, sizeof sum);                                                                     \
            for (int64_t p = s->indptr[i]; p < to; p++) {                                                    \
                if (p + AHEAD < to) PREFETCH(s->scale + (int64_t)s->indices[p + AHEAD] * WIDTH);             \
                add_##WIDTH(&sum, s->data[p] * s->data[p], s->scale + (int64_t)s->indices[p] * WIDTH);       \
            }                                                                                                \
            memcpy(q + i * WIDTH, &sum, sizeof sum);                                                         \
            for (int l = 0; l < WIDTH; l++) q[i * WIDTH + l] += 1.0f;                                        \
        }                                                                                                    \
    }

/* q[i] = the margins of text i. */
#define DEFINE_MARGINS(WIDTH)                                                                                \
    CLONES static void margins_##WIDTH(const Descent *s, float *q) {                                         \
        for (int64_t v = 0; v < s->visits; v++) {                                                            \
            const int64_t i = s->order[v], to = s->indptr[i + 1];                                            \
            Lanes##WIDTH sum;                                                                                \
            memcpy(&sum, s->u + s->d * WIDTH, sizeof sum);                                                   \
            for (int64_t p = s->indptr[i]; p < to; p++) {                                                    \
                if (p + AHEAD < to) PREFETCH(s->u + (int64_t)s->indices[p + AHEAD] * WIDTH);                 \
                add_##WIDTH(&sum, s->data[p], s->u + (int64_t)s->indices[p] * WIDTH);                        \
            }                                                                                                \
            memcpy(q + i * WIDTH, &sum, sizeof sum);                                                         \
        }                                                                                                    \
    }

#define DEFINE_ALL(WIDTH)                                                                                    \
    DEFINE_LANES(WIDTH)                                                                                      \
    DEFINE_ADD_ROW(WIDTH)                                                                                    \
    DEFINE_DESCENT(WIDTH)                                                                                    \
    DEFINE_ACCUMULATE(WIDTH)                                                                                 \
    DEFINE_DIAGONAL(WIDTH)                                                                                   \
    DEFINE_MARGINS(WIDTH)

DEFINE_ALL(4)
DEFINE_ALL(8)
DEFINE_ALL(16)

enum { DESCEND, ACCUMULATE, DIAGONAL, MARGINS };
enum { INDPTR, INDICES, DATA, ORDER, Y, ALPHA, Q, RIDGE, U, SCALE, RANGE, BUFFERS };

/* Take the buffers of the arguments and check every size against the others: each is C-contiguous. */
static int take(PyObject *args, Py_buffer *b, Descent *s, int *width, int what) {
    double skip = 0.0;
    for (int k = 0; k < BUFFERS; k++) b[k].obj = NULL, b[k].buf = NULL, b[k].len = 0;
    if (!PyArg_ParseTuple(args, "iy*y*y*y*y*w*w*y*w*z*w*d", width, &b[INDPTR], &b[INDICES], &b[DATA], &b[ORDER],
                          &b[Y], &b[ALPHA], &b[Q], &b[RIDGE], &b[U], &b[SCALE], &b[RANGE], &skip))
        return 0;
    const int64_t w = *width;
    const int64_t n = (int64_t)(b[INDPTR].len / 8) - 1;
    const int64_t nnz = b[INDICES].len / 4;
    const int64_t d = (w == 4 || w == 8 || w == 16) ? b[U].len / (4 * w) - 1 : -1;
    const int64_t q = b[Q].len / 4;
    const char *bad = NULL;
    if (d < 0) bad = "width";
    else if (n < 0 || b[INDPTR].len != (n + 1) * 8 || ((const int64_t *)b[INDPTR].buf)[n] != nnz) bad = "indptr";
    else if (b[DATA].len != nnz * 4 || b[INDICES].len != nnz * 4) bad = "data";
    else if (b[Y].len != n * w || b[ALPHA].len != n * w * 4) bad = "y and alpha";
    else if (q != n * w && (q != n || what >= DIAGONAL)) bad = "q"; /* these write all of it */
    else if (b[RIDGE].len != 8 * w || b[RANGE].len != 8 * w) bad = "ridge and range";
    else if (b[U].len != (d + 1) * w * 4) bad = "weights";
    else if (b[SCALE].buf && b[SCALE].len != d * w * 4) bad = "scale";
    else if (what == DIAGONAL && !b[SCALE].buf) bad = "scale";
    if (bad) {
        PyErr_Format(PyExc_ValueError, "tagger._kernel: the size of %s does not fit", bad);
        return 0;
    }
    *s = (Descent){b[INDPTR].buf, b[INDICES].buf, b[DATA].buf, b[ORDER].buf, b[ORDER].len / 4, b[Y].buf,
                   b[ALPHA].buf, b[Q].buf, q == n * w ? w : 1, b[RIDGE].buf, b[U].buf, b[SCALE].buf, d,
                   b[RANGE].buf, (float)skip};
    return 1;
}

/* One of the functions above by its number of labels, without the GIL. */
#define BY_WIDTH(NAME, ...)                    \
    switch (width) {                           \
        case 4: NAME##_4(__VA_ARGS__); break;  \
        case 8: NAME##_8(__VA_ARGS__); break;  \
        default: NAME##_16(__VA_ARGS__);       \
    }

static PyObject *run(PyObject *args, int what) {
    Py_buffer b[BUFFERS];
    Descent s;
    int width;
    const int fine = take(args, b, &s, &width, what);
    if (fine) {
        Py_BEGIN_ALLOW_THREADS
        if (what == DESCEND) BY_WIDTH(descend, &s)
        else if (what == ACCUMULATE) BY_WIDTH(accumulate, &s)
        else if (what == DIAGONAL) BY_WIDTH(diagonal, &s, b[Q].buf)
        else BY_WIDTH(margins, &s, b[Q].buf)
        Py_END_ALLOW_THREADS
    }
    for (int k = 0; k < BUFFERS; k++)
        if (b[k].obj) PyBuffer_Release(&b[k]);
    if (!fine) return NULL;
    Py_INCREF(Py_None);
    return Py_None;
}

PyObject *tagger_descend(PyObject *self, PyObject *args) {
    (void)self;
    return run(args, DESCEND);
}

PyObject *tagger_accumulate(PyObject *self, PyObject *args) {
    (void)self;
    return run(args, ACCUMULATE);
}

PyObject *tagger_diagonal(PyObject *self, PyObject *args) {
    (void)self;
    return run(args, DIAGONAL);
}

PyObject *tagger_margins(PyObject *self, PyObject *args) {
    (void)self;
    return run(args, MARGINS);
}

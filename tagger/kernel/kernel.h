/* Shared by the files of the kernel: plain C11 on CPython's stable ABI (3.11), no other dependency. */
#ifndef TAGGER_KERNEL_H
#define TAGGER_KERNEL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

/* One function body compiled for several instruction sets, chosen when the library is loaded. Only where
 * the tool chain and the loader are known to do it: gcc, x86-64, glibc. Elsewhere: the plain build. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) \
    && !defined(TAGGER_PLAIN)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

#if defined(__GNUC__) || defined(__clang__)
#define INLINE static inline __attribute__((always_inline))
#define PREFETCH(address) __builtin_prefetch(address)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define INLINE static inline
#define PREFETCH(address) ((void)0)
#define LIKELY(x) (x)
#define UNLIKELY(x) (x)
#endif
#if defined(_MSC_VER) && !defined(__clang__)
#define restrict __restrict
#endif

/* coordinate.c */
PyObject *tagger_descend(PyObject *self, PyObject *args);
PyObject *tagger_accumulate(PyObject *self, PyObject *args);
PyObject *tagger_diagonal(PyObject *self, PyObject *args);
PyObject *tagger_margins(PyObject *self, PyObject *args);

/* counting.c */
PyObject *tagger_counter(PyObject *self, PyObject *args);
PyObject *tagger_counter_learn(PyObject *self, PyObject *args);
PyObject *tagger_counter_features(PyObject *self, PyObject *args);
PyObject *tagger_counter_found(PyObject *self, PyObject *args);
PyObject *tagger_counter_rows(PyObject *self, PyObject *args);
PyObject *tagger_tokens(PyObject *self, PyObject *args);

/* scoring.c */
PyObject *tagger_scorer(PyObject *self, PyObject *args);
PyObject *tagger_score(PyObject *self, PyObject *args);

#endif

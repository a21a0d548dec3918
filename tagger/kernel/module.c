/* tagger._kernel: the optional compiled part. Everything in it has a Python or NumPy twin that gives the
 * same result; see tagger/coordinate.py, tagger/counting.py and tagger/engine/. */
#include "kernel.h"

static PyMethodDef methods[] = {
    {"descend", tagger_descend, METH_VARARGS,
     "One epoch of dual coordinate descent for a block of labels; returns nothing, updates in place."},
    {"accumulate", tagger_accumulate, METH_VARARGS,
     "Weights from dual variables: u[j, l] += x[i, j] * a[i, l] * scale[j, l]."},
    {"diagonal", tagger_diagonal, METH_VARARGS, "q[i, l] = sum over j of x[i, j]**2 * scale[j, l], plus one."},
    {"margins", tagger_margins, METH_VARARGS, "q[i, l] = sum over j of x[i, j] * u[j, l], the intercept included."},
    {"counter", tagger_counter, METH_VARARGS, "A counter of n-grams: (tables, is_char, least n, most n)."},
    {"counter_learn", tagger_counter_learn, METH_VARARGS, "Give every n-gram of the texts an id; returns how many."},
    {"counter_features", tagger_counter_features, METH_VARARGS, "Give these n-grams their ids, in this order."},
    {"counter_found", tagger_counter_found, METH_VARARGS,
     "Write document frequency, total, first text, start and length of each id."},
    {"counter_rows", tagger_counter_rows, METH_VARARGS, "Write the rows of the count matrix; returns nnz."},
    {"tokens", tagger_tokens, METH_VARARGS, "Return the sum of each token, and write how many each text has."},
    {"scorer", tagger_scorer, METH_VARARGS, "A stored model: (characters, intercept, blocks, concepts)."},
    {"score", tagger_score, METH_VARARGS, "Write margins and known counts of the texts."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "tagger._kernel", "The optional compiled part of tagger.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) {
    return PyModule_Create(&definition);
}

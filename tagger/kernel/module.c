/* tagger._kernel: the optional compiled part. Everything in it has a Python or NumPy twin that gives the
 * same result; see tagger/coordinate.py, tagger/counting.py and tagger/engine/. */
#include "kernel.h"

static PyMethodDef methods[] = {
    {"descend", tagger_descend, METH_VARARGS,
     "One epoch of dual coordinate descent for a block of labels; returns nothing, updates in place."},
    {"accumulate", tagger_accumulate, METH_VARARGS,
     "Weights from dual variables: u[j, l] += x[i, j] * a[i, l] * scale[j, l]."},
    {"diagonal", tagger_diagonal, METH_VARARGS, "q[i, l] = sum over j of x[i, j]**2 * scale[j, l], plus one."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "tagger._kernel", "The optional compiled part of tagger.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) {
    return PyModule_Create(&definition);
}

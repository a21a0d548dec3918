#!/bin/sh
# The kernel under AddressSanitizer and UndefinedBehaviorSanitizer, with hostile models and texts.
#     bench/fuzz/sanitize.sh [RUNS]     (default 2000; PYTHON chooses the Python, CC the compiler: gcc)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python}
cc=${CC:-gcc}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
include=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
"$cc" -std=c11 -g -O1 -fPIC -shared -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
    -DTAGGER_PLAIN -DPy_LIMITED_API=0x030B0000 -I"$include" -o "$build/_kernel.abi3.so" \
    "$root"/tagger/kernel/*.c -lm
# CPython leaks at exit by design; the first library has to be ASan's.
LD_PRELOAD="$("$cc" -print-file-name=libasan.so) $("$cc" -print-file-name=libubsan.so)" \
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 PYTHONMALLOC=malloc OMP_NUM_THREADS=1 \
    PYTHONPATH="$root:$root/tests" "$python" "$here/sanitize.py" "$build/_kernel.abi3.so" "${1:-2000}"

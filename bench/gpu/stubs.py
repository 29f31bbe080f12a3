"""Builds libraries that have the functions of CUDA's which ONNX Runtime's CUDA provider calls, and no card.

Usage: stubs.py FOLDER_OF_PROVIDER OUT. Memory is the host's, and kernels do nothing: what the provider says of a model before
it runs one (options, placement of nodes, allocation) is what it says on a card.
"""
import collections
import pathlib
import re
import subprocess
import sys

LIBRARIES = ["libcublas.so.13", "libcublasLt.so.13", "libcudart.so.13", "libcurand.so.10", "libcuda.so.1"]
HANDLE = "int {0}(void **p) {{ *p = malloc(8); return 0; }}"
ALLOCATE = "int {0}(void **p, size_t n) {{ *p = malloc(n ? n : 1); return 0; }}"
FREE = "int {0}(void *p) {{ free(p); return 0; }}"
COPY = "int {0}(void *to, void *from, size_t n) {{ memcpy(to, from, n); return 0; }}"
SET = "int {0}(void *p, int value, size_t n) {{ memset(p, value, n); return 0; }}"
NUMBER = "int {0}(int *p) {{ *p = %d; return 0; }}"
TEXT = 'const char *{0}(int code) {{ return "stub"; }}'
# Of a card of compute capability 9.0.
ATTRIBUTE = "int {0}(int *p, int which) {{ *p = which == 75 ? 9 : which == 76 ? 0 : 1024; return 0; }}"
PROPERTIES = "int {0}(void *p) {{ memset(p, 0, 700); return 0; }}"
MEMORY = "int {0}(size_t *free, size_t *total) {{ *free = *total = (size_t)1 << 34; return 0; }}"
OTHERS = "long {0}(void) {{ return 0; }}"
FUNCTIONS = {
    **dict.fromkeys(["cublasCreate_v2", "cublasLtCreate", "cudaStreamCreate", "cudaStreamCreateWithFlags"], HANDLE),
    **dict.fromkeys(["cudaEventCreate", "cudaEventCreateWithFlags"], HANDLE),
    **dict.fromkeys(["cudaMalloc", "cudaMallocHost", "cudaHostAlloc"], ALLOCATE),
    **dict.fromkeys(["cudaFree", "cudaFreeHost"], FREE),
    **dict.fromkeys(["cudaMemcpy", "cudaMemcpyAsync"], COPY),
    **dict.fromkeys(["cudaMemset", "cudaMemsetAsync"], SET),
    **dict.fromkeys(["cudaRuntimeGetVersion", "cudaDriverGetVersion"], NUMBER % 13000),
    **dict.fromkeys(["cudaGetErrorString", "cudaGetErrorName"], TEXT),
    "cudaGetDeviceCount": NUMBER % 1,
    "cudaGetDevice": NUMBER % 0,
    "cudaDeviceGetAttribute": ATTRIBUTE,
    "cudaGetDeviceProperties": PROPERTIES,
    "cudaMemGetInfo": MEMORY,
}

provider, out = pathlib.Path(sys.argv[1]) / "libonnxruntime_providers_cuda.so", pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
command = ["nm", "-D", "--undefined-only", "--with-symbol-versions", str(provider)]
symbols = collections.defaultdict(list)
for name, version in re.findall(r" U ((?:__cuda|cu)\w+)(?:@(\S+))?$", subprocess.check_output(command, text=True), re.M):
    symbols[version or "libcuda.so.1"].append(name)
for library in LIBRARIES:
    source = out / f"{library}.c"
    lines = [FUNCTIONS.get(name, OTHERS).format(name) for name in symbols[library]]
    source.write_text("\n".join(["#include <stdlib.h>", "#include <string.h>", *lines, ""]))
    versions = out / f"{library}.map"
    versions.write_text(f"{library} {{ global: *; }};")
    script = [] if library == "libcuda.so.1" else [f"-Wl,--version-script={versions}"]
    soname = f"-Wl,-soname,{library}"
    subprocess.check_call(["gcc", "-shared", "-fPIC", "-w", "-o", str(out / library), str(source), soname, *script])

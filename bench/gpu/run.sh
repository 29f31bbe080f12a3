#!/bin/sh
# Joins the parts beside this file, and measures: sh run.sh [--provider cpu] [measurement ...]
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=${KIT_ROOT:-/tmp/trellis-kit}
libraries=$root/dist/onnxruntime-node/bin/napi-v6/linux/x64
if [ ! -e "$root/complete" ]; then
  mkdir -p "$libraries"
  cat "$here"/program.?? | tar xz -C "$root" --no-same-owner
  cat "$here"/node.?? | tar xz -C "$root" --no-same-owner --strip-components=2 package/bin/node
  cat "$here"/onnxruntime.?? >"$root/onnxruntime.zip"
  python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name.startswith("onnxruntime/capi/libonnxruntime") and "tensorrt" not in name:
            with open(sys.argv[2] + "/" + name.split("/")[-1], "wb") as file:
                file.write(wheel.read(name))
' "$root/onnxruntime.zip" "$libraries"
  rm "$root/onnxruntime.zip"
  touch "$root/complete"
fi
# cuDNN, cuBLAS and cuRAND are those of PyTorch, or of the system.
packages=$(python3 -c '
import glob, sysconfig
for package in {sysconfig.get_paths()[name] for name in ("purelib", "platlib")}:
    print(*glob.glob(package + "/nvidia/*/lib"), package + "/torch/lib", sep=":", end=":")
' 2>/dev/null || true)
# ONNX Runtime asks for libcudnn.so, which PyTorch's package has with its version alone.
mkdir -p "$root/cudnn"
for folder in $(echo "$packages" | tr : ' '); do
  if [ -e "$folder/libcudnn.so.9" ]; then ln -sf "$folder/libcudnn.so.9" "$root/cudnn/libcudnn.so"; fi
done
export LD_LIBRARY_PATH="$root/cudnn:$packages/usr/local/cuda/lib64:/usr/local/nvidia/lib64:$LD_LIBRARY_PATH"
export UV_THREADPOOL_SIZE=${UV_THREADPOOL_SIZE:-4}
exec "$root/node" "$root/dist/kit.js" "$@"

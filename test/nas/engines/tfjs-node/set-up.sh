#!/bin/sh
# Sets up @tensorflow/tfjs-node-gpu, as the image gpu-tensorflow has it, on TensorFlow's library for CPUs: sh set-up.sh <folder>
# Its install script would download both libraries from elsewhere; here its binding is compiled against the C API of PyPI's wheel.
set -e
images=$(cd "$(dirname "$0")/../../../../containers/gpu-tensorflow" && pwd)
mkdir -p "$1"
cd "$1"
cp "$images/package.json" "$images/package-lock.json" .
npm ci --silent --ignore-scripts
npm pack --silent node-api-headers@1.9.0 >/dev/null
tar xzf node-api-headers-1.9.0.tgz
python3 -m pip install --quiet --no-deps --upgrade --target python --only-binary=:all: --python-version 3.11 tensorflow-cpu==2.18.1
package=node_modules/@tensorflow/tfjs-node-gpu
mkdir -p "$package/lib/napi-v8"
g++ -shared -fPIC -O1 -std=c++17 -DNAPI_VERSION=8 \
  -I package/include -I python/tensorflow/include -I "$package" \
  "$package"/binding/tfjs_backend.cc "$package"/binding/tfjs_binding.cc \
  -L python/tensorflow -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 "-Wl,-rpath,$PWD/python/tensorflow" \
  -o "$package/lib/napi-v8/tfjs_binding.node"
node -e "require('@tensorflow/tfjs-node-gpu')"

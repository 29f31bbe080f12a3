import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reasonOf } from '../../../nas/engines/onnxruntime/device.ts'
import { openEngine } from '../../../nas/engines/open.ts'

test.skipIf(existsSync('/dev/nvidiactl'))('CUDA that is not there is missed before any trial', async () => {
  await expect(openEngine('onnxruntime', { device: 'cuda', threads: 1 })).rejects.toMatchObject({
    code: 'service-failed',
    message: expect.stringContaining('CUDA cannot be used here'),
    fix: expect.stringContaining('gpu-onnx'),
  })
})

const PLACE =
  '/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 std::conditional_t<THRW, void, common::Status> onnxruntime::CudaCall(ERRTYPE, const char*, const char*, SUCCTYPE, const char*, const char*, int) [with ERRTYPE = cudaError] '
const LIBRARY =
  'Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory'

test.each([
  [
    `${PLACE}CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0 ; hostname=ip-10-0-0-1 ; file=cuda_execution_provider.cc ; line=282 ; expr=cudaSetDevice(info_.device_id); \n\n`,
    'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version',
  ],
  [
    `${PLACE}CUDNN failure 1001: CUDNN_STATUS_NOT_INITIALIZED ; GPU=0 ; expr=cudnnCreate(&cudnn_handle_);`,
    'CUDNN failure 1001: CUDNN_STATUS_NOT_INITIALIZED',
  ],
  [
    `provider_bridge_ort.cc:2251 TryGetProviderInfo_CUDA [ONNXRuntimeError] : 1 : FAIL : ${LIBRARY}\n`,
    LIBRARY,
  ],
])('a driver or a library that does not fit is told in one line', (told, line) => {
  expect(reasonOf(new Error(told))).toBe(line)
})

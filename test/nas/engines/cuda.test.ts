import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openEngine } from '../../../nas/engines/open.ts'

test.skipIf(existsSync('/dev/nvidiactl'))('CUDA that is not there is missed before any trial', async () => {
  await expect(openEngine('onnxruntime', { device: 'cuda', threads: 1 })).rejects.toMatchObject({
    code: 'service-failed',
    message: expect.stringContaining('CUDA cannot be used here'),
    fix: expect.stringContaining('gpu-onnx'),
  })
})

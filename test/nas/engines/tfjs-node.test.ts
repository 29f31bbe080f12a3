import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { dpcHead } from '../../../bench/dpc-head.ts'
import type { Engine } from '../../../nas/engines/engine.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import type { TensorFlow } from '../../../nas/graph/op.ts'
import { AS_WRITTEN } from '../../../nas/graph/rewrites.ts'
import type { Tensors } from '../../../nas/tensor.ts'
import { bundle, emptyFolder, writeConfig } from '../../cli/trellis.ts'
import { HANG_MS } from '../../hang.ts'
import { difference } from '../graph/check-op.ts'
import { testAlike } from '../graph/test-alike.ts'

/*
 * What jobs of the image gpu-tensorflow run, by TensorFlow's kernels for CPUs: in tests elsewhere, TensorFlow.js is plain JavaScript,
 * whose kernels take more than the native ones do.
 */

const folder = process.env.TRELLIS_TFJS_NODE ?? ''
if (!folder)
  console.warn('skipped: no native TensorFlow; name its folder in TRELLIS_TFJS_NODE (CONTRIBUTING.md)')

const onnxruntime = await onnxRuntime({ threads: 1 })

describe.skipIf(!folder)('TensorFlow by its native kernels', () => {
  let tensorflow: Engine
  beforeAll(async () => {
    const tf: TensorFlow = createRequire(join(folder, 'here.js'))('@tensorflow/tfjs-node-gpu')
    expect(tf.getBackend()).toBe('tensorflow')
    tensorflow = await tensorFlow({ tf })
  })

  testAlike(() => tensorflow, onnxruntime, { operations: 1e-4, gradients: 1e-4 })

  test('ten training steps of the head of DPC come to the weights of the other engine', async () => {
    const head = dpcHead({ batch: 2, filters: 32, size: [17, 17] }, AS_WRITTEN)
    const train = async (engine: Engine): Promise<Tensors> => {
      const program = await engine.compile(head.graph)
      const state = engine.state(head.start())
      for (let step = 0; step < 10; step++) await program.run(state, head.inputs(step))
      return state.read()
    }
    expect(difference(await train(tensorflow), await train(onnxruntime))).toBeLessThan(1e-3)
  })

  test(
    'a search whose jobs lie as in the image runs on it, and without it says that it is missing',
    () => {
      const image = mkdtempSync(join(folder, 'trellis-'))
      onTestFinished(() => rmSync(image, { recursive: true }))
      const [dist, root] = [dirname(bundle), dirname(dirname(bundle))]
      cpSync(dist, join(image, 'dist'), {
        recursive: true,
        filter: (path) => !path.includes('onnxruntime-node'),
      })
      symlinkSync(join(dist, 'onnxruntime-node'), join(image, 'dist/onnxruntime-node'))
      cpSync(join(root, 'package.json'), join(image, 'package.json'))
      symlinkSync(join(root, 'node_modules'), join(image, 'node_modules'))
      const here = emptyFolder()
      const search = ['search', writeConfig(here), '--set', 'compute.engine=tensorflow']
      const run = (program: string) =>
        spawnSync(process.execPath, [program, ...search], { cwd: here, encoding: 'utf8' })
      expect(run(bundle)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('is not installed here'),
      })
      expect(run(join(image, 'dist/trellis.js')).stdout).toContain('is finished')
    },
    HANG_MS,
  )
})

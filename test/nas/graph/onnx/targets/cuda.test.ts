import { describe, expect, test } from 'vitest'
import { onnxRuntime } from '../../../../../nas/engines/onnxruntime.ts'
import { directionalDerivatives, forwardGraph, gradientGraph } from '../../check-op.ts'
import { opCases } from '../../op-cases/index.ts'
import { differentiable, testAlike } from '../../test-alike.ts'
import { missingKernels } from './missing-kernels.ts'

const cpu = await onnxRuntime({ threads: 1 })
/** What a card would be sent, by the kernels of the CPU. */
const cuda = await onnxRuntime({ device: 'cuda', provider: 'cpu', threads: 1 })

describe('lowered for CUDA', () => {
  testAlike(() => cuda, cpu, { operations: 1e-5, gradients: 1e-4 })

  test.each(differentiable)('$title: the gradient of finite differences', async (row) => {
    for (const { numeric, analytic, scale } of await directionalDerivatives(cuda, row))
      expect(Math.abs(numeric - analytic)).toBeLessThan(1e-3 * scale)
  })
})

/** Only models that others run suppress boxes; trainings and evaluations do so on the host. */
const FOR_OTHERS = ['detections', 'proposals']

describe('a model for CUDA', () => {
  test('has nodes with CUDA kernels only', () => {
    const graphs = [...opCases.map(forwardGraph), ...differentiable.map(gradientGraph)].filter(
      ({ nodes }) => !nodes.some(({ op }) => FOR_OTHERS.includes(op.name)),
    )
    expect([...new Set(graphs.flatMap(missingKernels))]).toEqual([])
  })
})

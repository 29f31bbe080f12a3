import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runModel } from '../../../nas/engines/onnxruntime/run-model.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import { toOnnx } from '../../../nas/graph/onnx/model.ts'
import { tf } from '../engines/tfjs.ts'
import { difference, directionalDerivatives, evaluate, forwardGraph, gradientGraph } from './check-op.ts'
import { opCases } from './op-cases/index.ts'
import { differentiable, testAlike } from './test-alike.ts'

const onnxruntime = await onnxRuntime({ threads: 1 })
const tensorflow = await tensorFlow({ tf })

test('every operation has a case here', () => {
  const files = readdirSync(new URL('../../../nas/graph/ops', import.meta.url))
  const covered = [...opCases.map(forwardGraph), ...differentiable.map(gradientGraph)].flatMap(({ nodes }) =>
    nodes.map(({ op }) => `${op.name}.ts`),
  )
  expect([...new Set(covered)].sort()).toEqual(files.sort())
})

testAlike(() => tensorflow, onnxruntime, { operations: 1e-4, gradients: 1e-4 })

test.each(opCases)(
  '$title: the same without NCHWc, and with the operators of exported models',
  async (row) => {
    const graph = forwardGraph(row)
    const expected = await evaluate(onnxruntime, graph, row.inputs)
    for (const options of [{}, { exported: {} }])
      expect(difference(await runModel(toOnnx(graph, options), row.inputs), expected)).toBeLessThan(1e-5)
  },
)

test.each(differentiable)('$title: the same gradient without NCHWc', async (row) => {
  const graph = gradientGraph(row)
  const expected = await evaluate(onnxruntime, graph, row.inputs)
  expect(difference(await runModel(toOnnx(graph), row.inputs), expected)).toBeLessThan(1e-5)
})

test.each(differentiable)('$title: the gradient of finite differences', async (row) => {
  for (const { numeric, analytic, scale } of await directionalDerivatives(onnxruntime, row))
    expect(Math.abs(numeric - analytic)).toBeLessThan(1e-3 * scale)
})

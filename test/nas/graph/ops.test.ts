import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runModel } from '../../../nas/engines/onnxruntime/run-model.ts'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { tensorFlow } from '../../../nas/engines/tensorflow.ts'
import type { Graph } from '../../../nas/graph/graph.ts'
import { toOnnx } from '../../../nas/graph/onnx/model.ts'
import type { Tensors } from '../../../nas/tensor.ts'
import { tf } from '../engines/tfjs.ts'
import { difference, directionalDerivatives, evaluate, forwardGraph, gradientGraph } from './check-op.ts'
import { opCases } from './op-cases/index.ts'

const onnxruntime = await onnxRuntime({ threads: 1 })
const tensorflow = await tensorFlow({ tf })

/** Both engines, and the ONNX model, compute the same. */
async function expectAgreement(graph: Graph, inputs: Tensors) {
  const expected = await evaluate(onnxruntime, graph, inputs)
  expect(difference(await evaluate(tensorflow, graph, inputs), expected)).toBeLessThan(1e-4)
  expect(difference(await runModel(toOnnx(graph), inputs), expected)).toBeLessThan(1e-5)
}

const differentiable = opCases.filter(({ wrt }) => wrt.length > 0)

test('every operation has a case here', () => {
  const files = readdirSync(new URL('../../../nas/graph/ops', import.meta.url))
  const covered = [...opCases.map(forwardGraph), ...differentiable.map(gradientGraph)].flatMap(({ nodes }) =>
    nodes.map(({ op }) => `${op.name}.ts`),
  )
  expect([...new Set(covered)].sort()).toEqual(files.sort())
})

test.each(opCases)('$title: the same in both engines', (row) =>
  expectAgreement(forwardGraph(row), row.inputs),
)

test.each(opCases)('$title: the same with the operators of exported models', async (row) => {
  const graph = forwardGraph(row)
  const expected = await evaluate(onnxruntime, graph, row.inputs)
  const found = await runModel(toOnnx(graph, { exported: {} }), row.inputs)
  expect(difference(found, expected)).toBeLessThan(1e-5)
})

test.each(differentiable)('$title: the same gradient in both engines', (row) =>
  expectAgreement(gradientGraph(row), row.inputs),
)

test.each(differentiable)('$title: the gradient of finite differences', async (row) => {
  for (const { numeric, analytic, scale } of await directionalDerivatives(onnxruntime, row))
    expect(Math.abs(numeric - analytic)).toBeLessThan(1e-3 * scale)
})

import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { onnxRuntime } from '../../../nas/engines/onnxruntime.ts'
import { directionalDerivatives, evaluate, forwardGraph, gradientGraph } from './check-op.ts'
import { opCases } from './op-cases.ts'

const ort = await onnxRuntime({ threads: 1 })

test('every operation has a case here', () => {
  const files = readdirSync(new URL('../../../nas/graph/ops', import.meta.url)).map((file) =>
    file.replace('.ts', ''),
  )
  const covered = opCases.flatMap((row) =>
    [forwardGraph(row), ...(row.wrt.length > 0 ? [gradientGraph(row)] : [])].flatMap(({ nodes }) =>
      nodes.map(({ op }) => op.name),
    ),
  )
  expect([...new Set(covered)].sort()).toEqual(files.sort())
})

describe.each(opCases)('$title', (row) => {
  test.runIf(row.wrt.length > 0)('its gradient is that of finite differences', async () => {
    const gradients = await evaluate(ort, gradientGraph(row), row.inputs)
    for (const { numeric, analytic, scale } of await directionalDerivatives(
      ort,
      row,
      forwardGraph(row),
      gradients,
    ))
      expect(Math.abs(numeric - analytic) / scale).toBeLessThan(2e-3)
  })
})

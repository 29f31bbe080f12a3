import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runModel } from '../../../../nas/engines/onnxruntime/run-model.ts'
import type { Graph } from '../../../../nas/graph/graph.ts'
import { toOnnx } from '../../../../nas/graph/onnx/model.ts'
import { classifierNetwork } from '../../../../nas/pipelines/densenas/classifier-network.ts'
import { classificationGraph } from '../../../../nas/training/classification.ts'
import { noise, segmenter, weightsOf } from './segmenter.ts'

/*
 * Exported models in other programs: ONNX's checker, ONNX Runtime and OpenCV of Python, in the versions that are there.
 * PYTHON=/old/bin/python:/new/bin/python names several.
 */

const pythons = (process.env.PYTHON ?? 'python3').split(delimiter)
const script = fileURLToPath(new URL('readers.py', import.meta.url))

const axes = ['batch', null, 'height', 'width']
const mobileNetV2 = { kind: 'mobilenet-v2', width: 0.25, stride: 8 } as const
const models: Readonly<
  Record<string, { readonly graph: Graph; readonly logits: readonly (string | null)[] }>
> = {
  segmenter: { graph: segmenter('grid', 1, [65, 97]), logits: axes },
  'segmenter with sliding windows': { graph: segmenter('sliding', 1, [65, 97]), logits: axes },
  'segmenter with a decoder': { graph: segmenter('grid', 1, [65, 97], 'mobilenet-v2', true), logits: axes },
  classifier: {
    graph: classificationGraph({ network: classifierNetwork(mobileNetV2, 10), image: [1, 3, 32, 32] }),
    logits: ['batch', null],
  },
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-readers-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each(pythons.flatMap((python) => Object.keys(models).map((name) => [python, name] as const)))(
  '%s reads a %s, with equal results',
  async (python, name) => {
    const { graph, logits } = models[name]!
    const { shape } = graph.inputs.get('image')!.type
    const image = noise(shape, 5)
    const parameters = weightsOf(graph)
    const any = toOnnx(graph, { parameters, exported: { image: axes, logits } })
    const expected = (await runModel(any, { image })).logits!.data
    writeFileSync(join(folder, 'any.onnx'), any)
    writeFileSync(join(folder, 'fixed.onnx'), toOnnx(graph, { parameters, exported: {} }))
    writeFileSync(join(folder, 'image'), image.data)
    writeFileSync(join(folder, 'logits'), expected)
    let read: Readonly<Record<string, number>>
    try {
      read = JSON.parse(execFileSync(python, [script, folder, JSON.stringify(shape)], { encoding: 'utf8' }))
    } catch (error) {
      if (!/ENOENT|No module named 'numpy'/.test(String(error))) throw error
      console.warn(`skipped: ${python} is not there, or has no numpy`)
      return
    }
    console.info(`${name}: ${Object.keys(read).join(', ') || `${python} has nothing that reads ONNX`}`)
    const largest = Math.max(1, ...expected.map(Math.abs))
    for (const [reader, difference] of Object.entries(read)) {
      // OpenCV 5.0 computes pooled branches wrongly, of models of a fixed size as well; 4.11 does not (docs/model.md).
      if (name !== 'classifier' && reader.startsWith('opencv 5.0')) continue
      expect(difference / largest, reader).toBeLessThan(1e-4)
    }
  },
)

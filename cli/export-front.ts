import { rename, rm } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import type { Engine } from '../nas/engines/engine.ts'
import { timeRuns } from '../nas/engines/time-runs.ts'
import { TrellisError } from '../nas/errors.ts'
import { withChecksum } from '../nas/graph/onnx/checksum.ts'
import { anyImages } from '../nas/graph/onnx/image-axes.ts'
import { toOnnx } from '../nas/graph/onnx/model.ts'
import { contracts } from '../nas/pipelines/index.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { plainJsonBytes } from '../nas/store/json.ts'
import { float32, sizeOf } from '../nas/tensor.ts'
import { large, points } from '../report/format.ts'
import { datasetOfRun } from './evaluate/images.ts'
import { findRun, type RunOptions } from './find-run.ts'
import { frontJson, printJson } from './json.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { FrontNetwork } from './pipelines/pipeline.ts'
import { table } from './table.ts'
import { createTerminal } from './terminal.ts'
import { engineFor } from './trained-network.ts'
import { checkAbsent, writeOutput } from './write-output.ts'

export interface ExportFrontOptions extends RunOptions {
  readonly front: string
  readonly json?: boolean
}

/** A file of the folder, and what is known of its network. */
type Row = ReturnType<typeof frontJson.parse>['networks'][number]

/**
 * Writes the networks of a run's front as ONNX models into a folder of their own, with a table, `front.json`: all of them, or nothing.
 * @throws TrellisError `invalid-config` for a pipeline without a front, or a folder that is there already
 */
export async function exportFront(name: string, options: ExportFrontOptions): Promise<void> {
  const folder = resolve(options.front)
  await checkAbsent(folder, '--front')
  const { store, record } = await findRun(name, options)
  const engine = await engineFor(record)
  const front = await pipelineOf(record.config).front(store, record, {
    engine,
    dataset: () => datasetOfRun(store, record, record.dataset),
  })
  if (front === null)
    throw new TrellisError('invalid-config', `runs of ${record.config.pipeline} have no front`, {
      fix: 'leave --front out, and name a file with --onnx',
    })
  const unfinished = `${folder}.${process.pid}.partial`
  const terminal = createTerminal()
  try {
    const rows: Row[] = []
    for await (const network of front.networks) {
      const line = `exporting network ${rows.length + 1} of ${front.total}`
      terminal.show({ block: [[line]], line })
      const file = `${String(rows.length + 1).padStart(2, '0')}.onnx`
      await writeOutput(join(unfinished, file), modelOf(record, network), '--front')
      rows.push(await rowOf(engine, file, network))
    }
    const written = { run: record.run, folder, processor: cpus()[0]!.model, networks: rows }
    await writeOutput(join(unfinished, 'front.json'), plainJsonBytes(written), '--front')
    await rename(unfinished, folder)
    terminal.close()
    if (options.json) printJson(frontJson, written)
    else console.log(inWords(record, written))
  } finally {
    terminal.close()
    await rm(unfinished, { recursive: true, force: true })
  }
}

function modelOf({ run, code, config }: RunRecord, network: FrontNetwork): Uint8Array {
  const { graph, weights, card, trial, genotype, score } = network
  const { score: metric } = contracts.of(config.pipeline).task
  const said = Object.entries({ ...card, genotype, metric, score, run, trial, version: code })
  return withChecksum(
    toOnnx(graph, {
      parameters: weights,
      metadata: Object.fromEntries(said.map(([name, value]) => [name, JSON.stringify(value)])),
      exported: anyImages(graph),
    }),
  )
}

/** With the latency of one image of the size at which networks are scored. */
async function rowOf(engine: Engine, file: string, network: FrontNetwork): Promise<Row> {
  const { graph, weights, trial, score, parameters, multiplyAdds, genotype } = network
  const program = await engine.compile(graph)
  const state = engine.state(weights)
  const { shape } = graph.inputs.get('image')!.type
  const image = float32(shape, new Float32Array(sizeOf(shape)))
  const { shortest } = await timeRuns({
    run: () => program.run(state, { image }),
    now: () => performance.now(),
  })
  state.dispose()
  await program.dispose()
  return { file, trial, score, parameters, multiplyAdds, milliseconds: shortest, genotype }
}

function inWords(record: RunRecord, { folder, processor, networks }: ReturnType<typeof frontJson.parse>) {
  const { score: metric } = contracts.of(record.config.pipeline).task
  return [
    table([
      ['', `${metric}, %`, 'parameters', 'multiply-adds', 'ms'],
      ...networks.map(({ file, score, parameters, multiplyAdds, milliseconds }) => [
        file,
        points(score),
        large(parameters),
        large(multiplyAdds),
        milliseconds.toPrecision(3),
      ]),
    ]),
    `in ${folder}; scores with inherited weights on validation images, ms of one image on this computer (${processor})`,
  ].join('\n')
}

import { availableParallelism } from 'node:os'
import pLimit from 'p-limit'
import { evaluator } from '../containers/topformer/evaluator.ts'
import { cacheSamples } from '../nas/data/cache.ts'
import { openSurveyed } from '../nas/data/survey.ts'
import { onnxRuntime } from '../nas/engines/onnxruntime.ts'
import { readRunOf } from '../nas/pipelines/run.ts'
import { proposalOf } from '../nas/pipelines/topformer/history.ts'
import { topformer } from '../nas/pipelines/topformer/index.ts'
import { readSupernet } from '../nas/pipelines/topformer/inherited.ts'
import type { Evaluated } from '../nas/pipelines/topformer/round.ts'
import type { TopformerRun } from '../nas/pipelines/topformer/run.ts'
import { type Search, searchesOf } from '../nas/pipelines/topformer/searches.ts'
import { evaluateSpec, supernetOf } from '../nas/pipelines/topformer/specs.ts'
import { getFiles } from '../nas/runs/dataset.ts'
import { getResultOf, putResult } from '../nas/runs/result.ts'
import { isScored } from '../nas/runs/rounds.ts'
import { putSpec } from '../nas/runs/trial.ts'
import type { TopformerGenotype } from '../nas/spaces/topformer/genotype.ts'
import { openStore } from '../nas/store/open.ts'
import { median } from './workers.ts'

/*
 * Search efficiency on the trained supernet of a finished run: the best score under its first limit against the number of evaluations, of
 * coordinate descent, random search and evolution, with five seeds each. Networks are proposed and evaluated as in a run; what the store
 * has a result of is not evaluated again, so that the bench can be stopped, and gone on with.
 * Usage: topformer-search.ts STORE RUN [HALF_STEPS [SAMPLES]].
 */

const SEEDS = [1, 2, 3, 4, 5]
const [location = 'trellis-store', run = '', halfSteps = '10', perHalfStep = '20'] = process.argv.slice(2)
const [rounds, samples] = [Number(halfSteps), Number(perHalfStep)]
const store = openStore(location)
const record = await readRunOf(store, run, topformer)
const { dataset, search } = record.config

/** With a seed of its own, which draws what is evaluated; supernet, images and statistics stay those of the run. */
const searching = (seed: number): TopformerRun => ({
  ...record,
  config: {
    ...record.config,
    seed,
    search: {
      ...search,
      samples,
      limit: { ...search.limit, most: search.limit.most.slice(0, 1) },
      // As a round replaces as many as it has samples, those that may be parents are several times as many.
      besides: [
        { kind: 'random' },
        { kind: 'evolution', population: 3 * samples, tournament: Math.max(2, Math.floor(samples / 2)) },
      ],
    },
  },
})

const { fingerprint } = record.dataset
const files = await getFiles(store, run, fingerprint)
const images = cacheSamples(
  await openSurveyed(topformer.task, dataset, openStore, fingerprint, files),
  2 ** 30,
)
if (record.config.supernet.halves !== 'shared') throw new Error('needs a run whose supernet is shared')
const supernet = await readSupernet(store, {
  supernet: supernetOf(record, 'vit'),
  attentionScale: record.config.attentionScale,
  classes: record.dataset.classes.length,
})
const score = await evaluator(
  { engine: await onnxRuntime({ threads: 1 }) },
  { ...supernet, dataset: images, images: search.calibration, seed: record.config.seed },
)
/** A thread each, as jobs have it. */
const atOnce = pLimit(availableParallelism())

let evaluations = 0
async function evaluated(genotype: TopformerGenotype): Promise<Evaluated> {
  const { result: schema } = topformer.task
  const trial = await putSpec(store, evaluateSpec(record, genotype, 'vit'))
  const known = await getResultOf(store, trial, schema)
  const result = known ?? (await score(genotype))
  if (known === undefined) {
    evaluations++
    await putResult(store, trial, result, schema)
  }
  return 'score' in result
    ? { trial, genotype, score: result.score }
    : { trial, genotype, reason: result.reason }
}

/** The best score after each evaluation. */
async function curveOf(of: TopformerRun, each: Search): Promise<readonly number[]> {
  const results: (readonly Evaluated[])[] = []
  for (let round = 0; round < rounds; round++)
    results.push(await atOnce.map(proposalOf(of, each, results), evaluated))
  let best = 0
  return results.flat().map((network) => {
    if (isScored(network)) best = Math.max(best, network.score)
    return best
  })
}

const started = performance.now()
const curves = new Map<string, (readonly number[])[]>()
for (const seed of SEEDS) {
  const of = searching(seed)
  for (const each of searchesOf(of)) {
    const { kind } = each.strategy
    curves.set(kind, [...(curves.get(kind) ?? []), await curveOf(of, each)])
    console.error(`seed ${seed}, ${kind}: ${curves.get(kind)!.at(-1)!.at(-1)!.toFixed(4)}`)
  }
}

const kinds = [...curves.keys()]
const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`)
const header = (cells: readonly string[]) => {
  row(cells)
  row(cells.map(() => '---'))
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1)
console.log(
  `${evaluations} networks evaluated in ${minutes} minutes; best score, median (lowest to highest of ${SEEDS.length} seeds)\n`,
)
header(['evaluations', ...kinds])
for (let n = samples; n <= rounds * samples; n += samples)
  row([
    `${n}`,
    ...kinds.map((kind) => {
      // Where a space has no more networks, a search ends before.
      const best = curves.get(kind)!.map((curve) => curve[Math.min(n, curve.length) - 1]!)
      return `${median(best).toFixed(4)} (${Math.min(...best).toFixed(4)} to ${Math.max(...best).toFixed(4)})`
    }),
  ])

console.log("\nevaluations until random search's best of all, by seed (- where it was not reached)\n")
header(['', ...SEEDS.map((seed) => `seed ${seed}`), 'median'])
for (const kind of kinds) {
  const until = curves.get(kind)!.map((curve, i) => {
    const at = curve.findIndex((best) => best >= curves.get('random')![i]!.at(-1)!)
    return at < 0 ? Number.POSITIVE_INFINITY : at + 1
  })
  row([kind, ...[...until, median(until)].map((n) => (Number.isFinite(n) ? `${n}` : '-'))])
}
process.exit()

import type { Engine } from '../../nas/engines/engine.ts'
import { TrellisError } from '../../nas/errors.ts'
import { RESAMPLES } from '../../nas/metrics/bootstrap.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { meanTestScore, type TestScore, testScoreOf } from '../../nas/tasks/test-score.ts'
import type { Candidate, Ranking } from '../../report/comparison/ranking.ts'
import { findRun, type RunOptions } from '../find-run.ts'
import { evaluationJson, printJson } from '../json.ts'
import { pipelineOf } from '../pipelines/index.ts'
import { warn } from '../show-dataset.ts'
import { createTerminal } from '../terminal.ts'
import { baselinesIn, engineFor, foundAt, predictorOf } from '../trained-network.ts'
import { type Evaluation, evaluated, type Scored, together } from './evaluation.ts'
import { type Images, type ImagesOptions, imagesFor } from './images.ts'
import { evaluationInWords } from './words.ts'

export interface EvaluateOptions extends RunOptions, ImagesOptions {
  readonly rank: string
  /** False where only the network found is scored. */
  readonly baselines: boolean
  readonly json?: boolean
}

/** Scores a network that a run has found, beside its baselines, on labelled images, and prints the scores. */
export async function evaluate(run: string, options: EvaluateOptions): Promise<void> {
  const evaluation = await evaluationOf(run, options)
  if (options.json) printJson(evaluationJson, evaluation)
  else console.log(evaluationInWords(evaluation))
}

async function evaluationOf(name: string, options: EvaluateOptions): Promise<Evaluation> {
  const { store, record } = await findRun(name, options)
  const { ranking, dataset } = await pipelineOf(record.config).compared(store, record)
  const networks = {
    found: [foundAt(options.rank, ranking, record.run)],
    baseline: options.baselines ? baselinesIn(ranking) : [],
  }
  const images = await imagesFor(store, record, dataset, options)
  for (const warning of images.warnings) warn(warning)
  const scored = await scoreAll(store, record, networks, images)
  const groups = options.baselines ? groupsOf(ranking, scored) : []
  const first = scored[0]!.test
  return {
    run: record.run,
    dataset: { source: images.source, fingerprint: images.dataset.fingerprint },
    split: images.split,
    images: first.images,
    score: contracts.of(record.config.pipeline).task.score,
    resamples: RESAMPLES,
    networks: [...scored, ...groups].map((each) => evaluated(each, first)),
  }
}

/** The means of baselines of which there are several. */
const groupsOf = ({ baselines }: Ranking, scored: readonly Scored[]): readonly Scored[] =>
  baselines
    .filter((group) => group.baselines.length > 1)
    .map((group) =>
      together(
        group.name,
        scored.filter(({ name }) => group.baselines.some((each) => each.name === name)),
      ),
    )

type Networks = Readonly<Record<'found' | 'baseline', readonly Candidate[]>>

async function scoreAll(
  store: ObjectStore,
  record: RunRecord,
  networks: Networks,
  images: Images,
): Promise<readonly Scored[]> {
  const terminal = createTerminal()
  const engine = await engineFor(record)
  const all = [...networks.found, ...networks.baseline]
  const total = all.reduce((sum, { trials }) => sum + trials.length, 0)
  let done = 0
  const onTrial = () => {
    const line = `evaluating on ${images.refs.length} images: network ${++done} of ${total}`
    terminal.show({ block: [[line]], line })
  }
  try {
    const scored: Scored[] = []
    for (const kind of ['found', 'baseline'] as const)
      for (const network of networks[kind])
        scored.push(await scoreOne({ store, record, engine, images, onTrial }, network, kind))
    return scored
  } finally {
    terminal.close()
  }
}

interface Scoring {
  readonly store: ObjectStore
  readonly record: RunRecord
  readonly engine: Engine
  readonly images: Images
  readonly onTrial: () => void
}

/** With each seed. */
async function scoreOne(
  { store, record, engine, images, onTrial }: Scoring,
  { name, trials }: Candidate,
  kind: Scored['kind'],
): Promise<Scored> {
  const tests: TestScore[] = []
  for (const { trial } of trials) {
    onTrial()
    const predictor = await predictorOf(store, record, trial)
    const scores = await predictor.score(engine, images.dataset, images.refs)
    if (scores === undefined || scores.images === 0)
      throw new TrellisError(
        'invalid-dataset',
        scores === undefined
          ? `what the network of trial ${trial} predicts there is not finite`
          : `no pixel of the ${images.split} images has a label`,
        { fix: 'evaluate on other images' },
      )
    tests.push(testScoreOf(scores))
  }
  return {
    name,
    kind,
    trials: trials.map(({ seed, trial }, i) => ({ seed, trial, score: tests[i]!.score })),
    test: meanTestScore(tests)!,
  }
}

import type { Json, JsonObject } from '../../../../pipelines/asl.ts'
import type { Reply, Script } from './scripted.ts'

/** What the functions and jobs do that a machine calls, and those that it starts. */
export interface Scenario {
  readonly pipeline: string
  readonly machine: string
  readonly says: string
  /** Whether jobs go to the queue of on-demand instances once they have used up their attempts on spot ones. */
  readonly onDemandAfter: number | undefined
  readonly script: Script
}

/** One job at once, so that there is one order. */
export const INPUT = { run: 'r-1', concurrency: 1 }
export const MANIFEST: readonly Json[] = [{ trials: ['a', 'b'] }, { trials: ['c'] }]

/** A function that answers so, call by call. */
const answers = (...payloads: readonly JsonObject[]): readonly Reply[] =>
  payloads.map((answer) => ({ answer }))
const done: readonly Reply[] = [{ answer: { JobId: 'j', JobName: 'n', Status: 'SUCCEEDED' } }]

const run = 'r-1'
const work = { run, manifest: 'manifest', pending: 2 }
const ends = { Decode: answers({ run }), Finalize: answers({ report: 'runs/r-1/report.html' }) }
/** Called where a job has failed. */
const RecordFailure = answers({})
const rerank = {
  PickTop: answers({ ...work, edition: 'e' }),
  Train: done,
  Correlate: answers({ run, winner: 'w' }),
}

/** A run of each machine of each pipeline in which all goes well, through every state that is there for that. */
const scripts: Readonly<Record<string, Readonly<Record<string, Script>>>> = {
  dpc: {
    Search: {
      Prepare: answers({ round: 0, pretrain: true, cacheFeatures: true }),
      Pretrain: done,
      Features: done,
      // The second round finds all its results in the store.
      Propose: answers({ ...work, round: 0 }, { ...work, round: 1, pending: 0 }),
      ProxyTask: done,
      Aggregate: answers({ run, round: 1, enough: false }, { run, round: 2, enough: true, reason: 'trials' }),
      ...rerank,
      ...ends,
    },
    Revision: { CheckDue: answers({ due: true, survey: true }), Survey: done, ...rerank, ...ends },
  },
  densenas: {
    Search: {
      Prepare: answers({ ...work, trial: 't', latency: true }),
      Latency: done,
      Supernet: done,
      Derive: answers(work),
      Classifier: done,
      Compare: answers({ run, winner: 'w' }),
      ...ends,
    },
  },
  'auto-fpn': {
    Search: {
      Prepare: answers({ ...work, train: true, cacheFeatures: true }),
      Backbone: done,
      Features: done,
      Neck: done,
      DeriveNeck: answers({ ...work, round: 0 }),
      Head: done,
      Propose: answers({ ...work, round: 0 }, { ...work, round: 1, pending: 0 }),
      Evolution: done,
      Aggregate: answers({ run, round: 1, enough: false }, { run, round: 2, enough: true }),
      DeriveHead: answers(work),
      Detector: done,
      Compare: answers({ run, winner: 'w' }),
      ...ends,
    },
  },
  topformer: {
    Search: {
      Prepare: answers({ ...work, round: 0, latency: true, pretrain: true }),
      Latency: done,
      Pretrain: done,
      PrepareSupernets: answers({ ...work, round: 0 }),
      Supernet: done,
      Propose: answers({ ...work, round: 0 }),
      Evaluate: done,
      Aggregate: answers({ run, round: 1, enough: false }, { run, round: 2, enough: true }),
      Derive: answers(work),
      Train: done,
      Compare: answers({ run, winner: 'w' }),
      ...ends,
    },
  },
}

/** What a function or a job does first, before it does what it would, or for good. */
interface Fault {
  readonly says: string
  readonly replies: readonly Reply[]
  readonly forGood?: true
}

/** With all that an expression could stumble over. */
const MESSAGE = `"it" said: C:\\data\n\t{"Cause":"no"} ${'0123456789'.repeat(500)}`

/** As DescribeJobs tells it. */
const described = (ExitCode: number | null, StatusReason: string): Reply => {
  const exit = { ...(ExitCode !== null && { ExitCode }) }
  return {
    failed: {
      JobName: 'n',
      JobId: 'j',
      Status: 'FAILED',
      Attempts: [{ Container: { ...exit, LogStreamName: 'train/default/0' }, StatusReason }],
      StatusReason,
      Container: { ...exit, Reason: 'OutOfMemoryError: "killed"' },
    },
  }
}

const THROWS: Fault = {
  says: 'throws',
  replies: [{ failed: { errorType: 'TrellisError', errorMessage: MESSAGE } }],
  forGood: true,
}
const ofFunctions: readonly Fault[] = [
  THROWS,
  {
    says: 'is throttled, then killed, then called again',
    replies: [
      { refused: 'TooManyRequestsException' },
      { failed: { errorType: 'Runtime.ExitError', errorMessage: 'exit status 137' } },
    ],
  },
]

const DIES: Fault = {
  says: 'dies whatever is tried',
  replies: [described(137, 'Essential container in task exited')],
  forGood: true,
}
const BAD_INPUT: Fault = {
  says: 'finds its input bad',
  replies: [described(2, 'Essential container in task exited')],
  forGood: true,
}
const ofJobs: readonly Fault[] = [
  { says: 'uses up its attempts once', replies: [described(null, 'Host EC2 (instance i-0) terminated.')] },
  DIES,
  BAD_INPUT,
  {
    says: 'is refused twice',
    replies: [{ refused: 'TooManyRequestsException' }, { refused: 'ServerException' }],
  },
  { says: 'is refused for good', replies: [{ refused: 'ClientException' }], forGood: true },
]

const withFault = (script: Script, name: string, { replies, forGood }: Fault): Script => ({
  ...script,
  [name]: forGood ? replies : [...replies, ...script[name]!],
})

/** Where jobs go on demand, what becomes of those that have failed is another. */
const WAYS = [
  { onDemandAfter: undefined, ofFunctions, ofJobs },
  { onDemandAfter: 2, ofFunctions: [], ofJobs: [DIES, BAD_INPUT] },
]

/** That run, and again with each fault of each function and each job. */
function scenariosOf(
  pipeline: string,
  machine: string,
  script: Script,
  jobs: readonly string[],
): readonly Scenario[] {
  const all = { ...script, RecordFailure }
  const failing = withFault(all, jobs.filter((name) => name in script).at(-1)!, DIES)
  return WAYS.flatMap(({ onDemandAfter, ofFunctions, ofJobs }) => {
    const of = (says: string, script: Script): Scenario => ({
      pipeline,
      machine,
      says,
      onDemandAfter,
      script,
    })
    const faulty = Object.keys(script).flatMap((name) =>
      (jobs.includes(name) ? ofJobs : ofFunctions).map((fault) =>
        of(`${name} ${fault.says}`, withFault(all, name, fault)),
      ),
    )
    return [
      of('all goes well', all),
      ...faulty,
      of('why a job has failed cannot be recorded', withFault(failing, 'RecordFailure', THROWS)),
      of('what a run that has failed cost cannot be recorded', withFault(failing, 'Finalize', THROWS)),
    ]
  })
}

/** Paths that a fault does not lead to, and success neither. */
const NOTHING_NEW: Scenario = {
  pipeline: 'dpc',
  machine: 'Revision',
  says: 'nothing is new',
  onDemandAfter: undefined,
  script: { CheckDue: answers({ due: false, survey: false }) },
}

const { Propose: _, Aggregate: __, Evolution: ___, ...withoutEvolution } = scripts['auto-fpn']!.Search!
const NOTHING_EVOLVES: Scenario = {
  pipeline: 'auto-fpn',
  machine: 'Search',
  says: 'nothing evolves',
  onDemandAfter: undefined,
  script: { ...withoutEvolution, DeriveNeck: answers(work) },
}

/** @param jobsOf the names of the jobs of a pipeline */
export const scenarios = (jobsOf: (pipeline: string) => readonly string[]): readonly Scenario[] => [
  NOTHING_NEW,
  NOTHING_EVOLVES,
  ...Object.entries(scripts).flatMap(([pipeline, machines]) =>
    Object.entries(machines).flatMap(([machine, script]) =>
      scenariosOf(pipeline, machine, script, jobsOf(pipeline)),
    ),
  ),
]

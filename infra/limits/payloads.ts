import type { SearchSize } from '../../nas/runs/search-size.ts'
import type { Json, JsonObject, MapState, State, States, TaskState } from '../../pipelines/asl.ts'
import { mapsOf, tasksOf } from '../machines/tasks.ts'
import { type Claim, LIMITS, number } from './limits.ts'
import { shardsOf } from './size.ts'
import { bytes, widen, widestPayload } from './widest.ts'

/** What an answer of AWS has around the part that Trellis asked for: identifiers, times, headers. */
const ENVELOPE = 2048

/** One attempt as DescribeJobs tells it: its task, its log, its reasons. */
const ATTEMPT = 1024
const ATTEMPTS = 10

/** What each kind of Task gets from AWS, in bytes, and how that comes about. */
const RESULTS: Readonly<Record<string, (size: SearchSize) => readonly [bytes: number, arithmetic: string]>> =
  {
    'arn:aws:states:::lambda:invoke': (size) => {
      const answer = widestPayload(size)
      return [ENVELOPE + answer, `answer of a function ${number(ENVELOPE)} + ${number(answer)}`]
    },
    'arn:aws:states:::batch:submitJob.sync': () => [
      LIMITS.jobDefinition + LIMITS.containerOverrides + ATTEMPTS * ATTEMPT,
      `description of a job ${number(LIMITS.jobDefinition)} + ${number(LIMITS.containerOverrides)} + ${ATTEMPTS} attempts x ${number(ATTEMPT)}`,
    ],
    'arn:aws:states:::states:startExecution.sync:2': (size) => {
      const payload = widestPayload(size)
      return [
        ENVELOPE + 2 * payload,
        `description of an execution ${number(ENVELOPE)} + 2 x ${number(payload)}`,
      ]
    },
  }

/** Results are counted twice: while a state hands one on, its input may still be there. */
const COUNTED = 2

/** The largest payloads of a machine, its children included. */
export function payloadClaims(
  what: string,
  machine: Pick<States, 'States'>,
  size: SearchSize,
): readonly Claim[] {
  const results = [...new Set(tasksOf(machine).map(([, { Resource }]) => Resource))].map((resource) => {
    const [result, arithmetic] = RESULTS[resource]!(size)
    return claim(what, result, arithmetic)
  })
  const maps = mapsOf(machine).map(([, map]) => {
    const shards = shardsOf(size)
    const output = childOutput(map, size)
    return claim(
      what,
      2 + shards * (output + 1),
      `outputs of a map 2 + ${number(shards)} jobs x (${number(output)} + 1)`,
    )
  })
  return [...results, ...maps, itemClaim(what, size)]
}

const claim = (machine: string, payload: number, arithmetic: string): Claim => ({
  what: `largest payload of ${machine}`,
  size: COUNTED * payload,
  limit: LIMITS.payload,
  arithmetic: `${COUNTED} x (${arithmetic})`,
})

/** The input of a child execution; on its failure, the reason comes on top. */
function itemClaim(machine: string, size: SearchSize): Claim {
  const input = widestPayload(size)
  return claim(machine, input, `input of a job with ${number(size.trialsPerJob)} trials ${number(input)}`)
}

/** The widest output with which a child of a map can end. */
function childOutput({ ItemProcessor }: MapState, size: SearchSize): number {
  const ends = Object.values(ItemProcessor.States).filter(
    (state) => 'End' in state || state.Type === 'Succeed',
  )
  return Math.max(...ends.map((state) => outputOf(state, size)))
}

const outputOf = (state: State, size: SearchSize): number =>
  'Output' in state && state.Output !== undefined && isLiteral(state.Output)
    ? bytes(state.Output)
    : widestPayload(size)

const isLiteral = (output: Json): boolean => !JSON.stringify(output).includes('{%')

/** What is sent to Batch for one job. */
export function submitClaims(
  [name, { Arguments }]: readonly [string, TaskState],
  size: SearchSize,
): readonly Claim[] {
  const request = (trialsPerJob: number) => widen(Arguments!, { ...size, trialsPerJob }) as JsonObject
  const growing = (part: (request: JsonObject) => Json) => {
    const [fixed, whole] = [0, size.trialsPerJob].map((trials) => bytes(part(request(trials)))) as [
      number,
      number,
    ]
    return {
      size: whole,
      arithmetic:
        whole === fixed
          ? number(fixed)
          : `${number(fixed)} + ${number(whole - fixed)} for ${size.trialsPerJob} trials`,
    }
  }
  return [
    {
      what: `container overrides of ${name}`,
      limit: LIMITS.containerOverrides,
      ...growing(({ ContainerOverrides }) => ContainerOverrides!),
    },
    { what: `request that submits ${name}`, limit: LIMITS.submit, ...growing((whole) => whole) },
  ]
}

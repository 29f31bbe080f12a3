import { z } from 'zod'
import { openEngine } from '../nas/engines/open.ts'
import { TrellisError } from '../nas/errors.ts'
import type { Ended } from '../nas/runs/attempt.ts'
import { firstLine } from '../nas/runs/failure.ts'
import { Interrupted } from '../nas/runs/interrupted.ts'
import { EXIT, type Job } from '../nas/runs/job.ts'
import { runKeys } from '../nas/runs/keys.ts'
import { SMOKE, type SmokeLine } from '../nas/runs/smoke.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { checkMachine } from './check-machine.ts'
import { threadsOf } from './open-context.ts'
import { askMetadata } from './spot-notice.ts'

const A_SECOND = 1000
const AGAIN = 'trellis deploy; if it stays so, please report it'

const environmentSchema = z.object({
  TRELLIS_ENGINE: z.enum(['onnxruntime', 'tensorflow']).default('onnxruntime'),
  AWS_REGION: z.string().optional(),
  AWS_BATCH_CE_NAME: z.string().optional(),
  TRELLIS_SPOT_ENVIRONMENT: z.string().optional(),
})

/**
 * Tries all that a job needs of its machine, whatever it finds, and prints a line of JSON for each.
 * @returns the exit status: nothing of it is worth a retry
 */
export async function smoke(
  job: Job,
  store: ObjectStore,
  signal: AbortSignal,
  print: (line: string) => void = console.log,
): Promise<Ended['exit']> {
  const environment = environmentSchema.parse(process.env)
  const checks: readonly (() => Promise<SmokeLine>)[] = [
    () => checkStore(job, store),
    () => checkCard(job, environment.TRELLIS_ENGINE, signal),
    checkMetadata,
    async () => charged(environment),
    async () => regionOf(environment),
  ]
  let exit: Ended['exit'] = EXIT.done
  for (const check of checks) {
    const line = await check().catch(problemOf)
    if (line.fix !== undefined) exit = EXIT.permanentFailure
    print(JSON.stringify(line))
  }
  return exit
}

function problemOf(thrown: unknown): SmokeLine {
  if (thrown instanceof Interrupted)
    return { what: 'the machine is being taken back', fix: 'trellis doctor --run' }
  const fix = thrown instanceof TrellisError ? thrown.fix : undefined
  return { what: firstLine(thrown), fix: fix ?? AGAIN }
}

/** With the rights that every job has that trains. */
async function checkStore({ run, jobId, attempt }: Job, store: ObjectStore): Promise<SmokeLine> {
  const key = runKeys(run).start(SMOKE, jobId, attempt)
  await store.put(key, new TextEncoder().encode('{}'))
  const found = await store.get(key)
  await store.delete(key)
  if (found !== undefined) return { what: `${store.location} is read and written` }
  return { what: `${store.location} does not give back what was written`, fix: AGAIN }
}

async function checkCard(
  job: Job,
  name: 'onnxruntime' | 'tensorflow',
  signal: AbortSignal,
): Promise<SmokeLine> {
  const engine = await openEngine(name, { device: job.device, threads: threadsOf(job) })
  await checkMachine(engine, signal, A_SECOND)
  return { what: `${name} computes on ${job.device === 'cuda' ? 'the card' : 'the CPU'}` }
}

/** From there comes the notice that a spot instance is about to go. */
async function checkMetadata(): Promise<SmokeLine> {
  const answer = await askMetadata('instance-type').catch(() => undefined)
  if (answer?.ok) return { what: `the metadata service answers: ${await answer.text()}` }
  return { what: 'the metadata service does not answer, so that no spot notice is seen', fix: AGAIN }
}

function charged(environment: z.infer<typeof environmentSchema>): SmokeLine {
  const { AWS_BATCH_CE_NAME: here, TRELLIS_SPOT_ENVIRONMENT: spotEnvironment } = environment
  if (here === undefined) return { what: 'Batch does not say in which environment this is', fix: AGAIN }
  const spot = here === spotEnvironment
  return {
    what: `attempts in ${here} are charged as ${spot ? 'spot' : 'on-demand'} ones`,
    charged: { environment: here, spot },
  }
}

const regionOf = ({ AWS_REGION: region }: z.infer<typeof environmentSchema>): SmokeLine =>
  region === undefined ? { what: 'AWS_REGION is not set', fix: AGAIN } : { what: `region ${region}` }

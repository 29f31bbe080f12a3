import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { deployedFile } from '../../../cli/aws/deployed.ts'
import { handlersOf } from '../../../functions/handlers.ts'
import { pipelines } from '../../../functions/index.ts'
import { MACHINE_NAME, onAws } from '../../../infra/machines/on-aws.ts'
import { writeOutputs } from '../../../infra/outputs.ts'
import { createQueue } from '../../../local/batch/queue.ts'
import { definitionEnvironment } from '../../../local/definition.ts'
import { searchSizeSchema } from '../../../nas/runs/search-size.ts'
import { openStore } from '../../../nas/store/open.ts'
import type { JsonObject } from '../../../pipelines/asl.ts'
import { BUCKET, type Moto, startMoto } from '../../local/interpreter/moto/moto.ts'
import { arnOf, resolved } from '../../local/interpreter/moto/scripted.ts'
import type { Services } from '../../local/interpreter/moto/services.ts'

const STORE = `s3://${BUCKET}`
const JOB = fileURLToPath(new URL('../../../dist/job.js', import.meta.url))

/** The functions and jobs of a pipeline as they are, in this process and in others of this computer. */
function servicesOf(pipeline: string): Services {
  const handlers = handlersOf(pipeline, { store: openStore(STORE) })
  const environmentOf = definitionEnvironment(pipelines.of(pipeline).definition, STORE)
  const queue = createQueue({ bundle: JOB, slots: 2 })
  return {
    async invoke(name, payload) {
      try {
        return { answer: (await handlers[name]!(payload)) as JsonObject }
      } catch (thrown) {
        const { name: errorType, message: errorMessage } = thrown as Error
        return { failed: { errorType, errorMessage } }
      }
    },
    async submit(name, overrides) {
      const environment = { ...environmentOf(name), ...overrides }
      const job = { name, environment, attempts: 1, timeoutSeconds: 600 }
      const { succeeded, attempts } = await queue.submit(job, new AbortController().signal)
      const described = { JobName: name, JobId: 'j', Container: { Reason: attempts.at(-1)!.reason } }
      return succeeded
        ? { answer: { ...described, Status: 'SUCCEEDED' } }
        : { failed: { ...described, Status: 'FAILED' } }
    },
  }
}

/**
 * A deployment in moto with one pipeline, whose machines are those that are deployed, and which this process and its children take for
 * AWS.
 */
export async function startMotoCloud(moto: string, pipeline: string, folder: string): Promise<Moto> {
  const cloud = await startMoto(moto, servicesOf(pipeline))
  for (const [name, value] of Object.entries({ ...cloud.environment, XDG_CONFIG_HOME: folder }))
    vi.stubEnv(name, value)
  const { machines } = pipelines.of(pipeline).definition
  for (const [machine, definition] of Object.entries(machines)) {
    const names = new Map(Object.keys(machines).map((name) => [name, arnOf(name)]))
    names.set('Bucket', BUCKET).set(MACHINE_NAME, machine)
    await cloud.define(arnOf(machine), resolved(onAws(definition, { onDemandAfter: undefined }), names))
  }
  note(folder)
  return cloud
}

/** What `deploy` notes. All pipelines have the machines of that one. */
function note(folder: string): void {
  const outputs = writeOutputs({
    Bucket: BUCKET,
    JobLogs: '/trellis/jobs',
    Dashboard: 'trellis',
    Alarms: '',
    ScheduleGroup: 'trellis',
    ScheduleRole: '',
    MaxCards: 2,
    SearchSize: searchSizeSchema.parse({}),
    cards: {
      cpu: {
        Queue: 'arn:aws:batch:us-east-1:123456789012:job-queue/trellis-cpu',
        machines: Object.fromEntries(
          pipelines
            .all()
            .map(([pipeline, { definition }]) => [
              pipeline,
              Object.fromEntries(Object.keys(definition.machines).map((name) => [name, arnOf(name)])),
            ]),
        ),
      },
    },
  })
  const file = deployedFile('trellis', { account: '123456789012', region: 'us-east-1' })
  if (!file.startsWith(folder)) throw new Error(`${file} is not of the test`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ trellis: outputs }))
}

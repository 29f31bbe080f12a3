import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { JsonObject, StateMachine } from '../../../../pipelines/asl.ts'
import type { Step } from './scripted.ts'
import { type Services, serve } from './services.ts'

export interface Moto {
  /** What a process must have in its environment to use it. */
  readonly environment: Readonly<Record<string, string>>
  define(arn: string, definition: StateMachine): Promise<void>
  put(key: string, text: string): Promise<void>
  /** Executes a machine, which may start others. */
  execute(arn: string, input: JsonObject): Promise<readonly Step[]>
  stop(): Promise<void>
}

export const BUCKET = 'bucket'
const SERVER = fileURLToPath(new URL('server.py', import.meta.url))

/** Starts moto, in which machines call functions and jobs of this process. It also goes when this process does. */
export async function startMoto(folder: string, called: Services): Promise<Moto> {
  const services = await serve(called)
  const jsonata = readdirSync(folder).find((file) => /^jsonata-.*\.jar$/.test(file))!
  const server = spawn(join(folder, 'bin/python'), [SERVER, join(folder, jsonata), services.url], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const gone = once(server, 'exit')
  let errors = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`moto has ended:\n${errors}`)
    return value
  }
  const endpoint = await nextLine()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const options = { endpoint, region: 'us-east-1', credentials }
  const sfn = new SFNClient(options)
  const s3 = new S3Client({ ...options, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  let executions = 0
  return {
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ENDPOINT_URL_BATCH: services.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async define(arn, definition) {
      const name = arn.split(':').at(-1)
      const roleArn = 'arn:aws:iam::123456789012:role/test'
      await sfn.send(new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn }))
    },
    async put(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }))
    },
    async execute(stateMachineArn, input) {
      const start = { stateMachineArn, name: `e${++executions}`, input: JSON.stringify(input) }
      await sfn.send(new StartExecutionCommand(start))
      const steps: Step[] = []
      let running = 0
      do {
        const { type, details } = JSON.parse(await nextLine()) as Event
        if (type === 'ExecutionStarted') running++
        if (type === 'ExecutionSucceeded' || type === 'ExecutionFailed') running--
        const step = stepOf(type, details)
        if (step) steps.push(step)
      } while (running > 0)
      return steps
    },
    async stop() {
      server.stdin.end()
      await gone
      services.stop()
    },
  }
}

interface Event {
  readonly type: string
  readonly details: Readonly<Record<string, string>>
}

function stepOf(type: string, details: Event['details']): Step | undefined {
  if (type.endsWith('StateEntered')) return { enters: details.name!, input: JSON.parse(details.input!) }
  switch (type) {
    case 'TaskScheduled':
      return { asks: JSON.parse(details.parameters!) }
    case 'TaskFailed':
      return { fails: details.error!, cause: details.cause! }
    case 'ExecutionSucceeded':
      return { ends: 'Succeeded', output: JSON.parse(details.output!) }
    case 'ExecutionFailed':
      return { ends: details.error!, cause: details.cause! }
    default:
      return undefined
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn'
import type { Json, JsonObject, StateMachine } from '../../../../pipelines/asl.ts'
import { REFUSAL, REQUEST, type Reply, repliesOf, type Script, type Step } from './scripted.ts'

export interface Moto {
  define(arn: string, definition: StateMachine): Promise<void>
  /** Executes a machine, with functions and jobs that do what the script says. */
  run(arn: string, input: JsonObject, script: Script, manifest: readonly Json[]): Promise<readonly Step[]>
  stop(): Promise<void>
}

export const BUCKET = 'bucket'
const SERVER = fileURLToPath(new URL('server.py', import.meta.url))

/** Starts moto, in which machines call functions and jobs of this process. It also goes when this process does. */
export async function startMoto(python: string, jsonata: string): Promise<Moto> {
  let replyTo: (name: string) => Reply
  const services = createServer((call, reply) => void serve(call, reply, (name) => replyTo(name)))
  services.listen(0, '127.0.0.1')
  await once(services, 'listening')
  const { port } = services.address() as AddressInfo
  const server = spawn(python, [SERVER, jsonata, `http://127.0.0.1:${port}`], {
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
  const options = {
    endpoint: await nextLine(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const sfn = new SFNClient(options)
  const s3 = new S3Client({ ...options, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  let executions = 0
  return {
    async define(arn, definition) {
      const name = arn.split(':').at(-1)
      const roleArn = 'arn:aws:iam::123456789012:role/test'
      await sfn.send(new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn }))
    },
    async run(stateMachineArn, input, script, manifest) {
      const Body = manifest.map((item) => `${JSON.stringify(item)}\n`).join('')
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'manifest', Body }))
      replyTo = repliesOf(script)
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
      services.closeAllConnections()
      services.close()
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

/** Speaks the protocols of Lambda and of Batch, as far as the interpreter calls them. */
async function serve(
  call: IncomingMessage,
  response: ServerResponse,
  replyTo: (name: string) => Reply,
): Promise<void> {
  const body = Buffer.concat(await call.toArray()).toString()
  const answer = (content: unknown, headers: Record<string, string> = {}, status = 200) =>
    response.writeHead(status, { ...headers, 'x-amzn-requestid': REQUEST }).end(JSON.stringify(content))
  const refuse = (code: string) => answer({ message: REFUSAL }, { 'x-amzn-errortype': code }, 400)
  const called = /functions\/(\w+)\/invocations/.exec(call.url!)?.[1]
  if (called !== undefined) {
    const reply = replyTo(called)
    if ('refused' in reply) return void refuse(reply.refused)
    return void ('answer' in reply
      ? answer(reply.answer)
      : answer(reply.failed, { 'x-amz-function-error': 'Unhandled' }))
  }
  if (call.url!.endsWith('/submitjob')) {
    const reply = replyTo((JSON.parse(body) as { jobDefinition: string }).jobDefinition)
    if ('refused' in reply) return void refuse(reply.refused)
    // The id says how the job ends.
    const jobId = JSON.stringify(reply)
    return void answer({ jobId, jobName: 'job' })
  }
  const [jobId] = (JSON.parse(body) as { jobs: string[] }).jobs
  const reply = JSON.parse(jobId!) as Exclude<Reply, { refused: string }>
  return void answer({ jobs: [camelCase('answer' in reply ? reply.answer : reply.failed)] })
}

/** Batch has names in camel case, for which Step Functions has Pascal case. */
const camelCase = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(camelCase)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, part]) => [
      key[0]!.toLowerCase() + key.slice(1),
      camelCase(part),
    ]),
  )
}

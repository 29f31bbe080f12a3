import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Json, JsonObject } from '../../../../pipelines/asl.ts'
import { REFUSAL, REQUEST, type Reply } from './scripted.ts'

/** What functions and jobs do. */
export interface Services {
  invoke(name: string, payload: Json): Promise<Reply>
  /** Runs a job to its end. */
  submit(definition: string, environment: Readonly<Record<string, string>>): Promise<Reply>
}

interface Submission {
  readonly jobDefinition: string
  readonly containerOverrides: { readonly environment: readonly { name: string; value: string }[] }
}

/** How long a description of a job that runs is held back, in ms: an answer sooner would be asked for again at once. */
const PATIENCE = 1000

/** A server that speaks the protocols of Lambda and of Batch, as far as they are used. */
export async function serve(services: Services): Promise<{ readonly url: string; stop(): void }> {
  const jobs: Promise<Reply>[] = []

  async function describe(id: string): Promise<Json> {
    const reply = await Promise.race([jobs[Number(id)]!, setTimeout(PATIENCE, undefined)])
    if (reply === undefined) return { jobId: id, status: 'RUNNING' }
    return camelCase('answer' in reply ? reply.answer : (reply as { failed: JsonObject }).failed)
  }

  async function answerTo(call: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await call.toArray()).toString()
    const answer = (content: unknown, headers: Record<string, string> = {}, status = 200) =>
      response.writeHead(status, { ...headers, 'x-amzn-requestid': REQUEST }).end(JSON.stringify(content))
    const refuse = (code: string) => answer({ message: REFUSAL }, { 'x-amzn-errortype': code }, 400)
    const called = /functions\/(\w+)\/invocations/.exec(call.url!)?.[1]
    if (called !== undefined) {
      const reply = await services.invoke(called, JSON.parse(body))
      if ('refused' in reply) refuse(reply.refused)
      else if ('answer' in reply) answer(reply.answer)
      else answer(reply.failed, { 'x-amz-function-error': 'Unhandled' })
    } else if (call.url === '/v1/submitjob') {
      const { jobDefinition, containerOverrides } = JSON.parse(body) as Submission
      const environment = containerOverrides.environment.map(({ name, value }) => [name, value] as const)
      const job = services.submit(jobDefinition, Object.fromEntries(environment))
      // Batch refuses at once.
      const reply = await Promise.race([job, setTimeout(0, undefined)])
      if (reply !== undefined && 'refused' in reply) return void refuse(reply.refused)
      answer({ jobId: String(jobs.push(job) - 1), jobName: 'job' })
    } else if (call.url === '/v1/describejobs') {
      answer({ jobs: await Promise.all((JSON.parse(body) as { jobs: string[] }).jobs.map(describe)) })
    } else answer({ jobSummaryList: [] })
  }

  const server = createServer((call, response) => {
    answerTo(call, response).catch(() => call.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
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

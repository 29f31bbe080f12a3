import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** How a call can go wrong. */
export const FAULTS = ['throttled', 'conflict', 'reply lost', 'body broken off'] as const
export type Fault = (typeof FAULTS)[number]

/** What S3 answers to a call that it does not serve. */
const REFUSALS = {
  throttled: { status: 503, code: 'SlowDown' },
  conflict: { status: 409, code: 'ConditionalRequestConflict' },
} as const

export interface FaultyProxy {
  readonly endpoint: string
  /** Calls so far that went wrong. */
  readonly faults: Readonly<Record<Fault, number>>
  stop(): Promise<void>
}

/** Stands before a server, and lets calls to it go wrong. */
export async function faultyProxy(
  server: string,
  faultOf: (method: string) => Fault | undefined,
): Promise<FaultyProxy> {
  const faults = { throttled: 0, conflict: 0, 'reply lost': 0, 'body broken off': 0 }

  async function serve(call: IncomingMessage, reply: ServerResponse) {
    const fault = faultOf(call.method!)
    if (fault === 'throttled' || fault === 'conflict') {
      faults[fault]++
      const { status, code } = REFUSALS[fault]
      await once(call.resume(), 'end')
      reply.writeHead(status).end(`<Error><Code>${code}</Code></Error>`)
      return
    }
    const { expect: _, ...headers } = call.headers
    const forwarded = request(server + call.url, { method: call.method, headers })
    call.pipe(forwarded)
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage]
    const body = Buffer.concat(await answer.toArray())
    if (fault === 'reply lost') {
      faults['reply lost']++
      call.socket.destroy()
      return
    }
    reply.writeHead(answer.statusCode!, answer.headers)
    if (fault === 'body broken off' && body.length > 1) {
      faults['body broken off']++
      reply.write(body.subarray(0, body.length / 2), () => call.socket.destroy())
      return
    }
    reply.end(body)
  }

  const proxy = createServer((call, reply) => {
    serve(call, reply).catch(() => call.socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as { port: number }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    faults,
    async stop() {
      proxy.closeAllConnections()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

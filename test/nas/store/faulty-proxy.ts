import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { random } from '../../../nas/random.ts'

/** How a call can go wrong. */
const FAULTS = ['refused', 'reply lost', 'body broken off'] as const

export interface FaultyProxy {
  readonly endpoint: string
  /** Calls so far that went wrong. */
  readonly faults: Record<(typeof FAULTS)[number], number>
  stop(): Promise<void>
}

/** Stands before a server, and fails one call in five. */
export async function faultyProxy(server: string): Promise<FaultyProxy> {
  const draws = random(0, 'faults')
  const faults = { refused: 0, 'reply lost': 0, 'body broken off': 0 }

  async function serve(call: IncomingMessage, reply: ServerResponse) {
    const fault = draws.integer(5) === 0 ? draws.pick(FAULTS) : undefined
    if (fault === 'refused') {
      faults.refused++
      await once(call.resume(), 'end')
      reply.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
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

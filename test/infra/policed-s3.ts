import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Right } from './rights.ts'

export interface PolicedS3 {
  /** What a process must have in its environment to use it in a role. */
  environment(role: string): Readonly<Record<string, string>>
  /** What was asked for and not allowed, as "role action key". */
  readonly refused: readonly string[]
  /** The rights of a role without which something would have been refused. */
  used(role: string): ReadonlySet<Right>
  /** Of all objects that are there, or were. */
  keys(): readonly string[]
  stop(): Promise<void>
}

/** May do everything. */
export const ADMINISTRATOR = 'administrator'

const ACTIONS: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  PUT: 's3:PutObject',
  DELETE: 's3:DeleteObject',
}

/** One bucket of an S3 server, in memory, that lets a caller do what the rights of its role allow. */
export async function policedS3(rights: ReadonlyMap<string, readonly Right[]>): Promise<PolicedS3> {
  const objects = new Map<string, Buffer>()
  const refused: string[] = []
  const written = new Set<string>()
  const used = new Map<string, Set<Right>>()

  function isAllowed(role: string, action: string, key: string): boolean {
    if (role === ADMINISTRATOR) return true
    const right = rights.get(role)?.find((each) => each.action === action && each.covers(key))
    if (right === undefined) refused.push(`${role} ${action} ${key}`)
    else used.set(role, (used.get(role) ?? new Set()).add(right))
    return right !== undefined
  }

  async function serve(call: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = Buffer.concat(await call.toArray())
    const answer = (status: number, content: string | Buffer = '') => reply.writeHead(status).end(content)
    const fail = (status: number, code: string) => answer(status, `<Error><Code>${code}</Code></Error>`)
    // The access key names the role.
    const role = /Credential=([\w-]+)\//.exec(call.headers.authorization ?? '')![1]!
    const { pathname, searchParams } = new URL(call.url!, 'http://s3')
    const key = decodeURIComponent(pathname).replace(/^\/bucket\/?/, '')
    if (key === '') {
      if (!isAllowed(role, 's3:ListBucket', key)) return void fail(403, 'AccessDenied')
      const prefix = searchParams.get('prefix') ?? ''
      const found = [...objects.keys()].filter((each) => each.startsWith(prefix)).sort()
      const contents = found.map((each) => {
        const tag = createHash('md5').update(objects.get(each)!).digest('hex')
        return `<Contents><Key>${each}</Key><ETag>${tag}</ETag></Contents>`
      })
      return void answer(200, `<ListBucketResult>${contents.join('')}</ListBucketResult>`)
    }
    if (!isAllowed(role, ACTIONS[call.method!]!, key)) return void fail(403, 'AccessDenied')
    const object = objects.get(key)
    switch (call.method) {
      case 'PUT':
        if (call.headers['if-none-match'] === '*' && object) return void fail(412, 'PreconditionFailed')
        objects.set(key, body)
        written.add(key)
        return void answer(200)
      case 'DELETE':
        objects.delete(key)
        return void answer(204)
      default:
        if (object) return void answer(200, object)
        // As S3: who may not list is not told that there is nothing.
        return isAllowed(role, 's3:ListBucket', '')
          ? void fail(404, 'NoSuchKey')
          : void fail(403, 'AccessDenied')
    }
  }

  const server = createServer((call, reply) => {
    serve(call, reply).catch(() => call.socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    environment: (role) => ({
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: role,
      AWS_SECRET_ACCESS_KEY: 'test',
    }),
    refused,
    keys: () => [...written],
    used: (role) => used.get(role) ?? new Set(),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

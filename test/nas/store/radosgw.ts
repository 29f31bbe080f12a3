import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HANG_MS } from '../../hang.ts'

/** An S3 server on loopback. */
export interface S3Server {
  readonly endpoint: string
  /** What a process must have in its environment to use it. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'monmaptool']
const missing = PROGRAMS.filter((program) => spawnSync(program, ['--version']).error !== undefined)

export const radosgwInstalled = missing.length === 0
if (!radosgwInstalled)
  console.warn(
    `S3 tests are skipped: ${missing.join(', ')} not installed (apt-get install radosgw ceph-mon ceph-osd)`,
  )

const SCRIPT = fileURLToPath(new URL('../../../scripts/radosgw.sh', import.meta.url))

/** Starts Ceph's S3 gateway with everything it needs; it also goes when this process does. */
export async function startRadosgw(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'trellis-radosgw-'))
  const [monitor, port] = await freePorts(2)
  const server = spawn('sh', [SCRIPT, folder, String(monitor), String(port)], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const gone = once(server, 'exit')
  let errors = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const endpoint = `http://127.0.0.1:${port}`
  const deadline = performance.now() + HANG_MS
  while (!(await answers(endpoint))) {
    if (server.exitCode !== null || performance.now() > deadline)
      throw new Error(`radosgw did not start:\n${errors}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    async stop() {
      server.stdin.end()
      await gone
      await rm(folder, { recursive: true })
    },
  }
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    ({ ok }) => ok,
    () => false,
  )

/** Ports that nobody listens on; all are asked for before any is given back. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as { port: number }
      server.close()
      await once(server, 'close')
      return port
    }),
  )
}

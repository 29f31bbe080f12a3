import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { onSpotNotice } from '../../containers/spot-notice.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import { backboneKeys } from '../../nas/runs/inputs.ts'
import { EXIT } from '../../nas/runs/job.ts'

import { folderStore } from '../../nas/store/folder.ts'
import { HANG_MS } from '../hang.ts'
import { recordRun, runJob } from './job.ts'

const TOKEN = 'a token'
const SOON = { timeout: HANG_MS }

/** Instance metadata (IMDSv2) on loopback. It has a notice when told so. */
async function instanceMetadata(notice: boolean) {
  const state = { notice, asked: 0 }
  const server = createServer(({ method, url, headers }, reply) => {
    state.asked++
    const isToken = method === 'PUT' && url === '/latest/api/token'
    if (isToken && headers['x-aws-ec2-metadata-token-ttl-seconds']) return void reply.end(TOKEN)
    if (headers['x-aws-ec2-metadata-token'] !== TOKEN) return void reply.writeHead(401).end()
    const given = state.notice && url === '/latest/meta-data/spot/instance-action'
    reply
      .writeHead(given ? 200 : 404)
      .end(given ? '{"action":"terminate","time":"2026-11-22T08:22:00Z"}' : '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { state, endpoint: `http://127.0.0.1:${port}` }
}

const onBatch = (endpoint: string) => ({
  AWS_BATCH_JQ_NAME: 'queue',
  AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
})

afterEach(() => {
  vi.useRealTimers()
})

it('is called back once, when there is a notice and not before', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { state, endpoint } = await instanceMetadata(false)
  const callback = vi.fn()
  onSpotNotice(callback, onBatch(endpoint))
  await vi.waitFor(() => expect(state.asked).toBe(2), SOON)
  vi.advanceTimersByTime(5000)
  await vi.waitFor(() => expect(state.asked).toBe(4), SOON)
  expect(callback).not.toHaveBeenCalled()

  state.notice = true
  vi.advanceTimersByTime(5000)
  await vi.waitFor(() => expect(callback).toHaveBeenCalledOnce(), SOON)
  expect(vi.getTimerCount()).toBe(0)
})

it('asks nothing where jobs do not run on AWS Batch', async () => {
  const { state, endpoint } = await instanceMetadata(true)
  const callback = vi.fn()
  onSpotNotice(callback, { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(state.asked).toBe(0)
  expect(callback).not.toHaveBeenCalled()
})

it('makes a job leave a checkpoint and ask to be started again', async () => {
  const { endpoint } = await instanceMetadata(true)
  const folder = await mkdtemp(join(tmpdir(), 'trellis-spot-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const store = folderStore(folder)
  const record = await recordRun(store, 'r')
  const ended = await runJob({ job: 'pretrain', run: 'r', store, environment: onBatch(endpoint) })
  expect(ended).toEqual({ exitCode: EXIT.retry, stderr: '' })
  const keys = backboneKeys(backboneKey(record))
  expect(await store.get(keys.checkpoint)).toBeDefined()
  expect(await store.get(keys.manifest)).toBeUndefined()
})

import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provider, say, small } from './setting.ts'

/* A whole search of the `dpc` pipeline on the street, whose jobs run on the card. */

const SMALLER = [
  'search.perRound=4',
  'budget.trials=4',
  'rerank.top=1',
  'rerank.seeds=[0]',
  'rerank.baselines={aspp: true, random: 0}',
  ...(small
    ? [
        'proxy.steps=4',
        'rerank.steps=4',
        'backbone.pretrain.steps=4',
        'dataset.images=16',
        'dataset.validation=4',
        'dataset.test=4',
      ]
    : ['backbone.pretrain.steps=200']),
]

export async function search(): Promise<void> {
  const store = mkdtempSync(join(tmpdir(), 'trellis-kit-'))
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  // Each job has a context of its own on the card.
  const settings = [...SMALLER, 'compute.concurrency=2'].flatMap((setting) => ['--set', setting])
  const args = [here('trellis.js'), 'search', here('../dpc-street.yaml'), '--store', store, ...settings]
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, TRELLIS_DEVICE: provider },
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  say(`ended with ${code} after ${((performance.now() - began) / 1000).toFixed(0)} s`)
  if (code !== 0) process.exitCode = 1
}

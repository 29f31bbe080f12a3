import { readFileSync } from 'node:fs'
import { TrellisError } from '../nas/errors.ts'
import { pipelines } from './pipelines/index.ts'
import type { Counter } from './pipelines/pipeline.ts'

/** The network in a file, in any notation of any pipeline. @throws TrellisError `invalid-genotype` */
export function readNetworkFile(path: string): Counter {
  const text = readText(path)
  const file = { text, json: parseJson(text) }
  for (const [, { count }] of pipelines.all()) {
    const counter = count.read(file)
    if (counter !== undefined) return counter
  }
  throw unreadable(`${path} holds no network in a notation that Trellis knows`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw unreadable(`cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, cause)
  }
}

/** Undefined for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadable(message: string, cause?: unknown): TrellisError {
  const others = pipelines.all().flatMap(([, { count }]) => count.notation ?? [])
  const notations = ["a network's genotype.json", ...others]
  return new TrellisError('invalid-genotype', message, {
    fix: `give ${new Intl.ListFormat('en-US', { type: 'disjunction' }).format(notations)}`,
    cause,
  })
}

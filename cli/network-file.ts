import { readFileSync } from 'node:fs'
import { TrellisError } from '../nas/errors.ts'
import { pipelines } from './pipelines/index.ts'
import type { Counter } from './pipelines/pipeline.ts'

/** The network in a file, in any notation of any pipeline. @throws TrellisError `invalid-genotype` */
export function readNetworkFile(path: string): Counter {
  const text = readText(path)
  const { json, error } = parseJson(text)
  for (const [, { count }] of pipelines.all()) {
    const counter = count.read({ text, json })
    if (counter !== undefined) return counter
  }
  if (error === undefined) throw unreadable(`${path}: the key space must be one of ${spaces()}`)
  // Other notations are text as well: this one is meant to be JSON.
  if (/^\s*[[{]/.test(text)) throw unreadable(`${path} is not valid JSON: ${error.message}`, error)
  throw unreadable(`${path} holds no network in a notation that Trellis knows`)
}

const spaces = (): string =>
  pipelines
    .all()
    .flatMap(([, { count }]) => (count.space === null ? [] : JSON.stringify(count.space)))
    .join(', ')

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw unreadable(`cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, cause)
  }
}

function parseJson(text: string): { readonly json?: unknown; readonly error?: Error } {
  try {
    return { json: JSON.parse(text) }
  } catch (error) {
    return { error: error as Error }
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

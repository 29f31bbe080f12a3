import { TrellisError } from '../nas/errors.ts'
import { type InputKind, MEGABYTE, readInputText } from '../nas/store/input-file.ts'
import { pipelines } from './pipelines/index.ts'
import type { Counter } from './pipelines/pipeline.ts'

/** The network in a file, in any notation of any pipeline. @throws TrellisError `invalid-genotype` */
export function readNetworkFile(path: string): Counter {
  const text = readInputText(path, networkKind())
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

function parseJson(text: string): { readonly json?: unknown; readonly error?: Error } {
  try {
    return { json: JSON.parse(text) }
  } catch (error) {
    return { error: error as Error }
  }
}

function networkKind(): InputKind {
  const others = pipelines.all().flatMap(([, { count }]) => count.notation ?? [])
  const notations = ["a network's genotype.json", ...others]
  return {
    what: 'network',
    limit: MEGABYTE,
    code: 'invalid-genotype',
    fix: `give ${new Intl.ListFormat('en-US', { type: 'disjunction' }).format(notations)}`,
  }
}

function unreadable(message: string, cause?: unknown): TrellisError {
  const { code, fix } = networkKind()
  return new TrellisError(code, message, { fix, cause })
}

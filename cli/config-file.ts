import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { TrellisError } from '../nas/errors.ts'
import { parseConfig } from '../nas/pipelines/parse-config.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { applyOverrides } from '../nas/runs/overrides.ts'
import { pipelineOf } from './pipelines/index.ts'

/**
 * The validated configuration in a YAML file, with the overrides of the command line applied in order.
 *
 * Paths in it count from the current folder and come out absolute: a run may be resumed from another one.
 * @throws TrellisError `invalid-config`; of a file that is not YAML it names the line and the column
 */
export function readConfig(file: string, overrides: readonly string[] = []): RunConfig {
  const raw = applyOverrides(parseYaml(file, readText(file)), overrides)
  const config = parseConfig(raw, file)
  const { dataset, store } = config
  return {
    ...pipelineOf(config).withAbsolutePaths(config, absolute),
    dataset: dataset.path === undefined ? dataset : { ...dataset, path: absolute(dataset.path) },
    store: absolute(store),
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new TrellisError(
      'invalid-config',
      `cannot read ${file}: ${(cause as NodeJS.ErrnoException).code}`,
      { fix: 'name a YAML file; examples/ has some to start from', cause },
    )
  }
}

function parseYaml(file: string, text: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    throw notYaml(`${file}:${line}:${col}`, error)
  }
  try {
    return document.toJS()
  } catch (error) {
    // An alias without an anchor is found only here.
    throw notYaml(file, error as Error)
  }
}

const notYaml = (place: string, cause: Error): TrellisError =>
  new TrellisError('invalid-config', `${place}: ${cause.message}`, { fix: 'correct the YAML there', cause })

const absolute = (path: string): string => (path.includes('://') ? path : resolve(path))

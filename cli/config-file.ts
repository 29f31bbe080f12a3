import { resolve } from 'node:path'
import { TrellisError } from '../nas/errors.ts'
import { parseConfig } from '../nas/pipelines/parse-config.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { applyOverrides } from '../nas/runs/overrides.ts'
import { parseYaml } from '../nas/runs/yaml.ts'
import { type InputKind, MEGABYTE, readInputText } from '../nas/store/input-file.ts'
import { expandHome } from './expand-home.ts'
import { pipelineOf } from './pipelines/index.ts'

/**
 * The validated configuration in a YAML file, with the overrides of the command line applied in order.
 *
 * Paths in it count from the current folder and come out absolute: a run may be resumed from another one.
 * @throws TrellisError `invalid-config`; of a file that is not YAML it names the line and the column
 */
export function readConfig(file: string, overrides: readonly string[] = []): RunConfig {
  const raw = parseYaml(readInputText(file, CONFIGURATION), file)
  const config = withOverrides(raw, file, overrides)
  const { dataset, store } = config
  return {
    ...pipelineOf(config).withAbsolutePaths(config, absolute),
    dataset: withAbsolutePath(dataset),
    store: absolute(store),
  }
}

function withOverrides(raw: unknown, file: string, overrides: readonly string[]): RunConfig {
  const all = applyOverrides(raw, overrides)
  try {
    return parsed(all, file)
  } catch (thrown) {
    const source = sourceOf(raw, file, overrides)
    if (source === file) throw thrown
    return parsed(all, source)
  }
}

/** Of an override in an error. */
const LONGEST = 200

/** What is to blame where a configuration is wrong: the file, or the first override after which it is. */
function sourceOf(raw: unknown, file: string, overrides: readonly string[]): string {
  if (!isValid(raw)) return file
  const culprit = overrides.find((_, i) => !isValid(applyOverrides(raw, overrides.slice(0, i + 1))))
  return culprit === undefined ? file : `--set ${culprit.slice(0, LONGEST)}`
}

function isValid(raw: unknown): boolean {
  try {
    parsed(raw, '')
    return true
  } catch {
    return false
  }
}

function parsed(raw: unknown, source: string): RunConfig {
  const config = parseConfig(expandHome(raw), source)
  checkLimit(config.dataset, source)
  return config
}

/**
 * The `dataset` of a YAML file, for a task that another configuration has; whatever else the file holds is left aside.
 * @throws TrellisError `invalid-config`
 */
export function readDatasetSection(file: string, config: RunConfig): RunConfig['dataset'] {
  const raw = parseYaml(readInputText(file, CONFIGURATION), file) as { readonly dataset?: unknown } | null
  const { dataset } = parseConfig({ ...config, dataset: raw?.dataset }, file)
  checkLimit(dataset, file)
  return withAbsolutePath(dataset)
}

/** Here and not in the schema, by which runs are read that were started with such a limit. */
function checkLimit(
  dataset: RunConfig['dataset'] & { readonly limit?: { readonly test?: number }; readonly test?: unknown },
  file: string,
): void {
  if (dataset.limit?.test === undefined || dataset.test !== undefined) return
  throw new TrellisError(
    'invalid-config',
    `${file}: dataset.limit.test limits nothing: no test images are named`,
    {
      fix:
        dataset.kind === 'cityscapes' || dataset.kind === 'bdd100k'
          ? 'leave it out: the labels of its test images are not public'
          : 'name some as dataset.test, or leave it out',
    },
  )
}

const withAbsolutePath = (dataset: RunConfig['dataset']): RunConfig['dataset'] =>
  dataset.path === undefined ? dataset : { ...dataset, path: absolute(dataset.path) }

const CONFIGURATION: InputKind = {
  what: 'configuration',
  limit: MEGABYTE / 4,
  code: 'invalid-config',
  fix: 'name a YAML file; examples/ has some to start from',
}

const absolute = (path: string): string => (path.includes('://') ? path : resolve(path))

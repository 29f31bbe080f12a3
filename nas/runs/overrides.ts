import { TrellisError } from '../errors.ts'
import { parseYaml } from './yaml.ts'

/**
 * Applies `section.key=value` overrides of the command line to a raw configuration, in order; values are YAML.
 * Returns a new object. Whether the keys exist is for `parseConfig` to say.
 * @throws TrellisError `invalid-config` for an override of another form
 */
export const applyOverrides = (raw: unknown, overrides: readonly string[]): unknown =>
  overrides.reduce(override, raw)

/** Of an override in an error. */
const LONGEST = 200

function override(raw: unknown, text: string): unknown {
  const split = text.indexOf('=')
  const path = text.slice(0, Math.max(split, 0)).split('.')
  if (path.includes('')) {
    throw new TrellisError('invalid-config', `--set ${text} is not of the form key.key=value`, {
      fix: 'e.g. --set budget.trials=32',
    })
  }
  try {
    return replace(raw, path, parseYaml(text.slice(split + 1), 'the value'))
  } catch (cause) {
    const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text
    throw new TrellisError('invalid-config', `--set ${short}: the value is not YAML`, {
      fix: 'quote it',
      cause,
    })
  }
}

function replace(raw: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const section = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw : {}
  return { ...section, [key]: replace((section as Record<string, unknown>)[key], rest, value) }
}

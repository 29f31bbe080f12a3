/**
 * How an object of the store may change.
 *
 * `once`: put if absent; the first stays, and later writes change nothing. `claimed`: put if absent; only its writer replaces it.
 * `latest`: replaced by what is newer. `temporary`: deleted, or of no use, once what it is for is done. `input`: a user's own;
 * no run changes it, and no rule removes it.
 */
export type Policy = 'once' | 'claimed' | 'latest' | 'temporary' | 'input'

/** Which objects of the store some part of Trellis writes. */
export interface StoreLayout {
  /** By a pattern of their keys, of which the first that matches counts; `*` stands for any text without a slash. */
  readonly objects: Readonly<Record<string, Policy>>
  /** Prefixes whose objects any run can make again, and that therefore expire. The manifest of such objects is written last. */
  readonly caches: readonly string[]
}

/** What the runs of all pipelines write. */
export const SHARED_LAYOUT: StoreLayout = {
  objects: {
    'runs/*/config.json': 'once',
    'runs/*/sessions/*.json': 'claimed',
    'runs/*/datasets/*.json': 'latest',
    'runs/*/ledger/*.json': 'latest',
    'runs/*/ledger.json': 'latest',
    'runs/*/starts/*/*.json': 'temporary',
    'runs/*/failures/*.json': 'latest',
    'runs/*/job-failure.json': 'temporary',
    'runs/*/decoded/*': 'latest',
    'runs/*/summary.json': 'latest',
    'runs/*/report.html': 'latest',
    'trials/*/spec.json': 'latest',
    'trials/*/checkpoint.safetensors': 'temporary',
    'trials/*/weights.safetensors': 'latest',
    'trials/*/model.onnx': 'latest',
    'trials/*/predictions/*.png': 'latest',
    'trials/*/result.json': 'once',
    'latencies/*/table.json': 'once',
    'datasets/*': 'input',
  },
  caches: [],
}

export const joinLayouts = (layouts: readonly StoreLayout[]): StoreLayout => ({
  objects: Object.assign({}, ...layouts.map(({ objects }) => objects)),
  // Pipelines that search on a trained backbone share its caches.
  caches: [...new Set(layouts.flatMap(({ caches }) => caches))],
})

/** The first segments of all keys, each once. @param policies of the objects that count; all, unless said otherwise */
export const prefixesOf = (
  { objects }: StoreLayout,
  counts: (policy: Policy) => boolean = () => true,
): readonly string[] => [
  ...new Set(
    Object.entries(objects)
      .filter(([, policy]) => counts(policy))
      .map(([pattern]) => pattern.slice(0, pattern.indexOf('/'))),
  ),
]

/** Undefined for a key that no pattern matches. */
export function policyOf(layout: StoreLayout, key: string): Policy | undefined {
  const pattern = patternOf(layout, key)
  return pattern === undefined ? undefined : layout.objects[pattern]
}

/** The pattern of a key: the kind of the object. Undefined where none matches. */
export const patternOf = ({ objects }: StoreLayout, key: string): string | undefined =>
  Object.keys(objects).find((pattern) => matcher(pattern).test(key))

const matchers = new Map<string, RegExp>()

function matcher(pattern: string): RegExp {
  const known = matchers.get(pattern)
  if (known !== undefined) return known
  const made = new RegExp(`^${pattern.split('*').map(escaped).join('[^/]+')}$`)
  matchers.set(pattern, made)
  return made
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

import { z } from 'zod'
import { count } from '../../bounds.ts'
import { TrellisError } from '../../errors.ts'
import { WORDS } from '../../words.ts'
import type { PyramidBlock, TopformerNetwork } from './network.ts'
import type { TransformerStage } from './semantics.ts'

/** Levels of the pyramid. */
const LEVELS = 4

const width = count(4096)
const ratio = z.number().min(0.1).max(16)
const row = z.tuple([z.literal([3, 5, 7]), count(16), width, z.literal([1, 2])])
/** One for all stages of the transformer, or one each. */
const each = <T extends z.ZodType>(number: T) => z.union([number, z.array(number).min(1).max(16)])

const configSchema = z.object({
  cfg: z
    .array(row)
    .min(LEVELS + 1)
    .max(64),
  stem: width,
  channels: z.array(width).length(LEVELS),
  outc: width,
  embed_idx: z.array(z.int()).length(LEVELS),
  key_dim: each(count(1024)),
  heads: each(count(64)),
  attn: each(ratio),
  mlp: each(ratio),
  depths: each(count(16)),
  is_dw: z.boolean().optional(),
  activation: z.literal(['relu', 'relu6']).optional(),
})

type Config = z.infer<typeof configSchema>

/**
 * A network from the settings of the released code (hustvl/TopFormer, wmkai/NAS): `{"config": {"cfg": [[kernel, expansion, channels,
 * stride], …], "stem", "channels", "outc", "embed_idx", "key_dim", "heads", "attn", "mlp", "depths"}}`. A single number of
 * depths counts blocks that are alike; lists hold one number a stage.
 * @throws TrellisError `invalid-genotype` naming the first offending setting
 */
export function fromTopformerConfig(value: unknown): TopformerNetwork {
  const parsed = z.object({ config: configSchema }).safeParse(value, WORDS)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw invalid(`${path.join('.')}: ${message}`)
  }
  const { config } = parsed.data
  const { stem, outc: injection, is_dw: depthwiseHead = false, activation = 'relu' } = config
  const stages = stagesOf(config)
  return {
    stem,
    stages,
    transformers: transformersOf(config),
    injection,
    depthwiseHead,
    activation,
    attentionScale: false,
  }
}

/** Every level begins with a stride and ends where `embed_idx` says so. */
function stagesOf({ cfg, channels, embed_idx }: Config): readonly (readonly PyramidBlock[])[] {
  const stages: PyramidBlock[][] = [[]]
  for (const [kernel, expansion, channels, stride] of cfg) {
    if (stride === 2) stages.push([])
    stages.at(-1)!.push({ kernel, expansion, channels, stride })
  }
  let end = -1
  const ends = stages.map(({ length }) => (end += length)).slice(1)
  if (
    stages[0]!.length === 0 ||
    ends.length !== LEVELS ||
    ends.some((row, level) => row !== embed_idx[level])
  )
    throw invalid(
      `config.embed_idx: [${embed_idx}] are not the last rows before the next stride of 2, [${ends}]`,
    )
  const widths = embed_idx.map((row) => cfg[row]![2])
  if (widths.some((width, level) => width !== channels[level]))
    throw invalid(`config.channels: [${channels}], but these rows of cfg have [${widths}]`)
  return stages
}

function transformersOf({ key_dim, heads, attn, mlp, depths }: Config): readonly TransformerStage[] {
  const settings = { key_dim, heads, attn, mlp }
  const lists = Object.entries({ ...settings, depths }).flatMap(([name, of]) =>
    typeof of === 'number' ? [] : [{ name, length: of.length }],
  )
  const stages = lists[0]?.length ?? 1
  const other = lists.find(({ length }) => length !== stages)
  if (other !== undefined)
    throw invalid(`config.${other.name}: ${other.length} numbers, but ${lists[0]!.name} has ${stages}`)
  const at = (of: number | number[], stage: number) => (typeof of === 'number' ? of : of[stage]!)
  return Array.from({ length: stages }, (_, i) => ({
    heads: at(heads, i),
    keyDim: at(key_dim, i),
    attentionRatio: at(attn, i),
    mlpRatio: at(mlp, i),
    depth: at(depths, i),
  }))
}

const invalid = (what: string): TrellisError =>
  new TrellisError('invalid-genotype', `TopFormer: ${what}`, {
    fix: 'give {"config": {…}} with rows [kernel, expansion, channels, stride] in cfg, and stem, channels, outc, embed_idx, key_dim, heads, attn, mlp and depths of the released code',
  })

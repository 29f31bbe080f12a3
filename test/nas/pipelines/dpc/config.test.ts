import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configSchema } from '../../../../nas/pipelines/config.ts'
import { parseConfig } from '../../../../nas/pipelines/parse-config.ts'
import { applyOverrides } from '../../../../nas/runs/overrides.ts'
import { aConfig, minimal } from './example.ts'

const refusal = (raw: unknown): string => {
  try {
    parseConfig(raw, 'street.yaml')
  } catch (error) {
    expect(error).toMatchObject({ name: 'TrellisError', code: 'invalid-config', fix: expect.any(String) })
    return (error as Error).message
  }
  return 'accepted'
}

describe('a configuration', () => {
  it('needs only a pipeline, a dataset and a budget', () => {
    const config = aConfig()
    expect(config.search.strategy.kind).toBe('local')
    expect(config.space).toEqual({ branches: 5, filters: 256, pyramidPooling: 'grid' })
    expect(config.backbone).toHaveProperty('pretrain')
  })

  it('is a fixed point: what was validated validates to itself', () => {
    for (const config of [
      aConfig(),
      aConfig('backbone.weights=mobilenet.safetensors', 'rerank.seeds=[1, 2]'),
    ]) {
      expect(parseConfig(JSON.parse(JSON.stringify(config)), 'again')).toEqual(config)
    }
  })

  it('may have as many rounds as there are numbers for them', () => {
    expect(aConfig('budget.trials=20000', 'search.perRound=2').budget.trials).toBe(20_000)
  })

  it('describes every leaf key, so that its documentation can be made from it', () => {
    interface Node {
      readonly description?: string
      readonly properties?: Readonly<Record<string, Node>>
    }
    const silent = (node: Node, path: string): string[] =>
      Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
        child.properties ? silent(child, `${path}${key}.`) : child.description ? [] : [`${path}${key}`],
      )
    const { oneOf } = z.toJSONSchema(configSchema(), { io: 'input', unrepresentable: 'any' }) as {
      oneOf: Node[]
    }
    expect(oneOf.flatMap((pipeline) => silent(pipeline, ''))).toEqual([])
  })

  it.each([
    [{ ...minimal, proxi: {} }, 'street.yaml: unknown key proxi, did you mean proxy?'],
    [
      { ...minimal, dataset: { kind: 'street', heigth: 64 } },
      'unknown key dataset.heigth, did you mean height?',
    ],
    [
      { ...minimal, rerank: { baselines: { asp: true } } },
      'unknown key rerank.baselines.asp, did you mean aspp?',
    ],
    [
      { ...minimal, search: { strategy: { kind: 'evolution', popluation: 3 } } },
      'unknown key search.strategy.popluation, did you mean population?',
    ],
    [
      { ...minimal, space: { zzzzzz: 1 } },
      'unknown key space.zzzzzz; known here: branches, filters, pyramidPooling',
    ],
    [
      { ...minimal, dataset: { kind: 'streets' } },
      'dataset.kind is not one of folders, cityscapes, voc, street',
    ],
    [
      { ...minimal, dataset: { kind: ['street'] } },
      /dataset\.kind must be a name, as text: one of folders, cityscapes, voc, street$/,
    ],
    [{ ...minimal, dataset: {} }, 'dataset.kind is missing: name one of folders, cityscapes, voc, street'],
    [{ ...minimal, pipeline: 'dcp' }, /pipeline is not one of dpc, densenas, auto-fpn, topformer$/],
    [
      { ...minimal, pipeline: ['dpc'] },
      /pipeline must be a name, as text: one of dpc, densenas, auto-fpn, topformer$/,
    ],
    [{ ...minimal, pipeline: null }, 'pipeline must be a name, as text: one of dpc, densenas'],
    [{ dataset: minimal.dataset }, 'pipeline is missing: name one of dpc, densenas'],
    [{ ...minimal, budget: { trials: 0 } }, 'budget.trials: '],
    [{ ...minimal, budget: { usd: -1 } }, 'budget.usd: '],
    [{ ...minimal, rerank: { seeds: [0, 1, 0] } }, 'rerank.seeds: name each seed once'],
    [{ ...minimal, budget: {} }, 'budget: give at least one limit'],
    [{ ...minimal, budget: { usd: 3 } }, 'budget: dollars alone never stop a search on this computer'],
    [
      { ...minimal, budget: { trials: 20_001 }, search: { perRound: 2 } },
      'search.perRound: a search has at most 10000 rounds',
    ],
    [{ ...minimal, backbone: { weights: 'a', pretrain: {} } }, 'backbone: give either weights or pretrain'],
    [
      { ...minimal, backbone: { network: 'resnet-50', width: 0.5 } },
      'backbone.width: only mobilenet-v2 comes in other widths than 1: leave it out',
    ],
    [{ ...minimal, proxy: { steps: 1.5, batch: 'x' } }, /proxy\.steps: .*; proxy\.batch: /],
    [{ pipeline: 'dpc' }, 'dataset is missing; budget is missing'],
    [null, 'must be a section of keys, not null'],
  ])('refuses %j', (raw, message) => {
    expect(refusal(raw)).toMatch(message)
  })
})

describe('overrides', () => {
  it('set keys at any depth, with YAML values, and leave the original alone', () => {
    const config = aConfig('proxy.crop=[65, 97]', 'budget.hours=0.5', 'budget.trials=8', 'name=night')
    expect(config).toMatchObject({
      proxy: { crop: [65, 97] },
      budget: { hours: 0.5, trials: 8 },
      name: 'night',
    })
    expect(minimal.budget).toEqual({ trials: 12 })
  })

  it('of an unknown key are refused like one in the file', () => {
    expect(refusal(applyOverrides(minimal, ['proxy.stepz=3']))).toContain(
      'unknown key proxy.stepz, did you mean steps?',
    )
  })

  it.each(['steps', '=3', 'a..b=3', 'a=[1'])('refuses %j', (text) => {
    expect(() => applyOverrides(minimal, [text])).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(`--set ${text}`) }),
    )
  })
})

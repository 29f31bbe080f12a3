import { describe, expect, it } from 'vitest'
import { pipelines } from '../../../functions/index.ts'
import { machineName } from '../../../infra/machines/names.ts'
import { resources, sharedFunctions } from '../../../pipelines/shared.ts'

const definitions = pipelines.all().map(([, { definition }]) => definition)

describe('the names that definitions use', () => {
  it.each(definitions.map((each) => [each.name, each] as const))(
    'of %s stand for one thing each',
    (_, of) => {
      const names = [of.functions, of.jobs, of.machines, sharedFunctions]
        .flatMap(Object.keys)
        .concat(resources)
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
      const kinds = Object.values(of.jobs).map(({ kind }) => kind)
      expect(new Set(kinds).size).toBe(kinds.length)
    },
  )

  it('make different names of machines: the name of the pipeline for its search, with their own after it for others', () => {
    expect(machineName('auto-fpn', 'Search')).toBe('auto-fpn')
    expect(machineName('auto-fpn', 'FineTune')).toBe('auto-fpn-fine-tune')
    const all = definitions.flatMap(({ name, machines }) =>
      Object.keys(machines).map((machine) => machineName(name, machine)),
    )
    expect(new Set(all).size).toBe(all.length)
  })
})

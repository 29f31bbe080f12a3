import { describe, expect, it } from 'vitest'
import { pipelines } from '../../../functions/index.ts'
import { simulatedPipelines } from '../../../local/simulator/pipelines/index.ts'
import { product } from '../../../local/simulator/product.ts'
import { contracts } from '../../../nas/pipelines/index.ts'
import { memoryStore } from '../../functions/memory-store.ts'

const names = contracts.all().map(([name]) => name)

describe('the simulator', () => {
  it('knows every pipeline', () => {
    expect(simulatedPipelines.all().map(([name]) => name)).toEqual(names)
  })

  it.each(names)('does the work of all jobs of %s', (name) => {
    expect(Object.keys(simulatedPipelines.of(name).work).sort()).toEqual([...contracts.of(name).jobs].sort())
  })

  it.each(names)('executes every machine of %s that no other machine starts', (name) => {
    const machines = product.definition(name).machines
    expect(machines).toEqual(pipelines.of(name).definition.machines)
    const started = [...JSON.stringify(machines).matchAll(/"StateMachineArn":"\$\{(\w+)\}"/g)].map(
      ([, it]) => it,
    )
    const executed = ['Search', simulatedPipelines.of(name).revisions?.machine, ...started]
    expect(Object.keys(machines).filter((machine) => !executed.includes(machine))).toEqual([])
  })

  it.each(names)('has every function that the machines of %s call', (name) => {
    const machines = JSON.stringify(product.definition(name).machines)
    const called = [...machines.matchAll(/"FunctionName":"\$\{(\w+)\}"/g)].map(([, handler]) => handler!)
    const handlers = product.handlers(name, { store: memoryStore() })
    expect(called).toContain('Finalize')
    expect(called.filter((handler) => !(handler in handlers))).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { freeze } from '../../../nas/graph/freeze.ts'
import { convBn, depthwiseBn, type Network } from '../../../nas/nets/layers.ts'
import { initialise } from '../../../nas/training/initialise.ts'
import { engine, graphOf, noise, run } from '../nets/networks.ts'
import { difference } from './check-op.ts'

const network: Network = (context, x) =>
  convBn(context, 'second', depthwiseBn(context, 'first', x, { kernel: 3, activation: 'relu6' }), {
    channels: 8,
    activation: 'linear',
  })
const graph = graphOf(network, [2, 16, 5, 5], 'evaluation')
const weights = initialise(graph.parameters, 3)

test('a frozen network computes what the network computes with its weights', async () => {
  const inputs = { input: noise([2, 16, 5, 5]) }
  const frozen = freeze(graph, weights)
  const { output } = await run(graph, inputs, weights)
  expect(frozen.parameters.size).toBe(0)
  const program = await (await engine).compile(frozen)
  const alone = await program.run((await engine).state({}), inputs)
  await program.dispose()
  expect(difference(alone, { output })).toBeLessThan(1e-5)
})

test('names the parameter that has no value', () => {
  const { 'second/gamma': _, ...rest } = weights
  expect(() => freeze(graph, rest)).toThrow('parameter second/gamma of the network has no value')
})

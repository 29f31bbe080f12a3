import { search } from './search.ts'

/*
 * What Trellis itself does for a trial, in processor time: proposing it, starting it, its ledger entry, its result, ranking it
 * after every round. `tsx bench/orchestration.ts [rounds [trials …]]`; training takes no time, the store is memory.
 */

const [rounds = 5, ...sizes] = process.argv.slice(2).map(Number)

console.log(` trials   propose      job aggregate      all      MiB   (ms a trial, in ${rounds} rounds)`)
for (const trials of sizes.length > 0 ? sizes : [1000, 10_000, 28_000, 100_000]) {
  const { spent } = await search(trials, Math.ceil(trials / rounds))
  const { propose, job, aggregate } = spent
  const times = [propose, job, aggregate, propose + job + aggregate].map((ms) => (ms / trials).toFixed(3))
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20)
  console.log([trials, ...times, megabytes].map((cell) => String(cell).padStart(9)).join(''))
}

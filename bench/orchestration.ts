import { type Spent, search, total } from './search.ts'

/*
 * What Trellis itself does for a trial, in processor time: proposing it, starting it, its ledger entry, its result, ranking it
 * after every round. `tsx bench/orchestration.ts [rounds [trials …]]`; training takes no time, the store is memory. Below all
 * rounds: the quarters of them, and the one that took longest.
 */

const [rounds = 5, ...sizes] = process.argv.slice(2).map(Number)

const row = (name: string | number, { propose, job, aggregate }: Spent, trials: number, more = '') => {
  const times = [propose, job, aggregate, propose + job + aggregate].map((ms) => (ms / trials).toFixed(3))
  console.log([name, ...times].map((cell) => String(cell).padStart(9)).join('') + more)
}
const all = ({ propose, job, aggregate }: Spent) => propose + job + aggregate

console.log(` trials   propose      job aggregate      all      MiB   (ms a trial, in ${rounds} rounds)`)
for (const trials of sizes.length > 0 ? sizes : [1000, 10_000, 28_000, 100_000]) {
  const perRound = Math.ceil(trials / rounds)
  const each = (await search(trials, perRound)).rounds
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20)
  row(trials, total(each), trials, String(megabytes).padStart(9))
  // The last round may have fewer trials.
  const whole = each.slice(0, Math.floor(trials / perRound))
  for (let quarter = 0; quarter < 4 && whole.length >= 4; quarter++) {
    const [from, to] = [quarter, quarter + 1].map((n) => Math.floor((n * whole.length) / 4)) as [
      number,
      number,
    ]
    row(`${from + 1}-${to}`, total(whole.slice(from, to)), (to - from) * perRound)
  }
  const longest = whole.toSorted((a, b) => all(b) - all(a))[0]!
  row(`(${whole.indexOf(longest) + 1})`, longest, perRound)
}

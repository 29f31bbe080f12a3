import { writeFileSync } from 'node:fs'
import { runKeys } from '../nas/runs/keys.ts'
import { search, total } from './search.ts'

/*
 * A search in a single round: its aggregation and its report, in a process with the memory of a Lambda function.
 * `NODE_OPTIONS=--max-old-space-size=1769 tsx bench/aggregation.ts [trials [file of the report]]`; the store is memory.
 */

const [trials = '28000', file = 'report.html'] = process.argv.slice(2)
const { store, run, call, rounds } = await search(Number(trials), Number(trials))
console.log(
  `aggregation of ${trials} results: ${(total(rounds).aggregate / 1000).toFixed(2)} s of processor time`,
)

const begun = performance.now()
await call.Finalize({ run })
const report = await store.get(runKeys(run).report)
writeFileSync(file, report!)
console.log(
  `${file}: ${(report!.byteLength / 1e6).toFixed(2)} MB, drawn in ${((performance.now() - begun) / 1000).toFixed(2)} s`,
)
console.log(`peak memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`)
